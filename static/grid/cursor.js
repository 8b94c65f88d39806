/* Where one stands in the grid. One stop at a time is in the tab order; arrows move it over rows and columns. */
import { AMOUNTS, COLUMNS, columnWithin } from "./columns.js";
import { elementOf } from "./dom.js";
import { columnOf } from "./line.js";
/** @import { Column } from "./columns.js" */
/** @import { LaterRows } from "./later.js" */
/** @import { Line } from "./line.js" */
/** @import { Table } from "./table.js" */

/** @typedef {{ line: Line, column: Column }} Place A cell. */

export const STOPS = ".line input, .twist, .sum-act, .row-act";

/** @type {(element: Element | null) => element is HTMLInputElement} */
export const isCell = (element) => Boolean(element?.matches(".line input"));

/** @type {(element: Element | null | undefined) => element is HTMLInputElement} */
export const canType = (element) => Boolean(element?.matches(".line input:enabled:not([readonly])"));

/**
 * Cells that can be typed in, and those that can't though they would become another.
 * @template {Place & { text: string }} Cell
 * @param {Cell[]} cells
 */
export function splitClosed(cells) {
  /** @type {{ open: Cell[], closed: Cell[] }} */
  const parts = { open: [], closed: [] };
  for (const cell of cells) {
    if (canType(cell.line.inputs[cell.column])) parts.open.push(cell);
    else if (!cell.line.holds(cell.column, cell.text)) parts.closed.push(cell);
  }
  return parts;
}

export class Cursor {
  /**
   * @param {Table} table
   * @param {LaterRows} later
   */
  constructor(table, later) {
    this.table = table;
    this.later = later;
    /** @type {HTMLElement | undefined} */
    this.current = undefined;
    // The column that rows are gone through in, also over headings, which have none.
    /** @type {Column} */
    this.column = "text";
    // Where one stands among the stops of a row when it is at none of its cells.
    /** @type {number | null} */
    this.stop = null;
    // The column in which a run of Tabs began: Enter goes on there.
    /** @type {Column | null} */
    this.home = null;
    table.element.addEventListener("focusin", (event) => this.#focused(elementOf(event.target)));
  }

  /** The rows that can be gone to, in order. */
  rows() {
    this.later.show();
    const rows = /** @type {NodeListOf<HTMLElement>} */ (this.table.element.querySelectorAll("tr.line, tr.grp"));
    return [...rows].filter((row) => !row.hidden);
  }

  /** The lines that are shown, in order. */
  lines() {
    return this.rows().flatMap((row) => this.table.lineOf(row) ?? []);
  }

  /** @param {HTMLElement} row */
  stops(row) {
    const stops = /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll(STOPS));
    return [...stops].filter((stop) => stop.offsetParent !== null);
  }

  /**
   * The cells of a row that are shown, in order.
   * @param {HTMLElement} row
   */
  cells(row) {
    return this.stops(row).filter(isCell);
  }

  /**
   * The cell that an element is, or null.
   * @param {Element | null | undefined} element
   * @returns {Place | null}
   */
  placeOf(element) {
    const line = this.table.lineOf(element);
    return line && element && isCell(element) ? { line, column: columnOf(element) } : null;
  }

  /* One stop is in the tab order, also when the last one was hidden or went away. */
  anchor() {
    if (this.current?.isConnected && !this.current.closest("[hidden]")) return;
    if (this.current) this.current.tabIndex = -1;
    const stops = /** @type {NodeListOf<HTMLElement>} */ (this.table.element.querySelectorAll(".line input, .twist"));
    this.current = [...stops].find((stop) => !stop.closest("[hidden]"));
    if (this.current) this.current.tabIndex = 0;
  }

