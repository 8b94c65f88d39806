/* Which lines are shown: products fold, which the browser remembers; lines are found by their text, or chosen as those that
   are changed or to correct. */
import { WORDS } from "./columns.js";
import { find, make, makeIcon, write } from "./dom.js";
import { announce, sayNumber } from "./texts.js";
import { hasAll, splitWords } from "./words.js";
/** @import { Cursor } from "./cursor.js" */
/** @import { LaterRows } from "./later.js" */
/** @import { Line } from "./line.js" */
/** @import { Table } from "./table.js" */

/** @typedef {"all" | "changed" | "wrong"} Choice */
/** @typedef {HTMLTableSectionElement} Body The rows of a product. */

export class Finder {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {LaterRows} parts.later
   * @param {Cursor} parts.cursor
   * @param {() => void} shown Called when other lines are shown.
   */
  constructor({ table, later, cursor }, shown) {
    this.table = table;
    this.later = later;
    this.cursor = cursor;
    this.shownAnew = shown;
    this.loaded = new Map([...table.lines.values()].map(({ key, seen }) => [key, seen]));
    // Lines that a choice leaves out. It is made once, so that a line stays while it is corrected.
    /** @type {Set<string>} */
    this.left = new Set();
    /** @type {Choice} */
    this.choice = "all";
    this.buttons = /** @type {HTMLElement[]} */ ([...table.section.querySelectorAll("[data-show]")]);
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(/** @type {Choice} */ (button.dataset.show)));
    this.key = `folded ${new URL(table.form.action).pathname}`;
    /** @type {Set<string>} */
    this.folded = new Set(JSON.parse(localStorage.getItem(this.key) ?? "[]"));
    this.field = /** @type {HTMLInputElement} */ (find(table.section, "#grid-filter"));
    this.field.addEventListener("input", () => this.#showAnew());
    for (const body of this.#bodies()) this.#addButton(body);
    this.#show();
  }

  /** Whether lines are hidden by their text or by a choice. */
  get isFiltering() {
    return this.#sought.length > 0 || this.choice !== "all";
  }

  /** Whether the sub-budget has lines that are not shown, folded products apart. */
  get isHiding() {
    return this.isFiltering || this.table.isOfOneKind;
  }

  /** The lines that are not hidden, also in folded products. */
  shown() {
    const sought = this.#sought;
    return [...this.table.lines.values()].filter((line) => this.#fits(line, sought));
  }

  /** @param {Choice} choice */
  choose(choice) {
    this.choice = choice;
    const lines = [...this.table.lines.values()];
    this.left = new Set(lines.filter((line) => !this.#isMeant(line, choice)).map(({ key }) => key));
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.show === choice));
    this.#showAnew();
  }

  /* How many lines each choice has now. */
  count() {
    const lines = [...this.table.lines.values()];
    for (const button of this.buttons) {
      const choice = /** @type {Choice} */ (button.dataset.show);
      write(find(button, "span"), sayNumber(lines.filter((line) => this.#isMeant(line, choice)).length));
    }
  }

  /**
   * @param {Line} line
   * @param {Choice} choice
   */
  #isMeant(line, choice) {
    if (choice === "wrong") return line.kept.size > 0;
    return choice === "all" || this.table.touched.has(line.key) || line.isUnsaved || this.loaded.get(line.key) !== line.seen;
  }

  #showAnew() {
    this.later.show();
    announce(this.table.texts.say("shown", { count: this.#show() }));
    this.shownAnew();
  }

  /**
   * @param {Line} line
   * @param {string[]} sought
   */
  #fits(line, sought) {
    if (this.left.has(line.key)) return false;
    return !sought.length || hasAll(sought, [this.table.productName(line.product), ...WORDS.map((column) => line.text(column))]);
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
    name.replaceWith(button);
    button.append(makeIcon("right"), name);
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

  /**
   * A line that is not shown is: all of them are, and its product opens.
   * @param {Line} line
   */
  reveal(line) {
    this.field.value = "";
    this.folded.delete(line.product);
    this.choose("all");
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
    const { isFiltering } = this;
    const isFolded = this.folded.has(body.dataset.product ?? "") && !isFiltering;
    find(body, ".twist").setAttribute("aria-expanded", String(!isFolded));
    let count = 0;
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("tr.line"))) {
      const line = this.table.lineOf(row);
      const isFound = !line || this.#fits(line, sought);
      row.hidden = isFolded || !isFound;
      const message = document.getElementById(`msg-${line?.key}`);
      if (message) message.hidden = row.hidden;
      count += isFound ? 1 : 0;
    }
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("tr.none, tr.gone"))) {
      row.hidden = isFolded || isFiltering;
    }
    body.rows[0].hidden = isFiltering && !count;
    return count;
  }
}
