/* The table of lines: finds and shows them. A cell shows the column's unit, rounded until it is edited. */
import { AMOUNTS, COLUMNS, isAmount, isMoney } from "./columns.js";
import { find, make, write } from "./dom.js";
import { Line, keyOfRow } from "./line.js";
import { formatChange, formatExact, formatIn, parseOre, withoutUnit } from "./numbers.js";
import { Texts } from "./texts.js";
/** @import { Column } from "./columns.js" */
/** @import { Unit } from "./numbers.js" */

export class Table {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.element = /** @type {HTMLTableElement} */ (find(section, "table.edit"));
    this.form = /** @type {HTMLFormElement} */ (find(section, "#g"));
    this.texts = new Texts(/** @type {HTMLTemplateElement} */ (find(section, "#grid-texts")));
    this.unit = /** @type {Unit} */ (this.form.dataset.unit);
    this.years = (this.form.dataset.years ?? "").split(",");
    this.headings = this.#readHeadings();
    this.isOfOneKind = Boolean(this.form.dataset.kind);
    /** @type {HTMLInputElement | null} */
    this.editing = null;
    /** @type {Map<string, Line>} */
    this.lines = new Map();
    /** @type {Map<string, string[]>} Lines that are other than when the budget was made or last went on, and which cells. */
    this.touched = new Map((this.form.dataset.touched ?? "").split(",").map((line) => line.split(" ")).map(([key, ...columns]) => [key, columns]));
    for (const row of this.rows()) this.adopt(row);
  }

  rows() {
    return /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("tr.line"));
  }

  /**
   * A row that the server has drawn, of a line that may be known.
   * @param {HTMLElement} row
   * @param {Line} [known]
   */
  adopt(row, known) {
    const line = known ?? new Line(row);
    known?.bind(row);
    this.lines.set(line.key, line);
    line.showEdited(this.touched.get(line.key));
    for (const control of [...row.querySelectorAll("input"), ...row.querySelectorAll("a")]) control.tabIndex = -1;
    line.inputs.cost_kind.setAttribute("list", "cost-kinds");
    this.label(line);
    const more = make("button", { type: "button", className: "row-act", tabIndex: -1, textContent: "⋯" });
    more.dataset.menu = "";
    more.setAttribute("aria-label", this.texts.say("actions", { text: line.saved.text }));
    more.setAttribute("aria-haspopup", "true");
    more.dataset.rests = row.querySelector("a[data-rests]")?.getAttribute("href") ?? "";
    row.lastElementChild?.replaceChildren(more); // its menu has the link too
    if (this.unit !== "kr") for (const column of AMOUNTS) this.show(line, column);
    return line;
  }

  /** @param {Element | null | undefined} element */
  lineOf(element) {
    const row = element?.closest("tr.line");
    return row ? this.lines.get(keyOfRow(row)) : undefined;
  }

  /** @param {string} product */
  body(product) {
    return [...this.element.tBodies].find((body) => body.dataset.product === product);
  }

  /** @param {string} product */
  productName(product) {
    return this.body(product)?.querySelector(".twist")?.textContent ?? "";
  }

  /** The products shown, by name. */
  products() {
    const bodies = [...this.element.tBodies].flatMap(({ dataset }) => dataset.product ?? []);
    return new Map(bodies.map((product) => [this.productName(product), product]));
  }

  /**
   * The keys of a product's lines, in order.
   * @param {string} product
   */
  order(product) {
    return Array.from(this.body(product)?.querySelectorAll("tr.line") ?? [], keyOfRow);
  }

  /**
   * What a line is called outside its product: many products have a line of the same text.
   * @param {Line} line
   */
  name(line) {
    const product = line.row.closest("tbody")?.dataset.product;
    return [product && this.productName(product), line.text("text")].filter(Boolean).join(", ");
  }

  /**
   * What a cell is called outside its product.
   * @param {Line} line
   * @param {Column} column
   */
  place(line, column) {
    return `${this.name(line)}, ${this.heading(column)}`;
  }

  #readHeadings() {
    const heads = /** @type {NodeListOf<HTMLElement>} */ (this.element.tHead?.querySelectorAll("[data-column]"));
    const words = Array.from(heads, (head) => [head.dataset.column, head.textContent?.trim()]);
    const years = AMOUNTS.map((column, year) => [column, this.years[year]]);
    return /** @type {Record<Column, string>} */ (Object.fromEntries([...words, ...years]));
  }

  /** @param {Column} column */
  heading(column) {
    return this.headings[column];
  }

  /**
   * What a number in the column means, and is shown in; nothing where it is no amount.
   * @param {Column} column
   * @returns {Unit}
   */
  unitOf(column) {
    if (isAmount(column)) return this.unit;
    return isMoney(column) ? "kr" : "";
  }

  /**
   * @param {Line} line
   * @param {Column} column
   */
  show(line, column) {
    const input = line.inputs[column];
    if (this.editing === input) return;
    const shown = this.#format(line, column, formatIn);
    if (input.value !== shown) input.value = shown;
  }

  /**
   * What stands in a cell that is edited: typed again unchanged, it is the same amount.
   * @param {Line} line
   * @param {Column} column
   */
  exact(line, column) {
    return this.#format(line, column, formatExact);
  }

  /**
   * @param {Line} line
   * @param {Column} column
   * @param {(ore: bigint, unit: Unit) => string} format
   */
  #format(line, column, format) {
    const [text, unit] = [line.text(column), this.unitOf(column)];
    if (!unit || text.trim() === "") return text;
    const ore = parseOre(text);
    return ore === null ? withoutUnit(text, unit) : format(ore, unit);
  }

  /** @param {Line} line */
  showLine(line) {
    for (const column of COLUMNS) this.show(line, column);
    if (line.earlier !== null && line.change) write(line.change, formatChange(line.amounts()[0] - line.earlier, this.unit));
    line.row.classList.toggle("unsaved", line.isUnsaved);
  }

  /**
   * The names of a line's cells, read in their product: "text, Licence" and "Licence, 2027".
   * @param {Line} line
   */
  label(line) {
    for (const column of COLUMNS) {
      const name = column === "text" ? this.texts.say("textOf", { text: line.text("text") }) : `${line.text("text")}, ${this.heading(column)}`;
      line.inputs[column].setAttribute("aria-label", name);
    }
  }
}
