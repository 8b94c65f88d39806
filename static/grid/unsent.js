/* What somebody typed in the grid and could not save, listed where the lines are no longer open to them: to be copied,
   discarded, or left for the day when they are open again. */
import { entriesOf } from "./changes.js";
import { find, make } from "./dom.js";
import { drop, keyOf, load, store } from "./storage.js";
import { Texts, sayNumber } from "./texts.js";
/** @import { AddedRow, Change, ChangedRow } from "./changes.js" */
/** @import { Held } from "./storage.js" */

/** @typedef {[line: string, column: string, text: string]} Told */

/* What is held, as one row for each cell: the same cell typed twice is one. */
class Listing {
  /**
   * @param {Texts} texts
   * @param {Held["names"]} names
   */
  constructor(texts, names) {
    this.texts = texts;
    this.names = names;
    /** @type {Map<string, Told>} */
    this.rows = new Map();
  }

  /** @param {Held} held */
  list({ queue, kept }) {
    for (const change of queue) this.#listChange(change);
    for (const { line, column, text } of kept) this.#put(line, column, text || this.texts.say("empty"));
    return [...this.rows.values()];
  }

  /** @param {Change} change */
  #listChange({ changed = [], added = [], moved = [], deleted = [] }) {
    for (const row of changed) this.#listCells(row);
    for (const row of added) this.#listAdded(row);
    for (const { line } of moved) this.#put(line, "", this.texts.say("moved"));
    for (const { line } of deleted) this.#put(line, "", this.texts.say("deleted"));
  }

  /** @param {AddedRow} row */
  #listAdded(row) {
    const name = [this.names[row.line], row.cells?.text || this.texts.say("newLine")].filter(Boolean).join(", ");
    if (Object.values(row.cells ?? {}).some(Boolean)) this.#listCells(row, name);
    else this.#put(row.line, "", this.texts.say("added"), name);
  }

  /**
   * @param {ChangedRow | AddedRow} row
   * @param {string} [name] Of a new line, whose empty cells are nothing that was typed.
   */
  #listCells({ line, cells = {} }, name) {
    for (const [column, text] of entriesOf(cells)) if (text || !name) this.#put(line, column, text || this.texts.say("empty"), name);
  }

  /**
   * @param {string} line
   * @param {string} column
   * @param {string} text
   * @param {string} [name]
   */
  #put(line, column, text, name = this.names[line]) {
    this.rows.set(`${line}:${column}`, [name || "–", this.texts.byKey[column] ?? "–", text]);
  }
}

class Unsent {
  /**
   * @param {HTMLElement} box
   * @param {string} key
   * @param {Held} held
   */
  constructor(box, key, held) {
    this.box = box;
    this.key = key;
    this.held = held;
    this.texts = new Texts(/** @type {HTMLTemplateElement} */ (find(box, "template")));
    this.rows = new Listing(this.texts, held.names).list(held);
    this.title = find(box, "h3");
    this.status = find(box, "[role=status]");
    this.#part("copy-rows").addEventListener("click", () => this.#copy());
    this.#part("discard").addEventListener("click", () => this.#discard());
    this.#part("return").addEventListener("click", () => this.#return());
    if (!this.rows.length && !held.told.length) return;
    this.#write();
    box.hidden = false;
  }

  /** @param {string} name */
  #part(name) {
    return find(this.box, `[data-${name}]`);
  }

  #write() {
    const { told } = this.held;
    const count = this.rows.length + told.length;
    this.title.textContent = this.texts.say(count === 1 ? "one" : "many", { count: sayNumber(count) });
    const body = find(this.box, "tbody");
    for (const [line, column, text] of this.rows) {
      body.append(make("tr", {}, make("th", { scope: "row", textContent: line }),
        make("td", { className: "nowrap", textContent: column }), make("td", { textContent: text })));
    }
    find(this.box, "[role=region]").hidden = !this.rows.length;
    this.#part("told").replaceChildren(...told.map((text) => make("li", { textContent: text })));
  }

  async #copy() {
    const text = [...this.rows.map((row) => row.join("\t")), ...this.held.told].join("\r\n");
    try {
      await navigator.clipboard.writeText(text);
      this.status.textContent = this.texts.say("copied");
    } catch {
      document.getSelection()?.selectAllChildren(this.#part("listed"));
      this.status.textContent = this.texts.say("notCopied");
    }
  }

  #discard() {
    drop(this.key);
    this.#show(false);
    this.title.textContent = this.texts.say("discarded");
    this.#part("return").focus();
  }

  /* Until the page is left, what was discarded can be had back. */
  #return() {
    store(this.key, this.held);
    find(this.box, "tbody").replaceChildren();
    this.#write();
    this.#show(true);
    this.#part("discard").focus();
  }

  /** @param {boolean} isListed */
  #show(isListed) {
    this.status.textContent = "";
    for (const name of ["listed", "copy-rows", "discard"]) this.#part(name).hidden = !isListed;
    this.#part("return").hidden = isListed;
  }
}

const box = document.getElementById("unsent");
const key = keyOf(box?.dataset.scope, box?.dataset.grid);
const held = load(key);
if (box && held) new Unsent(box, key, held);
