/* Keys, selection and the clipboard of the table of hours. A cell that has the focus is selected; typing replaces what is in
   it, F2 and a double click write on in it. */
import { readBlock, textOf, writeBlock } from "../grid/clipboard.js";
import { leave } from "../grid/leaving.js";
import { spreadsheet } from "../grid/numbers.js";
/** @import { Texts } from "../grid/texts.js" */
/** @import { Cells, TypedCell } from "./cells.js" */

/**
 * @typedef {object} Actions
 * @property {(cells: TypedCell[], action: string) => void} commit
 * @property {(direction: string) => void} step
 * @property {(words: string) => void} tell
 */

/** @type {(element: EventTarget | null) => element is HTMLInputElement} */
const isCell = (element) => element instanceof HTMLInputElement && element.matches("input.cell");

export class Keys {
  /**
   * @param {HTMLTableElement} table
   * @param {Cells} cells
   * @param {Actions} actions
   * @param {Texts} texts
   */
  constructor(table, cells, actions, texts) {
    this.table = table;
    this.cells = cells;
    this.actions = actions;
    this.texts = texts;
    this.isWriting = false;
    /** @type {HTMLInputElement | null} */
    this.from = null;
    /** @type {HTMLInputElement | null} */
    this.to = null;
    /** @type {(HTMLInputElement | null)[][]} */
    this.block = [];
    /** @type {HTMLInputElement[]} */
    this.selected = [];
    table.addEventListener("focusin", ({ target }) => isCell(target) && this.#enter(target));
    table.addEventListener("focusout", ({ target }) => isCell(target) && this.#finish(target));
    table.addEventListener("input", () => (this.isWriting = true));
    table.addEventListener("dblclick", () => (this.isWriting = true));
    table.addEventListener("keydown", (event) => isCell(event.target) && this.#press(event, event.target));
    table.addEventListener("mousedown", (event) => isCell(event.target) && event.shiftKey && this.#extend(event, event.target));
    table.addEventListener("copy", (event) => this.#copy(event));
    table.addEventListener("cut", (event) => this.#copy(event) && this.#empty());
    table.addEventListener("paste", (event) => this.#paste(event));
  }

  /** The rows that are shown, each with its cells by column. */
  #rows() {
    const rows = /** @type {HTMLElement[]} */ ([...this.table.querySelectorAll("tr[data-row]")]);
    return rows.filter((row) => row.offsetParent !== null).map((row) =>
      this.cells.pools.map((_pool, column) => /** @type {HTMLInputElement | null} */ (row.querySelector(`input[name$=":${column + 1}"]`))));
  }

  /** @param {HTMLInputElement} input */
  #enter(input) {
    this.isWriting = false;
    input.select();
    this.#select(input, input);
    this.cells.tell(input);
  }

  /** @param {HTMLInputElement} input */
  #finish(input) {
    this.isWriting = false;
    if (input.value.trim() !== this.cells.saved.get(input) && !this.cells.bad.has(input)) this.actions.commit(this.cells.take([input]), "cells");
    else if (this.cells.bad.has(input) && input.dataset.tried !== input.value) this.actions.commit(this.cells.take([input]), "cells");
    input.dataset.tried = input.value;
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} input
   */
  #press(event, input) {
    const act = this.#actOf(event, input);
    if (!act) return;
    event.preventDefault();
    act();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} input
   * @returns {(() => void) | null}
   */
  #actOf({ key, shiftKey, ctrlKey, metaKey, altKey }, input) {
    if (ctrlKey || metaKey) {
      if (this.isWriting || altKey) return null;
      if (key.toLowerCase() === "z") return () => this.actions.step(shiftKey ? "redo" : "undo");
      return key.toLowerCase() === "y" ? () => this.actions.step("redo") : null;
    }
    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const arrow = arrows[/** @type {keyof typeof arrows} */ (key)];
    if (arrow && !this.isWriting) return () => (shiftKey ? this.#stretch(arrow[0], arrow[1]) : this.#move(input, arrow[0], arrow[1]));
    if (arrow?.[0]) return () => this.#move(input, arrow[0], 0);
    if (key === "Enter") return () => this.#move(input, shiftKey ? -1 : 1, 0);
    if (key === "F2") return () => this.#write(input);
    if (key === "F6") return () => leave(this.table, shiftKey ? -1 : 1);
    if (key === "Escape") return () => this.#escape(input);
    if ((key === "Delete" || key === "Backspace") && !this.isWriting) return () => this.#empty();
    return null;
  }

  /** @param {HTMLInputElement} input */
  #write(input) {
    this.isWriting = true;
    input.setSelectionRange(input.value.length, input.value.length);
  }

  /** @param {HTMLInputElement} input */
  #escape(input) {
    const isChanged = input.value !== this.cells.saved.get(input);
    this.cells.takeBack(input);
    this.isWriting = false;
    if (isChanged) input.select();
    else leave(this.table, 1);
  }

  /**
   * To the next cell in a direction; Enter saves also where there is none.
   * @param {HTMLInputElement} input
   * @param {number} down
   * @param {number} right
   */
  #move(input, down, right) {
    const rows = this.#rows();
    let row = rows.findIndex((cells) => cells.includes(input));
    let column = rows[row]?.indexOf(input) ?? -1;
    do [row, column] = [row + down, column + right];
    while (rows[row] && column >= 0 && column < this.cells.pools.length && !rows[row][column]);
    const next = rows[row]?.[column];
    if (!next) return this.#finish(input);
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /**
   * Selects the rectangle between two cells.
   * @param {HTMLInputElement} from
   * @param {HTMLInputElement} to
   */
  #select(from, to) {
    const rows = this.#rows();
    this.from = from;
    this.to = to;
    const [a, b] = [from, to].map((cell) => rows.findIndex((cells) => cells.includes(cell))).sort((one, two) => one - two);
    const [c, d] = [from, to].map((cell) => Number(cell.name.split(":")[1]) - 1).sort((one, two) => one - two);
    for (const cell of this.selected) cell.closest("td")?.classList.remove("sel");
    this.block = rows.slice(a, b + 1).map((cells) => cells.slice(c, d + 1));
    this.selected = this.block.flat().filter((cell) => cell !== null);
    if (this.selected.length > 1) for (const cell of this.selected) cell.closest("td")?.classList.add("sel");
  }

