/* Asks about cells that can't be taken, before anything is pasted. */
import { find, make } from "./dom.js";
import { sayNumber } from "./texts.js";
/** @import { Table } from "./table.js" */

/**
 * @typedef {object} Question
 * @property {number} count Cells that can't be taken.
 * @property {number} all
 * @property {string[]} items What is wrong, in words.
 * @property {boolean} [isHopeless] Nothing is left to take.
 * @property {boolean} [isUnnamed] Lines would be added without a text.
 */

const MOST_LISTED = 200;

export class Ask {
  /** @param {Table} table */
  constructor({ section, texts }) {
    this.texts = texts;
    this.dialog = /** @type {HTMLDialogElement} */ (find(section, "#grid-ask"));
    this.yes = find(this.dialog, "[data-yes]");
    this.no = find(this.dialog, "[data-no]");
  }

  /**
   * Whether the others are to be taken.
   * @param {Question} question
   * @returns {Promise<boolean>}
   */
  ask(question) {
    this.#write(question);
    this.dialog.showModal();
    return new Promise((resolve) => {
      /** @param {boolean} isAgreed */
      const end = (isAgreed) => {
        this.dialog.close();
        resolve(isAgreed);
      };
      this.yes.onclick = () => end(true);
      this.no.onclick = () => end(false);
      this.dialog.oncancel = () => resolve(false);
    });
  }

  /** @param {Question} question */
  #write({ count, all, items, isHopeless = false, isUnnamed = false }) {
    const { dialog, texts } = this;
    find(dialog, "h2").textContent = texts.say("askTitle", { count: sayNumber(count), all: sayNumber(all) });
    find(dialog, "[data-words]").textContent = texts.say("askWords");
    find(dialog, "[data-unnamed]").hidden = !isUnnamed;
    this.yes.textContent = texts.say("askYes", { count: sayNumber(all - count) });
    this.yes.hidden = isHopeless;
    const listed = items.slice(0, MOST_LISTED).map((words) => make("li", { textContent: words }));
    find(dialog, "[data-list]").replaceChildren(...listed);
  }
}
