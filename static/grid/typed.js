/* Cells that are typed and not saved: taken from the page, kept where they can't be sent, and given back. */
import { FACTORS } from "./columns.js";
import { entriesOf, nameOf } from "./changes.js";
import { findLone } from "./lines.js";
/** @import { Change, ChangedRow, KeptCell, Opened } from "./changes.js" */
/** @import { Column } from "./columns.js" */
/** @import { Line } from "./line.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Questions } from "./questions.js" */
/** @import { Table } from "./table.js" */
/** @import { Totals } from "./totals.js" */

/** @typedef {{ line: Line, column: Column, text: string, opened?: Opened }} TypedCell `opened` where it was written in. */

export class TypedCells {
  /** @param {{ table: Table, marks: Marks, totals: Totals, questions: Questions }} parts */
  constructor({ table, marks, totals, questions }) {
    this.questions = questions;
    this.table = table;
    this.marks = marks;
    this.totals = totals;
  }

  /**
   * Takes cells that differ from what is there, shows them, and returns those to send.
   * @param {TypedCell[]} cells
   * @returns {ChangedRow[]}
   */
  take(cells) {
    /** @type {Map<Line, TypedCell[]>} */
    const byLine = new Map();
    for (const cell of cells) {
      if (cell.line.holds(cell.column, cell.text) && !this.marks.isMarked(cell.line, cell.column)) continue;
      byLine.set(cell.line, [...(byLine.get(cell.line) ?? []), cell]);
    }
    const changed = [...byLine].flatMap(([line, own]) => this.#takeLine(line, own) ?? []);
    this.totals.show();
    return changed;
  }

  /**
   * A cell comes with what its author saw when it was first written: a correction of a refused cell does so too.
   * @param {Line} line
   * @param {TypedCell[]} own
   * @returns {ChangedRow | null}
   */
  #takeLine(line, own) {
    const sent = new Set([...own.map(({ column }) => column), ...FACTORS.filter((factor) => this.marks.isHinted(line, factor))]);
    const opened = [...own.map((cell) => cell.opened), ...[...sent].map((column) => line.kept.get(column))].filter((one) => one !== undefined);
    const was = Object.assign(line.was([...sent]), ...opened.map((one) => one.was));
    const seen = opened.map((one) => one.seen).reduce((first, one) => (one < first ? one : first), line.seen);
    const slips = own.flatMap((cell) => this.questions.find(cell) ?? []);
    for (const { column, text } of own) {
      line.set(column, text);
      this.marks.unmark(line, column);
    }
    for (const column of sent) line.kept.delete(column);
    this.#hold(line, sent, { seen, was });
    for (const slip of slips) {
      this.questions.ask(slip);
      line.keep(slip.column, { seen, was });
      sent.delete(slip.column);
    }
    this.table.showLine(line);
    if (!sent.size) return null;
    const cells = Object.fromEntries([...sent].map((column) => [column, line.text(column)]));
    return { line: line.key, seen, cells, was };
  }

  /**
   * A quantity waits for its price, and a price for its quantity: alone neither means anything.
   * @param {Line} line
   * @param {Set<Column>} sent
   * @param {Opened} opened
   */
  #hold(line, sent, opened) {
    for (const factor of FACTORS) if (this.marks.isHinted(line, factor)) this.marks.unmark(line, factor);
    const [hasQuantity, hasPrice] = FACTORS.map((factor) => line.text(factor).trim() !== "");
    const lone = findLone(hasQuantity, hasPrice);
    const other = lone === "quantity" ? "unit_price_ore" : "quantity";
    if (!lone || !sent.has(lone) || sent.has(other)) return;
    this.marks.mark(line, lone, this.table.texts.say(lone === "quantity" ? "pair" : "pairQuantity"), { kind: "hint" });
    line.keep(lone, opened);
    sent.delete(lone);
  }

  /** @returns {KeptCell[]} */
  kept() {
    return [...this.table.lines.values()].flatMap((line) =>
      [...line.kept].map(([column, opened]) => ({ line: line.key, column, text: line.text(column), opened })));
  }

  /**
   * Cells of a change that an earlier page made, as typed.
   * @param {Change} change
   */
  show(change) {
    this.#each(change, (line, column, text) => line.set(column, text));
  }

  /**
   * Cells of a change that is saved; what was written in them meanwhile stays.
   * @param {Change} change
   */
  saved(change) {
    for (const { line: key, cells } of change.changed ?? []) {
      const line = this.table.lines.get(key);
      for (const [column, text] of entriesOf(cells)) if (line?.typed.get(column) === text) line.set(column, null);
    }
  }

  /**
   * Cells go back to what is saved: those named, or all of a change.
   * @param {Change} change
   * @param {ReadonlySet<string> | null} named As `nameOf` gives them.
   */
  forget(change, named) {
    this.#each(change, (line, column) => {
      if (!named || named.has(nameOf({ line: line.key, field: column }))) line.set(column, null);
    });
    this.totals.show();
  }

  /**
   * A refused cell goes back to what is saved.
   * @param {Line} line
   * @param {Column} column
   */
  takeBack(line, column) {
    line.set(column, null);
    this.marks.unmark(line, column);
    this.table.showLine(line);
    this.totals.show();
  }

  /**
   * @param {Change} change
   * @param {(line: Line, column: Column, text: string) => void} act
   */
  #each(change, act) {
    for (const { line: key, cells } of change.changed ?? []) {
      const line = this.table.lines.get(key);
      if (!line) continue;
      for (const [column, text] of entriesOf(cells)) act(line, column, text);
      this.table.showLine(line);
    }
  }
}