  /** @param {Element | null} target */
  #focused(target) {
    if (!(target instanceof HTMLElement) || !target.matches(STOPS)) return;
    if (this.current && this.current !== target) this.current.tabIndex = -1;
    target.tabIndex = 0;
    this.current = target;
    this.home = null;
    const place = this.placeOf(target);
    if (!place) return;
    this.column = place.column;
    this.stop = null;
  }

  focus() {
    this.current?.focus();
  }

  /**
   * Rows up or down, in the column that one came from.
   * @param {number} rows
   */
  moveRows(rows) {
    const all = [...this.rows(), ...(Math.abs(rows) === 1 ? this.#foot() : [])];
    const row = this.#row();
    if (!row) return;
    const at = all.indexOf(row) < 0 ? all.length : all.indexOf(row);
    const target = all[Math.max(0, Math.min(at + rows, all.length - 1))];
    const { column } = this;
    this.#go(this.#stopOf(target, column));
    this.column = column;
  }

  /**
   * Stops to the right, or to the left, in the same row.
   * @param {number} stops
   */
  moveStops(stops) {
    const row = this.#row();
    const all = row ? this.stops(row) : [];
    const next = this.current ? all.indexOf(this.current) + stops : -1;
    if (!all[next]) return;
    this.stop = next;
    all[next].focus();
  }

  /**
   * To the first or last cell of the row, or of the whole table.
   * @param {boolean} isEnd
   * @param {boolean} isWhole
   */
  moveToEdge(isEnd, isWhole) {
    const row = isWhole ? this.rows().at(isEnd ? -1 : 0) : this.#row();
    const cells = row ? this.stops(row).filter((stop) => !stop.matches(".row-act")) : [];
    this.column = columnWithin("text", isEnd ? COLUMNS.length : 0);
    cells.at(isEnd ? -1 : 0)?.focus();
  }

  /**
   * The next cell of a column that can be written in, past headings and rows without one; or null.
   * @param {HTMLElement} from
   * @param {number} step
   * @param {Column} [column]
   */
  nextCell(from, step, column = this.column) {
    const rows = this.rows();
    const row = /** @type {HTMLElement} */ (from.closest("tr"));
    for (let at = rows.indexOf(row) + step; rows[at]; at += step) {
      const input = this.table.lineOf(rows[at])?.inputs[column];
      if (canType(input) && input.offsetParent !== null) return input;
    }
    return null;
  }

  /**
   * From a cell to the next of its column, or of the column in which a run of Tabs began. Returns whether there was one.
   * @param {HTMLInputElement} input
   * @param {number} step
   */
  goOn(input, step) {
    return this.#write(this.nextCell(input, step, this.home ?? this.column), input);
  }

  /**
   * To the next cell that can be written in, along the row and then along the next ones. Returns whether there was one.
   * @param {HTMLElement} from
   * @param {number} step
   */
  goAcross(from, step) {
    const home = this.home ?? this.column;
    const isFound = this.#write(this.#nextAcross(from, step), from);
    this.home = home;
    return isFound;
  }

  /**
   * @param {HTMLElement} from
   * @param {number} step
   */
  #nextAcross(from, step) {
    const rows = this.rows();
    const row = /** @type {HTMLElement} */ (from.closest("tr"));
    const ahead = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    // The total's row is none of them, and lies below the last one.
    const start = rows.includes(row) ? rows.indexOf(row) : rows.length - 1;
    for (let at = start; rows[at]; at += step) {
      const cells = this.cells(rows[at]).filter((cell) => canType(cell) && from.compareDocumentPosition(cell) & ahead);
      if (cells.length) return /** @type {HTMLInputElement} */ (cells.at(step > 0 ? 0 : -1));
    }
    return null;
  }

  /**
   * @param {HTMLInputElement | null} next
   * @param {HTMLElement} from Where one stays if there is none.
   */
  #write(next, from) {
    const target = next ?? from;
    this.#go(target);
    if (isCell(target)) target.select();
    return next !== null;
  }

  /** @param {Place} place */
  goTo({ line, column }) {
    this.#go(line.inputs[column]);
  }

  /* The row of the total, one step below the last line. */
  #foot() {
    const row = this.table.element.tFoot?.rows[0];
    return row && this.stops(row).length ? [row] : [];
  }

  #row() {
    return /** @type {HTMLElement | null | undefined} */ (this.current?.closest("tr"));
  }

  /**
   * @param {HTMLElement} row
   * @param {Column} column
   */
  #stopOf(row, column) {
    const stops = this.stops(row);
    if (row.matches(".grp")) return stops[0];
    if (!this.table.lineOf(row)) return stops[Math.max(0, AMOUNTS.findIndex((one) => one === column))];
    if (this.stop !== null) return stops[Math.min(this.stop, stops.length - 1)];
    const cell = this.table.lineOf(row)?.inputs[column];
    return cell && stops.includes(cell) ? cell : stops[0];
  }

  /** @param {HTMLElement | undefined} stop */
  #go(stop) {
    stop?.focus();
    stop?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
