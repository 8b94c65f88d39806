/* A line: its cells with what is saved and what is typed, and what follows from that. Its inputs hold kronor as the server
   wrote them; what is typed has its unit with it. */
import { AMOUNTS, COLUMNS, FACTORS, FIGURES, TIED, isMoney, isTied } from "./columns.js";
import { settle } from "./lines.js";
import { formatSek, parseOre, parseQuantity } from "./numbers.js";
/** @import { Cells, Opened } from "./changes.js" */
/** @import { Column } from "./columns.js" */

/** @typedef {{ seen: string, cells: string[], source: string, closed: boolean, words?: string }} StoredLine As the server tells it. */

const PREFIX = "line-";

/** @param {Element} row */
export const keyOfRow = (row) => row.id.slice(PREFIX.length);
/** @param {string} key */
export const rowOfKey = (key) => document.getElementById(PREFIX + key);

/** @param {string | undefined} text */
export const toOre = (text) => (text === "" || text === undefined ? null : BigInt(text));

/**
 * @param {HTMLElement} row
 * @returns {Record<Column, HTMLInputElement>}
 */
function inputsOf(row) {
  const inputs = row.querySelectorAll("input");
  return /** @type {Record<Column, HTMLInputElement>} */ (Object.fromEntries(Array.from(inputs, (input) => [columnOf(input), input])));
}

/**
 * An input is named `number:column`, and only a form without this script knows the numbers.
 * @param {HTMLInputElement} input
 */
export const columnOf = (input) => /** @type {Column} */ (input.name.slice(input.name.indexOf(":") + 1));

/**
 * @param {(column: Column) => string} textOf
 * @returns {Record<Column, string>}
 */
const byColumn = (textOf) => /** @type {Record<Column, string>} */ (Object.fromEntries(COLUMNS.map((column) => [column, textOf(column)])));

export class Line {
  /** @param {HTMLElement} row */
  constructor(row) {
    this.key = keyOfRow(row);
    /** @type {Map<Column, string>} */
    this.typed = new Map();
    // Typed cells that are not on their way: refused, or waiting for another. With what their author saw.
    /** @type {Map<Column, Opened>} */
    this.kept = new Map();
    // Amounts that somebody has answered for, by their cells.
    /** @type {Map<Column, bigint>} */
    this.answered = new Map();
    /** @type {bigint[] | null} */
    this.figures = null;
    /** @type {string | null} */
    this.source = null;
    this.row = row;
    this.inputs = inputsOf(row);
    this.saved = byColumn((column) => this.inputs[column].defaultValue);
    // What was saved when the page was read, and which cells were changed before.
    this.first = this.saved;
    /** @type {ReadonlySet<string>} */
    this.touched = new Set();
    this.product = row.closest("tbody")?.dataset.product ?? "";
    this.seen = row.dataset.seen ?? "";
    this.earlier = toOre(row.dataset.earlier);
  }

  /**
   * What the server has drawn anew; what is typed stays.
   * @param {HTMLElement} row
   */
  bind(row) {
    const { inputs, saved, product, seen, earlier } = new Line(row);
    Object.assign(this, { row, inputs, saved, product, seen, earlier, source: null, figures: null });
  }

  get change() {
    return this.inputs.note.parentElement?.previousElementSibling;
  }

  /** Whether its figures are calculated, or a copy that is not this person's to change. */
  get isClosed() {
    return this.inputs.cost_kind.readOnly;
  }

  get isUnsaved() {
    return this.typed.size > 0;
  }

  /**
   * What counts now: typed, or what follows from quantity and price, or saved.
   * @param {Column} column
   */
  text(column) {
    const typed = this.typed.get(column);
    if (typed !== undefined) return typed;
    const product = column === "amount_1_ore" && FACTORS.some((factor) => this.typed.has(factor)) ? this.workOut() : null;
    return product === null ? this.saved[column] : formatSek(product);
  }

  workOut() {
    const [quantity, price] = FACTORS.map((factor) => this.typed.get(factor) ?? this.saved[factor]);
    const typed = { quantity: parseQuantity(quantity), unit_price_ore: parseOre(price) };
    if (!typed.quantity || typed.unit_price_ore === null) return null;
    const settled = settle({ quantity: null, unit_price_ore: null, amount_1_ore: 0n }, typed);
    return settled.values?.amount_1_ore ?? null;
  }

  /** @param {Column} column */
  ore(column) {
    const text = this.text(column);
    const ore = text.trim() === "" ? 0n : parseOre(text);
    return ore ?? parseOre(this.saved[column]) ?? 0n;
  }

  /** The three years. */
  amounts() {
    this.figures ??= AMOUNTS.map((column) => this.ore(column));
    return this.figures;
  }

  /**
   * Whether a text means what the cell holds already.
   * @param {Column} column
   * @param {string} text
   */
  holds(column, text) {
    const held = this.text(column);
    if (text === held || !isMoney(column)) return text === held;
    const ore = parseOre(text);
    return ore !== null && ore === parseOre(held);
  }

  /**
   * @param {Column} column
   * @param {string | null} text Null goes back to what is saved.
   */
  set(column, text) {
    this.figures = null;
    if (text !== null) this.typed.set(column, text);
    else {
      this.typed.delete(column);
      this.kept.delete(column);
    }
  }

  /**
   * @param {Column} column
   * @param {Opened} opened
   */
  keep(column, { seen, was }) {
    if (this.typed.has(column)) this.kept.set(column, { seen, was });
  }

  /**
   * What stood in some cells, and in those they belong with, so that the server sees what their author saw.
   * @param {Column[]} columns
   * @returns {Cells}
   */
  was(columns) {
    const all = columns.some(isTied) ? new Set([...columns, ...TIED]) : columns;
    return Object.fromEntries([...all].map((column) => [column, this.text(column)]));
  }

  /**
   * Marks the cells that are other than when the budget was made or last went on.
   * @param {string[]} [touched] Those that were so when the page was read.
   */
  showEdited(touched) {
    if (touched) this.touched = new Set(touched);
    for (const column of COLUMNS) {
      const isEdited = this.touched.has(column) || this.saved[column] !== this.first[column];
      this.inputs[column].parentElement?.classList.toggle("edited", isEdited);
    }
  }

  /** @param {StoredLine} stored */
  store(stored) {
    if (stored.seen < this.seen) return; // asked for before the last save
    this.seen = stored.seen;
    this.saved = byColumn((column) => stored.cells[COLUMNS.indexOf(column)]);
    this.figures = null;
    for (const column of FIGURES) this.inputs[column].readOnly = stored.closed;
    this.row.classList.toggle("fixed", stored.closed);
    this.showEdited();
    if (stored.source === this.source) return;
    this.source = stored.source;
    this.row.querySelector(".sign")?.remove();
    this.inputs.cost_kind.insertAdjacentHTML("beforebegin", stored.source);
  }
}
