/* The cells of the table of hours: what is typed in them, what is saved, and what stands against it. */
import { find, make, makeIcon, write } from "../grid/dom.js";
/** @import { Texts } from "../grid/texts.js" */

/** @typedef {{ pool: string, to: string, typed: string, was: string }} TypedCell */
/** @typedef {{ pool: string, to: string, typed: string, reason: string, stored: string }} RefusedCell */

export class Cells {
  /**
   * @param {HTMLElement} section
   * @param {HTMLTableElement} table
   * @param {Texts} texts
   */
  constructor(section, table, texts) {
    this.section = section;
    this.table = table;
    this.texts = texts;
    this.pools = /** @type {HTMLElement[]} */ ([...table.querySelectorAll("th[data-pool]")]).map((head) => head.dataset.pool ?? "");
    // What the server holds, by input; and what was refused.
    /** @type {Map<HTMLInputElement, string>} */
    this.saved = new Map();
    for (const input of this.inputs()) this.saved.set(input, input.defaultValue);
    /** @type {Map<HTMLInputElement, HTMLElement>} */
    this.bad = new Map();
  }

  inputs() {
    return /** @type {HTMLInputElement[]} */ ([...this.table.querySelectorAll("input.cell")]);
  }

  /** @param {HTMLInputElement} input */
  #place(input) {
    const [, column] = input.name.split(":").map(Number);
    return { row: /** @type {HTMLElement} */ (input.closest("tr")), column: column - 1 };
  }

  /** @param {HTMLInputElement} input */
  nameOf(input) {
    const { row, column } = this.#place(input);
    const head = this.table.querySelector(`#p${column + 1} a, #p${column + 1} b`);
    return `${row.querySelector(".line-text")?.textContent ?? ""}, ${head?.textContent ?? ""}`;
  }

  /**
   * The cell of a row and pool, or undefined where it is gone.
   * @param {string} to
   * @param {string} pool
   */
  find(to, pool) {
    const row = this.table.querySelector(`tr[data-row="${CSS.escape(to)}"]`);
    const column = this.pools.indexOf(pool) + 1;
    return /** @type {HTMLInputElement | null} */ (row?.querySelector(`input[name$=":${column}"]`) ?? null);
  }

  /**
   * Cells that differ from what is saved, as they are sent.
   * @param {HTMLInputElement[]} inputs
   * @returns {TypedCell[]}
   */
  take(inputs) {
    return inputs.filter((input) => input.value.trim() !== this.saved.get(input) || this.bad.has(input)).map((input) => {
      const { row, column } = this.#place(input);
      this.clear(input);
      const was = this.saved.get(input) ?? "";
      // What is sent is no longer being written: the answer may put another text in its place.
      this.saved.set(input, input.value.trim());
      return { pool: this.pools[column], to: row.dataset.row ?? "", typed: input.value, was };
    });
  }

  /**
   * What the server holds now; a cell that is written in, or waits to be sent, stays as it is.
   * @param {Record<string, (string | null)[]>} stored
   * @param {(input: HTMLInputElement) => boolean} isWaiting
   */
  show(stored, isWaiting) {
    for (const input of this.inputs()) {
      const { row, column } = this.#place(input);
      const text = stored[row.dataset.row ?? ""]?.[column] ?? "";
      const isOwn = isWaiting(input) || this.bad.has(input) || (document.activeElement === input && input.value !== this.saved.get(input));
      this.saved.set(input, text);
      if (!isOwn && input.value !== text) input.value = text;
    }
  }

  /** @param {Record<string, string>} figures */
  showFigures(figures) {
    for (const cell of /** @type {NodeListOf<HTMLElement>} */ (this.table.querySelectorAll("[data-f]"))) {
      const text = figures[cell.dataset.f ?? ""];
      if (text !== undefined) write(cell.firstElementChild ?? cell, text);
    }
  }

  /**
   * A cell that can't be saved says why, below its row.
   * @param {RefusedCell} cell
   */
  refuse(cell) {
    const input = this.find(cell.to, cell.pool);
    if (!input) return;
    this.clear(input);
    const id = `msg-${input.id}`;
    const words = make("span", { id });
    const stored = this.texts.say("stored", { stored: cell.stored || this.texts.say("nothing") });
    words.append(make("b", { textContent: `${this.nameOf(input)}: ` }), cell.reason, " ", make("span", { className: "muted", textContent: stored }));
    const box = make("div", {}, makeIcon("bad"), words);
    const row = make("tr", { className: "cell-msg is-bad" }, make("td", { colSpan: this.table.tHead?.rows[0].cells.length ?? 1 }, box));
    input.closest("tr")?.after(row);
    input.closest("td")?.classList.add("bad");
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", id);
    this.bad.set(input, row);
    this.#count();
  }

  /** @param {HTMLInputElement} input */
  clear(input) {
    this.bad.get(input)?.remove();
    this.bad.delete(input);
    input.closest("td")?.classList.remove("bad");
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    this.#count();
  }

  /** @param {HTMLInputElement} input */
  takeBack(input) {
    input.value = this.saved.get(input) ?? "";
    this.clear(input);
  }

  #count() {
    const counter = this.section.querySelector("[data-bad-count]");
    if (counter) write(counter, String(this.bad.size));
  }

  /**
   * Says which cell one stands in.
   * @param {HTMLInputElement} input
   */
  tell(input) {
    write(find(this.section, "[data-cell-place]"), `${this.texts.say("selected")}: ${this.nameOf(input)}`);
  }
}
