/* A new sum typed on a product's or the sub-budget's total: it is written in place, and a dialog shows how it is spread. */
import { find, make } from "./dom.js";
import { formatExact, inUnit, parseOre } from "./numbers.js";
import { showUnit, hideUnit } from "./units.js";
/** @import { Finder } from "./find.js" */
/** @import { ManyDialog } from "./many.js" */
/** @import { Table } from "./table.js" */

export class Spreading {
  /**
   * @param {{ table: Table, finder: Finder }} parts
   * @param {ManyDialog} many
   */
  constructor({ table, finder }, many) {
    this.table = table;
    this.finder = finder;
    this.many = many;
    this.address = table.form.dataset.spread ?? "";
    const rows = [...table.element.tBodies].filter((body) => body.dataset.product).map((body) => body.rows[0]);
    for (const row of [...rows, /** @type {HTMLTableRowElement} */ (table.element.tFoot?.rows[0])]) this.#addButtons(row);
  }

  /** @param {HTMLTableRowElement} row */
  #addButtons(row) {
    const name = row.matches(".grp") ? find(row, ".twist").textContent : row.cells[0].textContent;
    const cells = [.../** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("td.n"))].slice(0, 3);
    cells.forEach((cell, year) => {
      const sum = make("button", { type: "button", className: "sum-act", tabIndex: -1, textContent: cell.textContent });
      sum.setAttribute("aria-describedby", "grid-spread-help");
      sum.dataset.place = `${name?.trim()}, ${this.table.years[year]}`;
      sum.addEventListener("click", () => this.write(sum));
      cell.replaceChildren(sum);
    });
  }

  /**
   * Puts an input in place of a sum; the key that was pressed goes into it.
   * @param {HTMLElement} sum
   */
  write(sum) {
    const ore = parseOre(`${sum.textContent} ${this.table.unit}`);
    const value = ore === null ? "" : formatExact(ore, this.table.unit);
    const input = document.createElement("input");
    input.className = "cell sum-input";
    input.autocomplete = "off";
    input.defaultValue = value;
    input.setAttribute("aria-label", sum.dataset.place ?? "");
    input.addEventListener("keydown", (event) => pressed(event, input, sum));
    input.addEventListener("blur", () => this.#end(input, sum), { once: true });
    sum.hidden = true;
    sum.after(input);
    sum.parentElement?.classList.add("in");
    showUnit(input, this.table.unit);
    input.focus();
    input.select();
  }

  /**
   * @param {HTMLInputElement} input
   * @param {HTMLElement} sum
   */
  #end(input, sum) {
    const typed = input.value.trim();
    hideUnit(input);
    input.remove();
    sum.parentElement?.classList.remove("in");
    sum.hidden = false;
    if (typed && typed !== input.defaultValue) this.#ask(sum, inUnit(typed, this.table.unit));
  }

  /**
   * @param {HTMLElement} sum
   * @param {string} total
   */
  #ask(sum, total) {
    const cell = /** @type {HTMLTableCellElement} */ (sum.closest("td"));
    const row = /** @type {HTMLTableRowElement} */ (cell.closest("tr"));
    const year = [...row.querySelectorAll("td.n")].indexOf(cell);
    const scope = row.closest("tbody")?.dataset.product ?? "all";
    const visible = this.finder.isHiding ? this.finder.shown().map(({ key }) => key).join(",") : "";
    this.many.show("POST", this.address, { scope, year: String(year), total, how: "proportion", visible, preview: "1" });
  }
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} input
 * @param {HTMLElement} sum
 */
function pressed(event, input, sum) {
  event.stopPropagation();
  if (event.key !== "Escape" && event.key !== "Enter") return;
  event.preventDefault();
  if (event.key === "Escape") input.value = input.defaultValue;
  sum.hidden = false;
  sum.focus();
}
