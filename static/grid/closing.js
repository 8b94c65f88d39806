/* A step on, such as submitting, is closed while something is typed and not saved, and says where. */
import { isColumn } from "./columns.js";
import { find, make, makeIcon, write } from "./dom.js";
import { announce, sayNumber } from "./texts.js";
/** @import { KeptCell } from "./changes.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Saver } from "./saver.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCells } from "./typed.js" */
/** @import { Finder } from "./find.js" */

export class Closing {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Marks} parts.marks
   * @param {TypedCells} parts.typed
   * @param {Finder} parts.finder
   * @param {Saver} parts.saver
   */
  constructor({ table, marks, typed, finder, saver }) {
    this.table = table;
    this.marks = marks;
    this.typed = typed;
    this.finder = finder;
    this.saver = saver;
    this.box = find(table.section, "#grid-closed");
    this.links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("a[data-goes-on]")]);
    for (const link of this.links) link.onclick = (event) => this.#chosen(event, link);
  }

  /* After every change of what is kept: the links look closed, and the list follows while it is open. It opens only where
     somebody asks to go on: the table should not move under those who type. */
  show() {
    const kept = this.typed.kept();
    for (const link of this.links) link.toggleAttribute("data-closed", this.saver.isHolding);
    if (!kept.length && !this.saver.isWaiting) this.box.replaceChildren();
    else if (kept.length && this.box.hasChildNodes()) this.#list(kept);
  }

  /**
   * What is on its way is saved first.
   * @param {Event} event
   * @param {HTMLAnchorElement} link
   */
  async #chosen(event, link) {
    if (!this.saver.isHolding && !this.saver.isWaiting) return;
    event.preventDefault();
    await this.saver.flush();
    if (!this.saver.isHolding && !this.saver.isWaiting) location.assign(link.href);
    else this.#tell();
  }

  #tell() {
    const kept = this.typed.kept();
    if (kept.length) this.#list(kept);
    else this.#draw(this.table.texts.say("notSent"), []);
    announce(this.box.textContent ?? "");
    this.box.focus();
  }

  /** @param {KeptCell[]} kept */
  #list(kept) {
    const key = kept.length === 1 ? "closedOne" : "closedMany";
    this.#draw(this.table.texts.say(key, { count: sayNumber(kept.length) }), kept.map((cell) => this.#link(cell)));
  }

  /** @param {KeptCell} cell */
  #link({ line: key, column, text }) {
    const line = this.table.lines.get(key);
    const why = line && this.marks.words(line, column);
    const link = make("a", { href: `#line-${key}`, textContent: `${line ? this.table.place(line, column) : key}: ${why ?? text}` });
    link.addEventListener("click", (event) => {
      event.preventDefault();
      if (!line || !isColumn(column)) return;
      if (line.row.hidden) this.finder.reveal(line);
      line.inputs[column].focus();
    });
    return make("li", {}, link);
  }

  /**
   * @param {string} words
   * @param {HTMLElement[]} items
   */
  #draw(words, items) {
    const list = items.length ? [make("ul", {}, ...items)] : [];
    const title = make("h3");
    write(title, words);
    this.box.replaceChildren(make("div", { className: "msg msg-bad mb-3" }, makeIcon("bad"), make("div", {}, title, ...list)));
  }
}
