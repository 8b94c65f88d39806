/* Why something was changed, in the person's own words: asked for by a button or F8 once it is saved, kept with what was done. */
import { find } from "./dom.js";
import { announce } from "./texts.js";
/** @import { Requests } from "./requests.js" */
/** @import { Table } from "./table.js" */

const NO_ACT = "00000000-0000-0000-0000-000000000000";

export class Why {
  /**
   * @param {Table} table
   * @param {Requests} requests
   */
  constructor({ section, texts, form }, requests) {
    this.texts = texts;
    this.requests = requests;
    this.address = form.dataset.why ?? "";
    // What was saved since somebody last wrote why, the newest last.
    /** @type {string[]} */
    this.acts = [];
    this.button = find(section, "[data-grid-why]");
    this.dialog = /** @type {HTMLDialogElement} */ (find(section, "#grid-why"));
    this.input = /** @type {HTMLInputElement} */ (find(this.dialog, "input[type=text]"));
    this.all = /** @type {HTMLInputElement} */ (find(this.dialog, "input[type=checkbox]"));
    this.wrong = find(this.dialog, "[data-wrong]");
    this.button.addEventListener("click", () => this.open());
    find(this.dialog, "[data-no]").addEventListener("click", () => this.dialog.close());
    find(this.dialog, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
  }

  /** @param {string | undefined} act */
  take(act) {
    if (!act) return;
    this.acts.push(act);
    this.button.hidden = false;
  }

  open() {
    if (!this.acts.length) {
      announce(this.texts.say("whyNothing"));
      return;
    }
    this.wrong.textContent = "";
    this.all.checked = false;
    const part = find(this.dialog, "[data-all]");
    part.hidden = this.acts.length < 2;
    find(part, "span").textContent = this.texts.say("whyAll", { count: this.acts.length });
    this.dialog.showModal();
    this.input.focus();
  }

  /* What could not be kept stays in the field, with what is wrong. */
  async #send() {
    const acts = this.all.checked ? this.acts : this.acts.slice(-1);
    for (const act of acts) {
      const wrong = await this.requests.sayWhy(this.address.replace(NO_ACT, act), this.input.value);
      if (wrong !== null) {
        this.wrong.textContent = wrong || this.texts.say("whyOffline");
        return;
      }
    }
    this.acts = [];
    this.input.value = "";
    this.button.hidden = true;
    this.dialog.close();
    announce(this.texts.say("whySaved"));
  }
}
