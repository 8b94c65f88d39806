/* Copying and pasting blocks. A pasted block lies over the lines from a cell on, and its rows below the last line become new
   lines. What can't be taken is asked about first, so that a paste never loses a part of itself unseen. */
import { countCells, nameOf, newKey, without } from "./changes.js";
import { putBlock, readBlock, textOf } from "./clipboard.js";
import { columnWithin, isNumber } from "./columns.js";
import { isCell } from "./cursor.js";
import { elementOf } from "./dom.js";
import { inUnit } from "./numbers.js";
import { MOST_CELLS, MOST_LINES, isTooMuch, planPaste } from "./plan.js";
import { announce, sayNumber } from "./texts.js";
/** @import { Ask, Question } from "./ask.js" */
/** @import { AddedRow, Cells, Change } from "./changes.js" */
/** @import { Column } from "./columns.js" */
/** @import { Cursor, Place } from "./cursor.js" */
/** @import { Finder } from "./find.js" */
/** @import { Line } from "./line.js" */
/** @import { Questions } from "./questions.js" */
/** @import { BadCell } from "./requests.js" */
/** @import { Saver } from "./saver.js" */
/** @import { Block, Selection } from "./selection.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCell, TypedCells } from "./typed.js" */

export class Pasting {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Cursor} parts.cursor
   * @param {Selection} parts.selection
   * @param {Saver} parts.saver
   * @param {TypedCells} parts.typed
   * @param {Finder} parts.finder
   * @param {Ask} parts.ask
   * @param {Questions} parts.questions
   * @param {() => void} clear Empties the selected cells, after a cut.
   */
  constructor({ table, cursor, selection, saver, typed, finder, ask, questions }, clear) {
    this.table = table;
    this.cursor = cursor;
    this.selection = selection;
    this.saver = saver;
    this.typed = typed;
    this.finder = finder;
    this.asking = ask;
    this.questions = questions;
    const { element } = table;
    element.addEventListener("copy", (event) => this.#copy(event));
    element.addEventListener("cut", (event) => this.#copy(event) && clear());
    element.addEventListener("paste", (event) => this.#paste(event));
  }

  /**
   * Whether the selected cells are meant, and not a text that is being written.
   * @param {ClipboardEvent} event
   */
  #isOfCells({ target }) {
    return !this.table.editing && this.selection.from !== null && isCell(elementOf(target));
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    if (!this.#isOfCells(event)) return false;
    const rows = this.selection.block().map(({ line, columns }) => columns.map((column) =>
      ({ text: line.text(column), unit: this.table.unitOf(column), isNumber: isNumber(column) })));
    putBlock(event.clipboardData, rows);
    event.preventDefault();
    announce(this.table.texts.say("copied", { count: rows.length * (rows[0]?.length ?? 0) }));
    return true;
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    if (!this.#isOfCells(event)) return;
    event.preventDefault();
    const rows = readBlock(textOf(event.clipboardData));
    const block = this.selection.block();
    if (!block.length) return;
    if (rows.length === 1 && rows[0].length === 1) this.#fill(block, rows[0][0].trim());
    else this.#lay(rows, { line: block[0].line, column: block[0].columns[0] });
  }

  /**
   * One value in all selected cells.
   * @param {Block} block
   * @param {string} typed
   */
  #fill(block, typed) {
    this.#send(block.flatMap(({ line, columns }) =>
      columns.map((column) => ({ line, column, text: inUnit(typed, this.table.unitOf(column)) }))));
  }

  /**
   * @param {string[][]} rows
   * @param {Place} from
   */
  #lay(rows, from) {
    const lines = this.cursor.lines();
    const first = lines.indexOf(from.line);
    this.#take(rows, lines.slice(first), from.column);
    const last = lines[Math.min(first + rows.length, lines.length) - 1];
    this.selection.select(from, { line: last, column: columnWithin(from.column, rows[0].length - 1) });
  }

  /**
   * @param {string[][]} rows
   * @param {Line[]} lines Those that the block may lie over.
   * @param {Column} column
   */
  async #take(rows, lines, column) {
    const { cells, below, outside } = planPaste(rows, { lines, column, unitOf: (one) => this.table.unitOf(one) });
    const isFiltered = this.finder.isFiltering || this.table.isOfOneKind;
    const all = cells.length + countCells(below) + outside;
    const hidden = isFiltered ? countCells(below) : 0;
    const added = isFiltered ? [] : below;
    if (isTooMuch({ cells, below: added })) {
      await this.#refuse(all, added.length);
      return;
    }
    const lost = outside + hidden;
    const items = Object.entries({ outside, filtered: hidden }).filter(([, count]) => count)
      .map(([key, count]) => this.table.texts.say(key, { count }));
    if (lost && !(await this.#ask({ count: lost, all, items, isHopeless: lost === all }))) return;
    this.#send(cells, this.#newLines(added, lines[lines.length - 1].product));
  }

  /**
   * @param {number} all
   * @param {number} added
   */
  #refuse(all, added) {
    const values = { cells: sayNumber(MOST_CELLS), lines: sayNumber(MOST_LINES), count: sayNumber(all), added: sayNumber(added) };
    return this.#ask({ count: all, all, items: [this.table.texts.say("tooMuch", values)], isHopeless: true });
  }

  /**
   * New lines one after the other, at the end of a product. A line needs a text: the server tells of those without.
   * @param {{ cells: Cells }[]} below
   * @param {string} product
   * @returns {AddedRow[]}
   */
  #newLines(below, product) {
    let after = this.table.order(product).at(-1) ?? null;
    return below.map(({ cells }) => {
      const added = { line: newKey(), product, after, cells: { text: "", ...cells } };
      after = added.line;
      return added;
    });
  }

  /**
   * @param {TypedCell[]} cells
   * @param {AddedRow[]} [added]
   */
  async #send(cells, added = []) {
    const taken = await this.questions.askAboutBlock({ cells, added });
    if (!taken) {
      this.cursor.focus();
      return;
    }
    const count = this.saver.commit(taken.cells, "paste", taken.added);
    if (count) announce(this.table.texts.say("pasted", { count: cells.length + countCells(added) }));
  }

  /**
   * A paste with bad cells: the good ones are taken only if that is agreed. Returns what is left to send, or null.
   * @param {Change} change
   * @param {BadCell[]} bad
   */
  async askAbout(change, bad) {
    const added = change.added ?? [];
    const all = countCells(change.changed ?? []) + countCells(added);
    const items = bad.map((cell) => `${this.#say(cell, added)}, ${cell.place}: ${cell.typed || "–"}. ${cell.reason}`);
    const isUnnamed = bad.some(({ line, field }) => field === "text" && added.some((row) => row.line === line));
    const isAgreed = await this.#ask({ count: bad.length, all, items, isHopeless: all <= bad.length, isUnnamed });
    const named = new Set(bad.map(nameOf));
    this.typed.forget(change, isAgreed ? named : null);
    const rest = isAgreed ? without(change, named) : null;
    return rest && { ...rest, partial: true };
  }

  /**
   * @param {BadCell} cell
   * @param {AddedRow[]} added
   */
  #say({ line: key }, added) {
    const at = added.findIndex((row) => row.line === key);
    if (at < 0) return this.table.lines.get(key)?.text("text") ?? "–";
    return added[at].cells?.text || this.table.texts.say("newLine", { number: at + 1 });
  }

  /** @param {Question} question */
  #ask(question) {
    return this.asking.ask(question).finally(() => this.cursor.focus());
  }
}
