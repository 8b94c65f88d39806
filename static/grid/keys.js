/* What each key does: while one points at a cell, while one writes in it, and on a heading. */
import { NEVER_EMPTY } from "./columns.js";
import { STOPS, isCell } from "./cursor.js";
import { elementOf } from "./dom.js";
import { announce } from "./texts.js";
/** @import { Bar } from "./bar.js" */
/** @import { Cursor, Place } from "./cursor.js" */
/** @import { Editor } from "./editor.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Selection } from "./selection.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCell } from "./typed.js" */

/**
 * What keys ask for beyond moving and writing.
 * @typedef {object} KeyActions
 * @property {(cells: TypedCell[]) => void} commit
 * @property {(direction: "undo" | "redo") => void} step
 * @property {(target: HTMLElement) => void} openMenu
 * @property {(place: Place) => void} takeBack A refused cell.
 */

const PAGE = 10;
/** @type {Record<string, [down: number, right: number]>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
/** @type {Record<string, [down: number, right: number]>} */
const STEPS = { ...ARROWS, PageUp: [-PAGE, 0], PageDown: [PAGE, 0] };

/** @param {KeyboardEvent} event */
const isCommand = (event) => event.ctrlKey || event.metaKey;
/** @param {KeyboardEvent} event */
const isTyped = (event) => event.key.length === 1 && event.key !== " " && !isCommand(event) && !event.altKey;
/** @param {KeyboardEvent} event */
const isMenuKey = (event) => event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);

export class Keys {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Cursor} parts.cursor
   * @param {Selection} parts.selection
   * @param {Editor} parts.editor
   * @param {Bar} parts.bar
   * @param {Marks} parts.marks
   * @param {KeyActions} actions
   */
  constructor({ table, cursor, selection, editor, bar, marks }, actions) {
    this.table = table;
    this.marks = marks;
    this.cursor = cursor;
    this.selection = selection;
    this.editor = editor;
    this.bar = bar;
    this.actions = actions;
    table.element.addEventListener("keydown", (event) => this.#pressed(event));
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const target = elementOf(event.target);
    if (!(target instanceof HTMLElement) || !target.matches(STOPS) || event.isComposing) return;
    const isEditing = isCell(target) && this.table.editing === target;
    const isHandled = isEditing ? this.#pressedWriting(event, target) : this.#pressedPointing(event, target);
    if (isHandled) event.preventDefault();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} input
   */
  #pressedWriting(event, input) {
    const { key, shiftKey } = event;
    if (key === "Escape") {
      this.editor.finish(input, { isKept: false });
      input.select();
    } else if (key === "Enter") {
      this.editor.finish(input, { isKept: true });
      this.cursor.goOn(input, shiftKey ? -1 : 1);
    } else if (key === "Tab") {
      this.editor.finish(input, { isKept: true });
      this.cursor.moveStops(shiftKey ? -1 : 1);
    } else if (key === "F2") this.editor.switchMode();
    else if (this.editor.mode === "over" && ARROWS[key] && !event.altKey && !shiftKey && !input.list) {
      this.editor.finish(input, { isKept: true });
      this.#move(ARROWS[key]);
    } else return false;
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   */
  #pressedPointing(event, target) {
    if (isCommand(event) && this.#pressedCommand(event)) return true;
    const place = this.cursor.placeOf(target);
    if (isMenuKey(event)) this.actions.openMenu(target);
    else if (STEPS[event.key] && !event.altKey) this.#pressedStep(event, place);
    else if (event.key === "Home" || event.key === "End") this.cursor.moveToEdge(event.key === "End", isCommand(event));
    else if (place && isCell(target)) return this.#pressedOnCell(event.key, target, place);
    else return isTyped(event) && target.matches(".twist") && this.#typedOnHeading(target);
    return true;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Place | null} place
   */
  #pressedStep({ key, shiftKey }, place) {
    if (shiftKey && place) this.selection.extend(...STEPS[key]);
    else this.#move(STEPS[key]);
  }

  /** @param {KeyboardEvent} event */
  #pressedCommand({ key, shiftKey }) {
    const letter = key.toLowerCase();
    if (letter === "z") this.actions.step(shiftKey ? "redo" : "undo");
    else if (letter === "y") this.actions.step("redo");
    else if (letter === "a") this.selection.selectAll();
    else return false;
    return true;
  }

  /**
   * @param {string} key
   * @param {HTMLInputElement} target
   * @param {Place} place
   */
  #pressedOnCell(key, target, place) {
    if (key === "Enter" && this.marks.goToAnswers(place.line, place.column)) return true;
    if (key === "Enter" || key === "F2") this.editor.edit(target, "inside");
    else if (key === "Delete" || key === "Backspace") this.clear();
    else if (key === "Escape") {
      if (place.line.kept.has(place.column)) this.actions.takeBack(place);
      this.selection.select(this.selection.from);
    } else return false;
    return true;
  }

  /** @param {[down: number, right: number]} steps */
  #move([down, right]) {
    if (right) this.cursor.moveStops(right);
    else this.cursor.moveRows(down);
  }

  /**
   * What is typed on a heading is written in the next cell of the column: the key itself goes where the focus is.
   * @param {HTMLElement} heading
   */
  #typedOnHeading(heading) {
    const next = this.cursor.nextCell(heading, 1);
    next?.focus();
    if (next) return false;
    const words = this.table.texts.say("noCell");
    this.bar.say(words);
    announce(words);
    return true;
  }

  /* Empties the selected cells; a text and a cost kind can't be empty. */
  clear() {
    /** @type {ReadonlySet<string>} */
    const kept = new Set(NEVER_EMPTY);
    const cells = this.selection.block().flatMap(({ line, columns }) =>
      columns.filter((column) => !kept.has(column) && line.text(column) !== "").map((column) => ({ line, column, text: "" })));
    if (cells.length) this.actions.commit(cells);
    if (isCell(this.cursor.current ?? null)) /** @type {HTMLInputElement} */ (this.cursor.current).select();
  }
}