  /**
   * @param {number} down
   * @param {number} right
   */
  #stretch(down, right) {
    const rows = this.#rows();
    const to = this.to ?? this.from;
    if (!to || !this.from) return;
    const row = rows.findIndex((cells) => cells.includes(to)) + down;
    const next = rows[row]?.[rows[row - down].indexOf(to) + right];
    if (next) this.#select(this.from, next);
  }

  /**
   * @param {MouseEvent} event
   * @param {HTMLInputElement} input
   */
  #extend(event, input) {
    if (!this.from) return;
    event.preventDefault();
    this.#select(this.from, input);
  }

  #empty() {
    const cells = this.selected;
    for (const cell of cells) cell.value = "";
    this.actions.commit(this.cells.take(cells), cells.length > 1 ? "paste" : "cells");
    return true;
  }

  /** @param {ClipboardEvent} event */
  #copy(event) {
    if (this.isWriting || !this.block.length || !isCell(event.target)) return false;
    event.clipboardData?.setData("text/plain", writeBlock(this.block.map((cells) => cells.map((cell) => spreadsheet(cell?.value ?? "")))));
    event.preventDefault();
    return true;
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    if (this.isWriting || !isCell(event.target) || !this.selected.length) return;
    event.preventDefault();
    const read = readBlock(textOf(event.clipboardData));
    const [first] = this.selected;
    const rows = this.#rows();
    const top = rows.findIndex((cells) => cells.includes(first));
    const left = rows[top].indexOf(first);
    const isOne = read.length === 1 && read[0].length === 1;
    /** @type {HTMLInputElement[]} */
    const changed = [];
    let outside = 0;
    if (isOne) for (const cell of this.selected) changed.push(Object.assign(cell, { value: read[0][0] }));
    else {
      for (const [down, texts] of read.entries()) {
        for (const [right, text] of texts.entries()) {
          const cell = rows[top + down]?.[left + right];
          if (cell) changed.push(Object.assign(cell, { value: text.trim() }));
          else if (text.trim()) outside += 1;
        }
      }
    }
    this.actions.commit(this.cells.take(changed), "paste");
    if (outside) this.actions.tell(this.texts.say("outside", { count: outside }));
  }
}
