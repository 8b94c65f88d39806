/* Products fold, which the browser remembers, and lines are found by their text. */
import { WORDS } from "./columns.js";
import { find, make } from "./dom.js";
import { announce } from "./texts.js";
import { hasAll, splitWords } from "./words.js";
/** @import { Cursor } from "./cursor.js" */
/** @import { LaterRows } from "./later.js" */
/** @import { Table } from "./table.js" */

/** @typedef {HTMLTableSectionElement} Body The rows of a product. */

export class Finder {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {LaterRows} parts.later
   * @param {Cursor} parts.cursor
   */
  constructor({ table, later, cursor }) {
    this.table = table;
    this.cursor = cursor;
    this.key = `folded ${new URL(table.form.action).pathname}`;
    /** @type {Set<string>} */
    this.folded = new Set(JSON.parse(localStorage.getItem(this.key) ?? "[]"));
    this.field = /** @type {HTMLInputElement} */ (find(table.section, "#grid-filter"));
    this.field.addEventListener("input", () => {
      later.show();
      announce(table.texts.say("shown", { count: this.#show() }));
    });
    for (const body of this.#bodies()) this.#addButton(body);
    this.#show();
  }

  get isFiltering() {
    return this.#sought.length > 0;
  }

  get #sought() {
    return splitWords(this.field.value);
  }

  #bodies() {
    return [...this.table.element.tBodies].filter((body) => body.dataset.product);
  }

  /** @param {Body} body */
  #addButton(body) {
    const name = find(body, "[data-name]");
    const button = make("button", { type: "button", className: "twist", tabIndex: -1 });
    button.innerHTML = '<svg class="icon" aria-hidden="true"><use/></svg>';
    const icons = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0];
    button.querySelector("use")?.setAttribute("href", `${icons}#i-right`);
    button.append(name.textContent ?? "");
    name.replaceWith(button);
    button.addEventListener("click", () => this.#fold(body.dataset.product ?? ""));
    body.rows[0].querySelectorAll("a").forEach((link) => { link.tabIndex = -1; });
  }

  /** @param {string} product */
  #fold(product) {
    if (!this.folded.delete(product)) this.folded.add(product);
    this.#remember();
  }

  #remember() {
    localStorage.setItem(this.key, JSON.stringify([...this.folded]));
    this.#show();
  }

  /**
   * What comes into a folded product is seen: it opens.
   * @param {{ product: string }[]} rows
   */
  unfold(rows) {
    const opened = rows.filter(({ product }) => this.folded.delete(product));
    if (opened.length) this.#remember();
  }

  /* Hides and shows lines, and products without any while something is sought. Returns how many lines fit. */
  #show() {
    const sought = this.#sought;
    const count = this.#bodies().reduce((sum, body) => sum + this.#showBody(body, sought), 0);
    this.cursor.anchor();
    return count;
  }

  /**
   * @param {Body} body
   * @param {string[]} sought
   */
  #showBody(body, sought) {
    const isFolded = this.folded.has(body.dataset.product ?? "") && !sought.length;
    const twist = find(body, ".twist");
    twist.setAttribute("aria-expanded", String(!isFolded));
    let count = 0;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("tr.line"))) {
      const line = this.table.lineOf(row);
      const isFound = !sought.length || hasAll(sought, [twist.textContent ?? "", ...WORDS.map((column) => line?.text(column) ?? "")]);
      row.hidden = isFolded || !isFound;
      count += isFound ? 1 : 0;
    }
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("tr.none, tr.gone"))) {
      row.hidden = isFolded || sought.length > 0;
    }
    body.rows[0].hidden = sought.length > 0 && !count;
    return count;
  }
}
