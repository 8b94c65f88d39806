/* What the server answers: one's own saves and steps, what others have changed meanwhile, and whether the table must be
   fetched anew. */
import { COLUMNS } from "./columns.js";
import { find } from "./dom.js";
import { announce } from "./texts.js";
/** @import { Cursor } from "./cursor.js" */
/** @import { Finder } from "./find.js" */
/** @import { Line, StoredLine } from "./line.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Answer } from "./requests.js" */
/** @import { Rows } from "./rows.js" */
/** @import { Table } from "./table.js" */
/** @import { Totals } from "./totals.js" */

const MOST_TOLD = 5;

export class News {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Totals} parts.totals
   * @param {Marks} parts.marks
   * @param {Rows} parts.rows
   * @param {Cursor} parts.cursor
   * @param {Finder} parts.finder
   */
  constructor({ table, totals, marks, rows, cursor, finder }) {
    this.table = table;
    this.totals = totals;
    this.marks = marks;
    this.rows = rows;
    this.cursor = cursor;
    this.finder = finder;
    this.mustRefetch = false;
    /** @type {Answer | null} */
    this.answer = null;
  }

  /** @param {Answer} answer */
  take(answer) {
    for (const [key, stored] of Object.entries(answer.lines)) {
      const line = this.table.lines.get(key);
      if (line) this.#store(line, stored);
    }
    this.finder.unfold(answer.rows);
    if (!this.rows.place(answer)) this.mustRefetch = true;
    this.cursor.anchor();
    this.#tellAll(Object.entries(answer.news));
    this.showSteps(answer);
    this.totals.show();
    this.answer = answer;
  }

  /**
   * @param {Line} line
   * @param {StoredLine} stored
   */
  #store(line, stored) {
    line.store(stored);
    this.table.showLine(line);
  }

  /**
   * What others have changed, in words below the line while they are few.
   * @param {[string, StoredLine][]} news
   */
  #tellAll(news) {
    for (const [key, stored] of news) {
      const line = this.table.lines.get(key);
      if (!line || stored.seen <= line.seen) continue; // known: two questions can be on their way at once
      const before = line.saved;
      this.#store(line, stored);
      if (!stored.words) continue;
      const words = [stored.words, this.#compare(line, before)].filter(Boolean).join(": ");
      line.row.classList.add("news");
      find(line.row, "th").title = words;
      if (news.length <= MOST_TOLD) this.marks.mark(line, "", words, { kind: "news", choices: [[this.table.texts.say("close"), () => {}]] });
      announce(`${line.text("text")}: ${words}`);
    }
  }

  /**
   * @param {Line} line
   * @param {Line["saved"]} before
   */
  #compare(line, before) {
    const changed = COLUMNS.filter((column) => before[column] !== line.saved[column]);
    return changed.map((column) => {
      // Saved amounts are kronor, also where the table shows tkr.
      const unit = ["", "kr"].includes(this.table.unitOf(column)) ? "" : " kr";
      return `${this.table.heading(column)} ${before[column] || "–"} → ${line.saved[column] || "–"}${unit}`;
    }).join(", ");
  }

  /** @param {string} direction */
  #stepButton(direction) {
    return /** @type {HTMLButtonElement} */ (find(this.table.section, `[data-step=${direction}]`));
  }

  /** @param {"undo" | "redo"} direction */
  canStep(direction) {
    return !this.#stepButton(direction).disabled;
  }

  /** @param {{ undo: string, redo: string }} words What the buttons do next. */
  showSteps({ undo, redo }) {
    for (const [direction, words] of Object.entries({ undo, redo })) {
      const button = this.#stepButton(direction);
      if (!words && button === document.activeElement) this.cursor.focus();
      button.disabled = !words;
      button.title = words;
    }
  }

  /**
   * Everything is saved: if the server's sums differ, others have added or deleted lines, and the table is fetched anew.
   * @param {boolean} isWaiting Whether something new is on its way already.
   */
  settle(isWaiting) {
    const { answer, table } = this;
    this.answer = null;
    if (this.mustRefetch) {
      this.#refetch();
      return;
    }
    if (!answer || isWaiting || table.editing || table.isOfOneKind) return;
    const isHeld = [...table.lines.values()].some((line) => line.isUnsaved);
    if (!isHeld && (this.totals.differFrom(answer.products) || answer.count !== table.lines.size)) this.#refetch();
  }

  #refetch() {
    this.mustRefetch = false;
    window.htmx.ajax("GET", this.table.form.dataset.page ?? "", { target: "#lines", swap: "outerHTML" });
  }
}
