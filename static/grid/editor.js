/* Writing in a cell. It is pointed at, with all its text selected so that typing replaces it, or edited, with the exact
   amount, its unit and the caret in it. */
import { isNumber } from "./columns.js";
import { canType, isCell } from "./cursor.js";
import { elementOf } from "./dom.js";
import { inUnit } from "./numbers.js";
import { hideUnit, showUnit } from "./units.js";
/** @import { Bar } from "./bar.js" */
/** @import { Opened } from "./changes.js" */
/** @import { Column } from "./columns.js" */
/** @import { Cursor } from "./cursor.js" */
/** @import { Line } from "./line.js" */
/** @import { Selection } from "./selection.js" */
/** @import { Table } from "./table.js" */
/** @import { Totals } from "./totals.js" */
/** @import { TypedCell } from "./typed.js" */

export class Editor {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Totals} parts.totals
   * @param {Cursor} parts.cursor
   * @param {Selection} parts.selection
   * @param {Bar} parts.bar
   * @param {(cell: TypedCell) => void} commit Saves what was written.
   */
  constructor({ table, totals, cursor, selection, bar }, commit) {
    this.table = table;
    this.totals = totals;
    this.cursor = cursor;
    this.selection = selection;
    this.bar = bar;
    this.commit = commit;
    // "over" replaces what was there and arrows leave the cell, "inside" moves the caret.
    /** @type {"over" | "inside"} */
    this.mode = "over";
    // What stood in the cell when writing began: news that come meanwhile are then seen as somebody else's.
    /** @type {Opened | undefined} */
    this.opened = undefined;
    /** @type {{ line: Line, column: Column, before: string | null } | null} */
    this.live = null;
    const { element } = table;
    element.addEventListener("input", (event) => this.#typed(elementOf(event.target)));
    element.addEventListener("focusout", (event) => this.#left(elementOf(event.target)));
    element.addEventListener("dblclick", (event) => this.#clickedTwice(elementOf(event.target)));
  }

  /**
   * @param {HTMLInputElement} input
   * @param {"over" | "inside"} mode
   */
  edit(input, mode) {
    const place = this.cursor.placeOf(input);
    if (!place) return;
    const { line, column } = place;
    this.mode = mode;
    if (this.table.editing !== input) {
      if (mode === "inside") {
        input.value = this.table.exact(line, column);
        input.setSelectionRange(input.value.length, input.value.length);
      }
      this.opened = line.kept.get(column) ?? { seen: line.seen, was: line.was([column]) };
      showUnit(input, this.table.unitOf(column));
    }
    this.table.editing = input;
    input.parentElement?.classList.add("writing");
    this.bar.tell(place);
    this.selection.select(place);
  }

  switchMode() {
    this.mode = this.mode === "over" ? "inside" : "over";
  }

  /* Takes what is being written, if anything is. */
  finishAny() {
    if (this.table.editing) this.finish(this.table.editing, { isKept: true });
  }

  /**
   * Ends editing; what was written is saved, or taken back. Safe to call again.
   * @param {HTMLInputElement} input
   * @param {{ isKept: boolean }} options
   */
  finish(input, { isKept }) {
    const place = this.cursor.placeOf(input);
    this.table.editing = null;
    input.parentElement?.classList.remove("writing");
    hideUnit(input);
    if (!place) return;
    const { line, column } = place;
    const text = inUnit(input.value.trim(), this.table.unitOf(column));
    if (this.live?.line === line && this.live.column === column) line.set(column, this.live.before);
    this.live = null;
    this.totals.show(line.product);
    if (isKept) this.commit({ line, column, text, opened: this.opened });
    else this.totals.show();
    this.table.showLine(line);
    if (column === "text") this.table.label(line);
    this.bar.tell(place);
    if (isKept) this.totals.tell();
  }

  /**
   * Totals follow what is being written, and go back if it is taken back.
   * @param {Element | null} input
   */
  #typed(input) {
    if (!isCell(input)) return;
    if (this.table.editing !== input) this.edit(input, "over");
    const place = this.cursor.placeOf(input);
    if (!place || !isNumber(place.column)) return;
    const { line, column } = place;
    this.live ??= { line, column, before: line.typed.get(column) ?? null };
    line.set(column, inUnit(input.value, this.table.unitOf(column)));
    this.totals.show(line.product);
  }

  /**
   * Another window in front is no end of writing.
   * @param {Element | null} target
   */
  #left(target) {
    if (isCell(target) && this.table.editing === target && document.hasFocus()) this.finish(target, { isKept: true });
  }

  /** @param {Element | null} target */
  #clickedTwice(target) {
    if (canType(target)) this.edit(target, "inside");
    else if (isCell(target)) this.bar.say(this.table.texts.say("closedCell"));
  }
}
