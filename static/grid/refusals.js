/* A change that the server refused: bad cells are marked with the reason, somebody else's values are shown beside one's own
   to choose from, and what was typed in lines that are gone is told above the table. */
import { nameOf, without } from "./changes.js";
import { isColumn } from "./columns.js";
import { announce } from "./texts.js";
/** @import { Change } from "./changes.js" */
/** @import { Column } from "./columns.js" */
/** @import { Line, StoredLine } from "./line.js" */
/** @import { Choice, Marks } from "./marks.js" */
/** @import { Notes } from "./notes.js" */
/** @import { BadCell, Clash, Refusal } from "./requests.js" */
/** @import { Rows } from "./rows.js" */
/** @import { Saver } from "./saver.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCells } from "./typed.js" */

export class Refusals {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Marks} parts.marks
   * @param {Notes} parts.notes
   * @param {Rows} parts.rows
   * @param {TypedCells} parts.typed
   * @param {Saver} parts.saver
   */
  constructor({ table, marks, notes, rows, typed, saver }) {
    this.table = table;
    this.marks = marks;
    this.notes = notes;
    this.rows = rows;
    this.typed = typed;
    this.saver = saver;
  }

  /**
   * Shows what stands against a change. Returns what is left of it to send, or null.
   * @param {Change} change
   * @param {Refusal} refusal
   */
  show(change, { bad, gone, clashes, lines }) {
    const against = new Set([...bad, ...gone, ...clashes].map(nameOf));
    for (const [key, stored] of Object.entries(lines)) this.#store(key, stored);
    this.#keep(change, against);
    for (const cell of bad) this.#markBad(change, cell);
    for (const clash of clashes) this.#markClash(clash, lines[clash.line].seen);
    if (gone.length) this.notes.tell(gone.map((cell) => this.#sayGone(change, cell)));
    const written = new Set((change.changed ?? []).map((row) => row.line));
    for (const { line } of gone) if (written.has(line)) this.rows.remove(line);
    return without(change, against);
  }

  /**
   * @param {string} key
   * @param {StoredLine} stored
   */
  #store(key, stored) {
    const line = this.table.lines.get(key);
    line?.store(stored);
    if (line) this.table.showLine(line);
  }

  /**
   * Refused cells stay as typed, with what their author saw.
   * @param {Change} change
   * @param {ReadonlySet<string>} against
   */
  #keep(change, against) {
    for (const { line, seen, was, cells } of change.changed ?? []) {
      for (const field of Object.keys(cells)) {
        if (against.has(nameOf({ line, field })) && isColumn(field)) this.table.lines.get(line)?.keep(field, { seen, was });
      }
    }
  }

  /**
   * A line that a filter hides can't be marked: what was typed there is told in words.
   * @param {Change} change
   * @param {BadCell} cell
   */
  #markBad(change, cell) {
    const { field, reason } = cell;
    const line = this.table.lines.get(cell.line);
    if (!line) {
      this.notes.tell([this.#sayGone(change, cell)]);
      return;
    }
    /** @type {Choice[]} */
    const choices = field ? [[this.table.texts.say("takeBack"), () => this.takeBack(line, field)]] : [];
    this.marks.mark(line, field, reason, { choices });
    announce(`${this.table.place(line, field || "text")}: ${reason}`);
  }

  /**
   * @param {Clash} clash
   * @param {string} seen When the line became as it is now.
   */
  #markClash(clash, seen) {
    const { field, words } = clash;
    const line = this.table.lines.get(clash.line);
    if (!line) {
      this.notes.tell([[this.saver.names[clash.line], words].filter(Boolean).join(": ")]);
      return;
    }
    const mine = () => this.#insist(line, clash, seen);
    const theirs = () => field && this.takeBack(line, field);
    this.marks.mark(line, field, words, { kind: "clash", choices: [[clash.keep, mine], [clash.take, theirs]] });
    announce(words);
  }

  /**
   * One's own value, or deletion, over what the other has saved.
   * @param {Line} line
   * @param {Clash} clash
   * @param {string} seen
   */
  #insist(line, { field, typed }, seen) {
    if (!field) {
      this.saver.push({ action: "delete", deleted: [{ line: line.key, seen }] });
      return;
    }
    line.set(field, null);
    line.seen = seen;
    this.saver.commit([{ line, column: field, text: typed }]);
  }

  /**
   * A typed cell that is not saved goes back to what is.
   * @param {Line} line
   * @param {Column} column
   */
  takeBack(line, column) {
    this.typed.takeBack(line, column);
    this.saver.keep();
  }

  /**
   * @param {Change} change
   * @param {BadCell} cell
   */
  #sayGone(change, cell) {
    const line = this.table.lines.get(cell.line);
    const text = line ? this.table.name(line) : this.saver.names[cell.line];
    const place = [text, cell.place].filter(Boolean).join(", ") || "–";
    const added = (change.added ?? []).find((row) => row.line === cell.line);
    const typed = added ? Object.values(added.cells ?? {}).filter(Boolean).join(" · ") : cell.typed;
    return this.table.texts.say("gone", { reason: cell.reason, place, typed: typed || "–" });
  }
}
