/* Says how far what is typed has come: saved, on its way, refused, or waiting for a connection. */
import { find, write } from "./dom.js";
/** @import { Table } from "./table.js" */

/** @typedef {"offline" | "broken" | "signedOut" | "refused" | ""} Reason */
/**
 * @typedef {object} State
 * @property {number} count What is not saved, in cells.
 * @property {number} kept Cells that somebody must correct.
 * @property {boolean} isBusy
 * @property {Reason} reason Why it can't be saved now; empty when it can.
 * @property {boolean} isStopped Whether nothing is tried again by itself.
 * @property {Date | null} savedAt
 */

export class StateLine {
  /**
   * @param {Table} table
   * @param {{ again: () => void, drop: () => void }} actions
   */
  constructor({ section, texts }, { again, drop }) {
    this.texts = texts;
    this.output = find(section, "[data-grid-state]");
    this.retry = find(section, "[data-grid-retry]");
    this.giveUp = find(section, "[data-grid-drop]");
    this.retry.addEventListener("click", again);
    this.giveUp.addEventListener("click", drop);
  }

  get words() {
    return this.output.textContent ?? "";
  }

  /** @param {State} state */
  show(state) {
    const isStuck = Boolean(state.count && state.reason);
    write(this.output, this.#say(state, isStuck));
    this.output.classList.toggle("stuck", isStuck || state.kept > 0);
    this.retry.hidden = !isStuck;
    this.giveUp.hidden = !isStuck || (!state.isStopped && state.reason === "offline");
  }

  /** @param {string} key */
  say(key) {
    write(this.output, this.texts.say(key));
  }

  /**
   * @param {State} state
   * @param {boolean} isStuck
   */
  #say({ count, kept, isBusy, reason, savedAt }, isStuck) {
    if (isStuck) return `${this.#count(count, "one", "many")}. ${this.texts.say(reason)}`;
    if (count || isBusy) return this.texts.say("saving");
    if (kept) return this.#count(kept, "keptOne", "keptMany");
    if (!savedAt) return "";
    const time = savedAt.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    return this.texts.say("saved", { time });
  }

  /**
   * @param {number} count
   * @param {string} one
   * @param {string} many
   */
  #count(count, one, many) {
    return this.texts.say(count === 1 ? one : many, { count });
  }
}
