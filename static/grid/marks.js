/* Messages about cells: a row below the line with words and, where there is a choice, its buttons; tied to the cell. */
import { COLUMNS } from "./columns.js";
import { make, makeButton } from "./dom.js";
/** @import { Column } from "./columns.js" */
/** @import { Line } from "./line.js" */
/** @import { Table } from "./table.js" */

/** @typedef {"bad" | "clash" | "ask" | "hint" | "news"} Kind From the heaviest to the lightest. */
/** @typedef {[words: string, action: () => void]} Choice */
/** @typedef {{ words: string, kind: Kind, choices: Choice[] }} Message */
/** @typedef {Column | ""} Field Empty for the whole line. */

/** @type {Kind[]} */
const KINDS = ["bad", "clash", "ask", "hint", "news"];

/** @param {Line} line */
const rowId = (line) => `msg-${line.key}`;

export class Marks {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    this.width = table.element.tHead?.rows[0].cells.length ?? 1;
    /** @type {WeakMap<Line, Map<Field, Message>>} */
    this.messages = new WeakMap();
  }

  /**
   * @param {Line} line
   * @param {Field} field
   * @param {string} words
   * @param {{ kind?: Kind, choices?: Choice[] }} [options]
   */
  mark(line, field, words, { kind = "bad", choices = [] } = {}) {
    const messages = this.messages.get(line) ?? new Map();
    this.messages.set(line, messages.set(field, { words, kind, choices }));
    this.#draw(line, messages);
  }

  /**
   * @param {Line} line
   * @param {Field} field
   */
  unmark(line, field) {
    const messages = this.messages.get(line);
    if (messages?.delete(field)) this.#draw(line, messages);
  }

  /**
   * @param {Line} line
   * @param {Field} field
   */
  isMarked(line, field) {
    return Boolean(this.messages.get(line)?.has(field));
  }

  /**
   * @param {Line} line
   * @param {Field} field
   */
  isHinted(line, field) {
    return this.messages.get(line)?.get(field)?.kind === "hint";
  }

  /**
   * From a cell to the answers of its question; false where it has none.
   * @param {Line} line
   * @param {Column} column
   */
  goToAnswers(line, column) {
    if (this.messages.get(line)?.get(column)?.kind !== "ask") return false;
    const button = document.getElementById(rowId(line))?.querySelector(`[data-field="${column}"] button`);
    if (button instanceof HTMLElement) button.focus();
    return true;
  }

  /**
   * @param {Line} line
   * @param {Field} field
   */
  isNews(line, field) {
    return this.messages.get(line)?.get(field)?.kind === "news";
  }

  /**
   * What is said about a cell.
   * @param {Line} line
   * @param {Field} field
   */
  words(line, field) {
    return this.messages.get(line)?.get(field)?.words;
  }

  /**
   * The messages again, in a row that was drawn anew.
   * @param {Line} line
   */
  redraw(line) {
    const messages = this.messages.get(line);
    if (messages?.size) this.#draw(line, messages);
  }

  /**
   * @param {Line} line
   * @param {Map<Field, Message>} messages
   */
  #draw(line, messages) {
    document.getElementById(rowId(line))?.remove();
    for (const column of COLUMNS) tie(line, column, messages.get(column));
    if (!messages.size) return;
    const kinds = [...messages.values()].map((message) => message.kind);
    const heaviest = KINDS.find((kind) => kinds.includes(kind));
    const cell = make("td", { colSpan: this.width }, ...Array.from(messages, ([field, message]) => this.#write(line, field, message)));
    const row = make("tr", { id: rowId(line), className: `cell-msg is-${heaviest}` }, cell);
    (document.getElementById(`form-${line.key}`) ?? line.row).after(row);
  }

  /**
   * @param {Line} line
   * @param {Field} field
   * @param {Message} message
   */
  #write(line, field, { words, kind, choices }) {
    const place = field && kind !== "clash" ? `${this.table.heading(field)}: ` : "";
    const buttons = choices.map(([label, action]) =>
      makeButton(label, "btn btn-secondary btn-sm", () => {
        this.unmark(line, field);
        action();
      }));
    const message = make("div", {}, make("span", { textContent: place + words }), ...buttons);
    message.dataset.field = field;
    message.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && field) line.inputs[field].focus();
    });
    return message;
  }
}

/**
 * A cell's look, and the words that are read with it.
 * @param {Line} line
 * @param {Column} column
 * @param {Message | undefined} message
 */
function tie(line, column, message) {
  const input = line.inputs[column];
  const isBad = message?.kind === "bad";
  input.parentElement?.classList.toggle("bad", isBad);
  input.parentElement?.classList.toggle("clash", message?.kind === "clash" || message?.kind === "hint");
  if (isBad) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  if (message) input.setAttribute("aria-describedby", rowId(line));
  else input.removeAttribute("aria-describedby");
}
