/* Words above the table that stay until they are closed, also over a reload: they may hold all that is left of a text. */
import { find, make, makeButton } from "./dom.js";
import { announce } from "./texts.js";
/** @import { Table } from "./table.js" */

export class Notes {
  /**
   * @param {Table} table
   * @param {() => void} closed Called when one has been closed.
   */
  constructor(table, closed) {
    this.box = find(table.section, "#grid-told");
    this.close = table.texts.say("close");
    this.closed = closed;
    /** @type {string[]} */
    this.told = [];
  }

  /** @param {string[]} texts */
  tell(texts) {
    const body = make("div", {}, ...texts.map((text) => make("p", { textContent: text })));
    const note = make("div", { className: "msg msg-bad" });
    const close = makeButton(this.close, "btn btn-quiet btn-sm", () => {
      note.remove();
      this.told = this.told.filter((text) => !texts.includes(text));
      this.closed();
    });
    note.append(make("span"), body, close);
    this.told.push(...texts);
    this.box.append(note);
    announce(texts.join(" "));
  }
}
