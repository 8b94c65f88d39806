/* A selected block: whole rows of lines, from one corner to the other, by keys or by the mouse. */
import { COLUMNS, AMOUNTS, columnWithin, columnsBetween, isAmount } from "./columns.js";
import { elementOf } from "./dom.js";
import { isCell } from "./cursor.js";
import { formatSek } from "./numbers.js";
/** @import { Bar } from "./bar.js" */
/** @import { Column } from "./columns.js" */
/** @import { Cursor, Place } from "./cursor.js" */
/** @import { Line } from "./line.js" */
/** @import { Table } from "./table.js" */

/** @typedef {{ line: Line, columns: Column[] }[]} Block */

/**
 * The sum of a block's amounts, and how many cells it has.
 * @param {Block} block
 */
function measure(block) {
  let [amount, count] = [0n, 0];
  for (const { line, columns } of block) {
    const years = line.amounts();
    count += columns.length;
    for (const column of columns) if (isAmount(column)) amount += years[AMOUNTS.indexOf(column)];
  }
  return { amount: formatSek(amount), count };
}

export class Selection {
  /**
   * @param {{ table: Table, cursor: Cursor, bar: Bar }} parts
   */
  constructor({ table, cursor, bar }) {
    this.table = table;
    this.cursor = cursor;
    this.bar = bar;
    this.isDragging = false;
    /** @type {Place | null} */
    this.from = null;
    /** @type {Place | null} */
    this.to = null;
    table.element.addEventListener("focusin", (event) => this.#focused(elementOf(event.target)));
    table.element.addEventListener("mousedown", (event) => this.#pointed(event));
    table.element.addEventListener("mouseover", (event) => this.#dragged(event));
  }

  /**
   * @param {Place | null} from
   * @param {Place | null} [to] The other corner; none selects the one cell.
   */
  select(from, to = null) {
    for (const cell of this.table.element.querySelectorAll(".sel")) cell.classList.remove("sel");
    this.from = from;
    this.to = to;
    if (!to) return;
    const block = this.block();
    for (const { line, columns } of block) for (const column of columns) line.inputs[column].parentElement?.classList.add("sel");
    this.bar.say(this.table.texts.say("selected", measure(block)));
  }

  selectAll() {
    const lines = this.cursor.lines();
    if (!lines.length) return;
    this.select({ line: lines[0], column: COLUMNS[0] }, { line: lines[lines.length - 1], column: columnWithin(COLUMNS[0], COLUMNS.length) });
  }

  /**
   * Whole lines from the one where one stands, for who has neither a keyboard nor a mouse.
   * @param {Line} line
   */
  chooseTo(line) {
    this.select({ line: this.from?.line ?? line, column: COLUMNS[0] }, { line, column: columnWithin(COLUMNS[0], COLUMNS.length) });
  }

  /** @returns {Block} */
  block() {
    if (!this.from) return [];
    const [from, to] = [this.from, this.to ?? this.from];
    const lines = this.cursor.lines();
    const [first, last] = [lines.indexOf(from.line), lines.indexOf(to.line)].sort((a, b) => a - b);
    const columns = columnsBetween(from.column, to.column);
    return lines.slice(Math.max(first, 0), last + 1).map((line) => ({ line, columns }));
  }

  /** The corner that keys move. */
  get end() {
    return this.to ?? this.from;
  }

  /**
   * @param {number} down
   * @param {number} right
   */
  extend(down, right) {
    if (!this.end) return;
    const lines = this.cursor.lines();
    const line = lines[Math.max(0, Math.min(lines.indexOf(this.end.line) + down, lines.length - 1))];
    this.extendTo({ line, column: columnWithin(this.end.column, right) });
  }

  /** @param {Place} end */
  extendTo(end) {
    this.select(this.from, end);
    end.line.row.scrollIntoView({ block: "nearest" });
  }

  /** @param {Element | null} target */
  #focused(target) {
    const place = this.cursor.placeOf(target);
    if (!place || !isCell(target)) return;
    this.select(place);
    if (this.table.editing !== target) target.select();
    this.bar.tell(place);
  }

  /** @param {MouseEvent} event */
  #pointed(event) {
    const input = elementOf(event.target)?.closest(".line input") ?? null;
    const place = this.cursor.placeOf(input);
    if (!place || !isCell(input) || event.button !== 0 || this.table.editing === input) return;
    event.preventDefault();
    if (event.shiftKey && this.from) this.select(this.from, place);
    else if (document.activeElement !== input) {
      input.focus();
      this.isDragging = true;
      document.addEventListener("mouseup", () => { this.isDragging = false; }, { once: true });
    } else {
      // As in a spreadsheet: the second click of two edits, see Editor.
      input.select();
      this.select(place);
    }
  }

  /** @param {MouseEvent} event */
  #dragged(event) {
    const place = this.isDragging ? this.cursor.placeOf(elementOf(event.target)?.closest(".line input")) : null;
    if (place && this.from && (place.line !== this.from.line || place.column !== this.from.column)) this.select(this.from, place);
  }
}
