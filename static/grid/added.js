/* Tells above the table how many lines a paste has added and where, with their undo. */
import { find } from "./dom.js";
import { announce, sayNumber } from "./texts.js";
/** @import { AddedRow, Change } from "./changes.js" */
/** @import { Cursor } from "./cursor.js" */
/** @import { Selection } from "./selection.js" */
/** @import { Table } from "./table.js" */

export class AddedNote {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Cursor} parts.cursor
   * @param {Selection} parts.selection
   * @param {() => void} undo
   */
  constructor({ table, cursor, selection }, undo) {
    this.table = table;
    this.cursor = cursor;
    this.selection = selection;
    this.undo = undo;
    this.template = /** @type {HTMLTemplateElement} */ (find(table.section, "#grid-added"));
    /** @type {HTMLElement | null} */
    this.note = null;
  }

  /**
   * After a save: what was told of an earlier one does not undo this one.
   * @param {Change} change
   */
  saved({ action, added = [] }) {
    this.#age();
    if (action === "paste" && added.length) this.#tell(added);
  }

  /** @param {AddedRow[]} added */
  #tell(added) {
    this.note?.remove();
    const { texts, section, lines } = this.table;
    const products = new Set(added.map(({ product }) => this.table.productName(product)));
    const values = { count: sayNumber(added.length), product: [...products].join(", ") };
    const words = texts.say(added.length === 1 ? "addedOne" : "addedMany", values);
    const unnamed = this.#draw(words, added.every(({ cells }) => cells?.text));
    const last = lines.get(added[added.length - 1].line);
    const { from, to } = this.selection;
    if (to && last) this.selection.select(from, { line: last, column: to.column });
    find(section, "#grid-told").append(/** @type {HTMLElement} */ (this.note));
    this.note?.scrollIntoView({ block: "nearest" });
    announce(unnamed ? `${words} ${unnamed}` : words);
  }

  /**
   * Returns what is told of lines without a text, if there are any.
   * @param {string} words
   * @param {boolean} areNamed
   */
  #draw(words, areNamed) {
    const copy = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const note = /** @type {HTMLElement} */ (copy.firstElementChild);
    const unnamed = find(note, "[data-unnamed]");
    find(note, "[data-words]").textContent = words;
    unnamed.hidden = areNamed;
    find(note, "[data-undo]").addEventListener("click", this.undo);
    find(note, "[data-close]").addEventListener("click", () => this.close());
    this.note = note;
    return areNamed ? "" : unnamed.textContent;
  }

  #age() {
    const undo = this.note?.querySelector("[data-undo]");
    if (undo && undo === document.activeElement) this.cursor.focus();
    undo?.remove();
  }

  close() {
    if (this.note?.contains(document.activeElement)) this.cursor.focus();
    this.note?.remove();
    this.note = null;
  }
}
