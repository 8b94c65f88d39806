/* What each key does: while one points at a cell, while one writes in it, and on a heading. */
import { NEVER_EMPTY } from "./columns.js";
import { STOPS, canType, isCell, splitClosed } from "./cursor.js";
import { elementOf } from "./dom.js";
import { fillDown, fillRight } from "./filling.js";
import { jumpFrom } from "./jump.js";
import { leave } from "./leaving.js";
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
 * @property {() => void} sayWhy
 * @property {(target: HTMLElement) => void} openMenu
 * @property {(place: Place) => void} takeBack A refused cell.
 * @property {(sum: HTMLElement) => void} writeSum
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
    const isHandled = this.#pressedAnywhere(event, target)
      || (isEditing ? this.#pressedWriting(event, target) : this.#pressedPointing(event, target));
    if (isHandled) event.preventDefault();
  }

  /**
   * Tab, F6 and F8 do the same while one writes and while one points. What is being written is taken.
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   */
  #pressedAnywhere({ key, shiftKey, ctrlKey, metaKey, altKey }, target) {
    if (!["Tab", "F6", "F8"].includes(key) || ctrlKey || metaKey || altKey) return false;
    const step = shiftKey ? -1 : 1;
    this.editor.finishAny();
    if (key === "F8") {
      this.actions.sayWhy();
      return true;
    }
    if (key === "F6") leave(this.table.element, step);
    else if (!this.cursor.goAcross(target, step)) this.#say(step > 0 ? "lastCell" : "firstCell");
    return true;
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
      if (!this.cursor.goOn(input, shiftKey ? -1 : 1)) this.#say(shiftKey ? "noCellAbove" : "noCell");
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
    const place = this.cursor.placeOf(target);
    if (isCommand(event) && this.#pressedCommand(event, place)) return true;
    if (isMenuKey(event)) this.actions.openMenu(target);
    else if (STEPS[event.key] && !event.altKey) this.#pressedStep(event, place);
    else if (event.key === "Home" || event.key === "End") this.cursor.moveToEdge(event.key === "End", isCommand(event));
    else if (place && isCell(target)) return this.#pressedOnCell(event, target, place);
    else if (event.key === "Escape") leave(this.table.element, 1);
    else if (isTyped(event)) return this.#typedBeside(target);
    else return false;
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

  /**
   * @param {KeyboardEvent} event
   * @param {Place | null} place
   */
  #pressedCommand({ key, shiftKey, altKey }, place) {
    const letter = key.toLowerCase();
    if (letter === "z") this.actions.step(shiftKey ? "redo" : "undo");
    else if (letter === "y") this.actions.step("redo");
    else if (letter === "a") this.selection.selectAll();
    else if (!place || altKey) return false;
    else if (ARROWS[key]) this.#jump(place, ARROWS[key], shiftKey);
    else if (letter === "d" || letter === "r") this.#fill(letter === "r");
    else return false;
    return true;
  }

  /**
   * @param {Place} place
   * @param {[down: number, right: number]} steps
   * @param {boolean} isExtending
   */
  #jump(place, steps, isExtending) {
    if (isExtending) this.selection.extendTo(jumpFrom(this.cursor, this.selection.end ?? place, steps));
    else this.cursor.goTo(jumpFrom(this.cursor, place, steps));
  }

  /** @param {boolean} isRight */
  #fill(isRight) {
    const block = this.selection.block();
    const lines = this.cursor.lines();
    const above = lines[lines.indexOf(block[0].line) - 1];
    const cells = isRight ? fillRight(block) : fillDown(block, above);
    const { open, closed } = splitClosed(cells);
    if (open.length) this.actions.commit(open);
    const words = this.table.texts.say("filled", { count: open.length });
    if (closed.length) this.#say("closedCells", { count: closed.length }, open.length ? words : "");
    else announce(words);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} target
   * @param {Place} place
   */
  #pressedOnCell(event, target, place) {
    const { key } = event;
    const isClosed = !canType(target);
    if (key === "Enter" && this.marks.goToAnswers(place.line, place.column)) return true;
    if ((key === "Enter" || key === "F2" || isTyped(event)) && isClosed) this.#say("closedCell");
    else if (key === "Enter" || key === "F2") this.editor.edit(target, "inside");
    else if (key === "Delete" || key === "Backspace") this.clear();
    else if (key === "Escape") this.#escape(place);
    else return false;
    return true;
  }

  /**
   * Takes back a refused cell, else what is selected beside it, else leaves the table.
   * @param {Place} place
   */
  #escape(place) {
    const { kept } = place.line;
    if (!kept.has(place.column) && !this.selection.to) leave(this.table.element, 1);
    else if (kept.has(place.column)) this.actions.takeBack(place);
    this.selection.select(this.selection.from);
  }

  /** @param {[down: number, right: number]} steps */
  #move([down, right]) {
    if (right) this.cursor.moveStops(right);
    else this.cursor.moveRows(down);
  }

  /**
   * What is typed beside the cells is written in one of them: on a heading in the next of the column, on a line's menu in the
   * line's own, on a sum in its place. The key itself goes where the focus is.
   * @param {HTMLElement} stop
   */
  #typedBeside(stop) {
    if (stop.matches(".sum-act")) {
      this.actions.writeSum(stop);
      return false;
    }
    const own = this.table.lineOf(stop)?.inputs[this.cursor.column];
    const next = canType(own) && own.offsetParent !== null ? own : this.cursor.nextCell(stop, 1);
    next?.focus();
    if (next) return false;
    this.#say("noCell");
    return true;
  }

  /**
   * @param {string} key
   * @param {Record<string, number>} [values]
   * @param {string} [before] What else is said.
   */
  #say(key, values = {}, before = "") {
    const words = `${before} ${this.table.texts.say(key, values)}`.trim();
    this.bar.say(words);
    announce(words);
  }

  /* Empties the selected cells; a text and a cost kind can't be empty. */
  clear() {
    /** @type {ReadonlySet<string>} */
    const kept = new Set(NEVER_EMPTY);
    const cells = this.selection.block().flatMap(({ line, columns }) =>
      columns.filter((column) => !kept.has(column) && line.text(column) !== "").map((column) => ({ line, column, text: "" })));
    const { open, closed } = splitClosed(cells);
    if (open.length) this.actions.commit(open);
    if (isCell(this.cursor.current ?? null)) /** @type {HTMLInputElement} */ (this.cursor.current).select();
    if (closed.length) this.#say("closedCells", { count: closed.length });
  }
}
