/* Lines as rows: adding, copying, moving and deleting them, and putting rows where the server says. */
import { newKey } from "./changes.js";
import { keyOfRow, rowOfKey } from "./line.js";
/** @import { Change } from "./changes.js" */
/** @import { Line } from "./line.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Answer, DrawnRow } from "./requests.js" */
/** @import { Table } from "./table.js" */

/**
 * A line's rows: its message, the form that may be open below it, and itself.
 * @param {string} key
 */
const rowsOfLine = (key) => [`msg-${key}`, `form-${key}`, `line-${key}`].flatMap((id) => document.getElementById(id) ?? []);

export class Rows {
  /**
   * @param {Table} table
   * @param {Marks} marks
   * @param {(change: Change) => void} push
   */
  constructor(table, marks, push) {
    this.table = table;
    this.marks = marks;
    this.push = push;
    // The line to go to once the server has answered.
    /** @type {string | undefined} */
    this.goTo = undefined;
  }

  /**
   * Below the last line of a product.
   * @param {string} product
   */
  addLast(product) {
    this.#add({ product, after: this.table.order(product).at(-1) ?? null }, "add");
  }

  /** @param {Line} line */
  addBelow(line) {
    this.#add({ product: line.product, after: line.key }, "add");
  }

  /** @param {Line} line */
  copy(line) {
    this.#add({ product: line.product, after: line.key }, "copy");
  }

  /**
   * @param {{ product: string, after: string | null }} place
   * @param {"add" | "copy"} action
   */
  #add({ product, after }, action) {
    const line = newKey();
    this.goTo = line;
    this.push({ action, added: [{ line, product, after, copy_of: action === "copy" ? after : null }] });
  }

  /**
   * @param {Line} line
   * @param {number} by Lines up or down.
   */
  step(line, by) {
    const order = this.table.order(line.product);
    const from = order.indexOf(line.key);
    const to = from + by;
    if (to < 0 || to >= order.length) return;
    order.splice(from, 1);
    this.#move(line, line.product, order[to - 1] ?? null);
  }

  /**
   * @param {Line} line
   * @param {string} product
   */
  moveTo(line, product) {
    this.#move(line, product, this.table.order(product).at(-1) ?? null);
  }

  /**
   * @param {Line} line
   * @param {string} product
   * @param {string | null} after
   */
  #move(line, product, after) {
    this.goTo = line.key;
    this.push({ action: "move", moved: [{ line: line.key, product, after }] });
  }

  /** @param {Line} line */
  delete(line) {
    this.push({ action: "delete", deleted: [{ line: line.key, seen: line.seen }] });
  }

  /**
   * Rows with a new place, in the server's order, and rows that are gone. Returns whether all of them have a place here.
   * @param {Pick<Answer, "rows" | "places" | "gone">} answer
   */
  place({ rows, places, gone }) {
    for (const key of gone) this.remove(key);
    // A product that a filter hides has no place here.
    const isWhole = [...rows.map(({ product }) => product), ...Object.keys(places)].every((product) => this.table.body(product));
    if (isWhole) {
      for (const row of rows) this.#draw(row);
      for (const [product, order] of Object.entries(places)) this.#arrange(product, order);
    }
    this.#focus();
    return isWhole;
  }

  /** @param {DrawnRow} row */
  #draw({ line: key, product, html }) {
    const known = this.table.lines.get(key);
    this.remove(key);
    const body = this.table.body(product);
    const holder = document.createElement("template");
    holder.innerHTML = html;
    body?.querySelector("tr.none")?.remove();
    const drawn = /** @type {HTMLElement[]} */ ([...holder.content.children]);
    body?.append(...drawn);
    const line = this.table.adopt(drawn[0], known);
    this.table.showLine(line);
    this.marks.redraw(line);
  }

  /**
   * From the last to the first, and a row that stands right is not touched: it may be where somebody writes.
   * @param {string} product
   * @param {string[]} order
   */
  #arrange(product, order) {
    const body = this.table.body(product);
    /** @type {Element | null} */
    let next = body?.querySelector("tr.gone") ?? document.getElementById(`form-${product}`);
    for (const key of [...order].reverse()) {
      for (const row of rowsOfLine(key)) {
        if (row.nextElementSibling !== next) body?.insertBefore(row, next);
        next = row;
      }
    }
  }

  /** @param {string} key */
  remove(key) {
    const row = rowOfKey(key);
    if (row?.contains(document.activeElement)) this.goTo ??= this.#neighbour(row);
    for (const part of rowsOfLine(key)) part.remove();
    this.table.lines.delete(key);
  }

  /** @param {HTMLElement} row */
  #neighbour(row) {
    const rows = [...this.table.rows()];
    const place = rows.indexOf(row);
    const next = rows[place + 1] ?? rows[place - 1];
    return next && keyOfRow(next);
  }

  #focus() {
    const line = this.table.lines.get(this.goTo ?? "");
    this.goTo = undefined;
    if (!line) return;
    line.inputs.text.focus();
    line.row.scrollIntoView({ block: "nearest" });
  }
}
