/* Copying and pasting blocks. A pasted block lies over the lines from a cell on, and its rows below the last line become new
   lines. What can't be taken is asked about first, so that a paste never loses a part of itself unseen. */
import { hasHeadings, repeat, splitProducts } from "./block.js";
import { countCells, nameOf, newKey, without } from "./changes.js";
import { putBlock, readBlock, textOf } from "./clipboard.js";
import { columnWithin, isNumber } from "./columns.js";
import { isCell, splitClosed } from "./cursor.js";
import { elementOf } from "./dom.js";
import { listKinds } from "./kinds.js";
import { MOST_CELLS, MOST_LINES, isTooMuch, planPaste } from "./plan.js";
import { announce, sayNumber } from "./texts.js";
/** @import { Ask, Question } from "./ask.js" */
/** @import { AddedRow, Cells, Change } from "./changes.js" */
/** @import { Column } from "./columns.js" */
/** @import { Cursor, Place } from "./cursor.js" */
/** @import { Finder } from "./find.js" */
/** @import { Line } from "./line.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Questions } from "./questions.js" */
/** @import { BadCell } from "./requests.js" */
/** @import { Saver } from "./saver.js" */
/** @import { Selection } from "./selection.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCell, TypedCells } from "./typed.js" */

export class Pasting {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Cursor} parts.cursor
   * @param {Marks} parts.marks
   * @param {Selection} parts.selection
   * @param {Saver} parts.saver
   * @param {TypedCells} parts.typed
   * @param {Finder} parts.finder
   * @param {Ask} parts.ask
   * @param {Questions} parts.questions
   * @param {() => void} clear Empties the selected cells, after a cut.
   */
  constructor({ table, cursor, marks, selection, saver, typed, finder, ask, questions }, clear) {
    this.table = table;
    this.cursor = cursor;
    this.marks = marks;
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

  /**
   * A block that holds the lines' texts begins with their products: the same text stands in several.
   * @param {ClipboardEvent} event
   */
  #copy(event) {
    if (!this.#isOfCells(event)) return false;
    const block = this.selection.block();
    if (!block.length) return false;
    const rows = block.map(({ line, columns }) => {
      const cells = columns.map((column) => ({ text: line.text(column), unit: this.table.unitOf(column), isNumber: isNumber(column) }));
      const product = { text: this.table.productName(line.product), unit: /** @type {const} */ (""), isNumber: false };
      return columns[0] === "text" && columns.length > 1 ? [product, ...cells] : cells;
    });
    putBlock(event.clipboardData, rows);
    event.preventDefault();
    announce(this.table.texts.say("copied", { count: block.length * block[0].columns.length }));
    return true;
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    if (!this.#isOfCells(event)) return;
    event.preventDefault();
    const block = this.selection.block();
    if (!block.length) return;
    const [{ line, columns }] = block;
    const read = this.#readShape(readBlock(textOf(event.clipboardData)), columns[0]);
    const rows = repeat(read.rows, { down: block.length, across: columns.length });
    this.#lay({ rows, products: read.products }, { line, column: columns[0] });
    if (read.headings) this.#sayHeadings(read.headings, read.rows, { line, column: columns[0] });
  }

  /**
   * What a block is besides its cells: products before them, and headings above them.
   * @param {string[][]} all
   * @param {Column} column
   */
  #readShape(all, column) {
    const known = { products: new Set(this.table.products().keys()), kinds: new Set(listKinds(this.table)) };
    const split = column === "text" ? splitProducts(all, known) : null;
    const [rows, products] = [split?.rows ?? all, split?.names ?? []];
    if (!hasHeadings(rows, column, (one) => this.table.heading(one))) return { rows, products, headings: null };
    return { rows: rows.slice(1), products: products.slice(1), headings: rows[0] };
  }

  /**
   * @param {string[]} headings
   * @param {string[][]} rows
   * @param {Place} from
   */
  #sayHeadings(headings, rows, from) {
    const { texts } = this.table;
    const words = texts.say("headings", { words: headings.filter(Boolean).join(" · ") });
    const again = () => this.#lay({ rows: [headings, ...rows], products: [] }, from);
    this.marks.mark(from.line, "", words, { kind: "news", choices: [[texts.say("withHeadings"), again], [texts.say("close"), () => {}]] });
    announce(words);
  }

  /**
   * @param {{ rows: string[][], products: string[] }} block
   * @param {Place} from
   */
  #lay(block, from) {
    const lines = this.cursor.lines();
    const first = lines.indexOf(from.line);
    this.#take(block, lines.slice(first), from.column);
    const last = lines[Math.min(first + block.rows.length, lines.length) - 1];
    this.selection.select(from, { line: last, column: columnWithin(from.column, block.rows[0].length - 1) });
  }

  /**
   * @param {{ rows: string[][], products: string[] }} block
   * @param {Line[]} lines Those that the block may lie over.
   * @param {Column} column
   */
  async #take({ rows, products }, lines, column) {
    const { cells, below, outside } = planPaste(rows, { lines, column, unitOf: (one) => this.table.unitOf(one) });
    const { open, closed } = splitClosed(cells);
    const kept = closed.filter(({ text }) => text).length; // an empty cell has nothing to lose
    const isFiltered = this.finder.isHiding;
    const all = open.length + kept + countCells(below) + outside;
    const hidden = isFiltered ? countCells(below) : 0;
    const added = isFiltered ? [] : below;
    if (isTooMuch({ cells, below: added })) {
      await this.#refuse(all, added.length);
      return;
    }
    const lost = outside + hidden + kept;
    const items = Object.entries({ closedCells: kept, outside, filtered: hidden }).filter(([, count]) => count)
      .map(([key, count]) => this.table.texts.say(key, { count }));
    if (lost && !(await this.#ask({ count: lost, all, items, isHopeless: lost === all }))) return;
    this.#send(open, this.#newLines(added, products, lines[lines.length - 1].product));
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
   * New lines one after the other, at the end of the product that each names, else of the last one. A line needs a text: the
   * server tells of those without.
   * @param {{ cells: Cells, row: number }[]} below
   * @param {string[]} names
   * @param {string} last
   * @returns {AddedRow[]}
   */
  #newLines(below, names, last) {
    const products = this.table.products();
    /** @type {Map<string, string | null>} */
    const ends = new Map();
    return below.map(({ cells, row }) => {
      const product = products.get(names[row]) ?? last;
      const after = ends.get(product) ?? this.table.order(product).at(-1) ?? null;
      const line = newKey();
      ends.set(product, line);
      return { line, product, after, cells: { text: "", ...cells } };
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
    const known = this.table.lines.get(key);
    if (at < 0) return (known && this.table.name(known)) || "–";
    return added[at].cells?.text || this.table.texts.say("newLine", { number: at + 1 });
  }

  /** @param {Question} question */
  #ask(question) {
    return this.asking.ask(question).finally(() => this.cursor.focus());
  }
}
