/* The line below the table: where one stands, the exact amount there, and a text that its cell cuts, in full. */
import { isMoney } from "./columns.js";
import { elementOf, find, write } from "./dom.js";
import { formatSek, parseOre } from "./numbers.js";
/** @import { Place } from "./cursor.js" */
/** @import { Table } from "./table.js" */

export class Bar {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    this.element = find(table.section, "[data-grid-cell]");
    this.whole = find(table.section, "[data-grid-whole]");
    this.isPressed = false;
    table.element.addEventListener("mouseover", (event) => tellPointed(elementOf(event.target)));
    table.element.addEventListener("mousedown", () => {
      this.isPressed = true;
      document.addEventListener("mouseup", () => { this.isPressed = false; }, { once: true });
    }, true);
    table.element.addEventListener("focusout", () => this.#show(""));
  }

  /** @param {string} words */
  say(words) {
    this.element.textContent = words;
    this.#show("");
  }

  /**
   * The line grows by what it tells, and the table's sums stay above it.
   * @param {string} text
   */
  #show(text) {
    if (this.whole.textContent === text) return;
    write(this.whole, text);
    const foot = /** @type {HTMLElement} */ (this.whole.parentElement);
    this.table.section.style.setProperty("--foot-height", `${foot.offsetHeight}px`);
    if (text) this.#uncover(foot);
  }

  /**
   * Shows the cell again that the grown line covers; not under a pressed pointer, which would choose what comes there.
   * @param {HTMLElement} foot
   */
  #uncover(foot) {
    const cell = document.activeElement;
    if (!cell || cell.getBoundingClientRect().bottom <= foot.getBoundingClientRect().top) return;
    const reveal = () => cell.scrollIntoView({ block: "nearest" });
    if (this.isPressed) document.addEventListener("mouseup", reveal, { once: true });
    else reveal();
  }

  /** @param {Place} place */
  tell({ line, column }) {
    const place = this.table.place(line, column);
    const ore = isMoney(column) ? parseOre(line.text(column)) : null;
    this.say(ore === null ? place : this.table.texts.say("kronor", { place, amount: formatSek(ore) }));
    const input = line.inputs[column];
    this.#show(this.table.editing !== input && isCut(input) ? input.value : "");
  }
}

/**
 * Whether a cell is too small for what stands in it.
 * @param {Element | null} cell
 * @returns {cell is HTMLInputElement}
 */
const isCut = (cell) => cell instanceof HTMLInputElement && cell.scrollWidth > cell.clientWidth;

/**
 * Who points at a cut text reads it too.
 * @param {Element | null} cell
 */
function tellPointed(cell) {
  if (isCut(cell)) cell.title = cell.value;
  else cell?.closest(".line input")?.removeAttribute("title");
}
