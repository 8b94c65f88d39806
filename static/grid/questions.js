/* Asks about amounts that are about a thousand times what stood there: one at its cell, a pasted block as a whole. Until it is
   answered nothing of it is sent; an answer holds for that amount in that cell. */
import { isMoney } from "./columns.js";
import { find, make } from "./dom.js";
import { formatExact, inOtherUnit, parseOre } from "./numbers.js";
import { isSlip, mendSlip } from "./slips.js";
import { announce, sayNumber } from "./texts.js";
/** @import { AddedRow, Cells } from "./changes.js" */
/** @import { Column } from "./columns.js" */
/** @import { Line } from "./line.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Unit } from "./numbers.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCell } from "./typed.js" */

/** @typedef {{ line: Line, column: Column, text: string, before: bigint, after: bigint }} Slip */
/** @typedef {{ cells: TypedCell[], added: AddedRow[] }} Pasted */

const MOST_LISTED = 200;

export class Questions {
  /**
   * @param {{ table: Table, marks: Marks }} parts
   * @param {(cell: TypedCell) => void} commit
   */
  constructor({ table, marks }, commit) {
    this.table = table;
    this.marks = marks;
    this.commit = commit;
  }

  /**
   * The slip that a cell would be, or null. What waits for an answer has not replaced what is saved.
   * @param {TypedCell} cell
   * @returns {Slip | null}
   */
  find({ line, column, text }) {
    if (!isMoney(column)) return null;
    const before = parseOre(line.kept.has(column) ? line.saved[column] : line.text(column));
    const after = parseOre(text);
    if (before === null || after === null || line.answered.get(column) === after || !isSlip(before, after)) return null;
    return { line, column, text, before, after };
  }

  /** @param {Slip} slip */
  ask(slip) {
    const { line, column, before, after } = slip;
    const mended = mendSlip(before, after);
    const shown = { before: this.#say(column, before), after: this.#say(column, after), mended: this.#say(column, mended) };
    const { texts } = this.table;
    const words = texts.say("slip", shown);
    this.marks.mark(line, column, words, {
      kind: "ask",
      choices: [
        [texts.say("slipMend", shown), () => this.#answer(slip, mended)],
        [texts.say("slipKeep", shown), () => this.#answer(slip, after)],
      ],
    });
    announce(`${this.table.place(line, column)}: ${words} ${texts.say("slipKeys")}`);
  }

  /**
   * @param {Slip} slip
   * @param {bigint} ore
   */
  #answer({ line, column }, ore) {
    const opened = line.kept.get(column);
    line.answered.set(column, ore);
    line.set(column, null);
    this.commit({ line, column, text: this.#say(column, ore), opened });
    this.table.showLine(line);
    line.inputs[column].focus();
  }

  /**
   * @param {Column} column
   * @param {bigint} ore
   */
  #say(column, ore) {
    const unit = this.table.unitOf(column);
    return `${formatExact(ore, unit)} ${unit}`;
  }

  /**
   * A pasted block as it is to be taken, or null. One cell is asked about where it is.
   * @param {Pasted} pasted
   * @returns {Promise<Pasted | null>}
   */
  async askAboutBlock(pasted) {
    const slips = pasted.cells.flatMap((cell) => this.find(cell) ?? []);
    if (!slips.length || pasted.cells.length === 1) return pasted;
    const mended = this.#inOtherUnit(pasted);
    const isMended = slips.every(({ line, column }) => {
      const cell = mended.cells.find((one) => one.line === line && one.column === column);
      return cell && !this.find(cell);
    });
    const answer = await this.#choose(slips, pasted.cells.length, isMended);
    if (answer === "no") return null;
    const taken = answer === "mend" ? mended : pasted;
    for (const cell of taken.cells) this.#hold(cell);
    return taken;
  }

  /** @param {TypedCell} cell */
  #hold(cell) {
    const slip = this.find(cell);
    if (slip) slip.line.answered.set(slip.column, slip.after);
  }

  /**
   * The numbers of a block that had no unit of their own, in the other one.
   * @param {Pasted} pasted
   * @returns {Pasted}
   */
  #inOtherUnit({ cells, added }) {
    /**
     * @param {string} column
     * @param {string} text
     */
    const other = (column, text) => inOtherUnit(text, this.table.unitOf(/** @type {Column} */ (column)));
    /** @param {Cells} [own] */
    const all = (own = {}) => Object.fromEntries(Object.entries(own).map(([column, text]) => [column, other(column, text)]));
    return {
      cells: cells.map((cell) => ({ ...cell, text: other(cell.column, cell.text) })),
      added: added.map((row) => ({ ...row, cells: all(row.cells) })),
    };
  }

  /**
   * @param {Slip[]} slips
   * @param {number} all
   * @param {boolean} isMended Whether the other unit answers all of them.
   * @returns {Promise<"keep" | "mend" | "no">}
   */
  #choose(slips, all, isMended) {
    const dialog = /** @type {HTMLDialogElement} */ (find(this.table.section, "#grid-slips"));
    this.#write(dialog, slips, all);
    find(dialog, "[data-answer=mend]").hidden = !isMended;
    dialog.showModal();
    return new Promise((resolve) => {
      /** @param {"keep" | "mend" | "no"} answer */
      const end = (answer) => {
        dialog.close();
        resolve(answer);
      };
      for (const answer of /** @type {const} */ (["keep", "mend", "no"])) find(dialog, `[data-answer=${answer}]`).onclick = () => end(answer);
      dialog.oncancel = () => resolve("no");
    });
  }

  /**
   * @param {HTMLDialogElement} dialog
   * @param {Slip[]} slips
   * @param {number} all
   */
  #write(dialog, slips, all) {
    const { texts, unit } = this.table;
    /** @type {Unit} */
    const other = unit === "kr" ? "tkr" : "kr";
    find(dialog, "h2").textContent = texts.say("slipsTitle", { count: sayNumber(slips.length), all: sayNumber(all) });
    find(dialog, "[data-answer=mend]").textContent = texts.say("slipsMend", { unit: other });
    const items = slips.slice(0, MOST_LISTED).map(({ line, column, before, after }) =>
      make("li", { textContent: `${this.table.place(line, column)}: ${this.#say(column, before)} → ${this.#say(column, after)}` }));
    find(dialog, "[data-list]").replaceChildren(...items);
  }
}
