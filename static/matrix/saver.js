/* Sends what is typed, one request at a time, and shows what comes back: cells, sums and the part above the table, which
   follows when the calculation has run. What can't be sent is kept in its cell and tried again. */
import { find, write } from "../grid/dom.js";
import { announce } from "../grid/texts.js";
/** @import { Texts } from "../grid/texts.js" */
/** @import { Cells, RefusedCell, TypedCell } from "./cells.js" */

/** @typedef {{ step: number | string, words: string }} Step */
/**
 * @typedef {object} Answer
 * @property {number} count
 * @property {RefusedCell[]} refused
 * @property {Record<string, (string | null)[]>} cells
 * @property {Record<string, string>} figures
 * @property {boolean} isBehind
 * @property {string} overview
 * @property {Step} undo
 * @property {Step} redo
 * @property {string} [said]
 */

const SOON = 1_000;
const SELDOM = 15_000;
const LONGEST_WAIT = 30_000;

/** @param {HTMLFormElement} form */
const tokenOf = (form) =>
  document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1] ??
  /** @type {HTMLInputElement} */ (find(form, "[name=csrfmiddlewaretoken]")).value;

export class Saver {
  /**
   * @param {{ section: HTMLElement, form: HTMLFormElement, cells: Cells, texts: Texts }} parts
   * @param {() => void} shown Told when cells were refused or mended.
   */
  constructor({ section, form, cells, texts }, shown) {
    this.form = form;
    this.cells = cells;
    this.texts = texts;
    this.shown = shown;
    this.state = find(section, "[data-matrix-state]");
    this.retry = find(section, "[data-retry]");
    /** @type {{ cells: TypedCell[], action: string }[]} */
    this.queue = [];
    this.isBusy = false;
    this.isBehind = document.getElementById("matrix-overview")?.dataset.behind === "1";
    this.overview = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Date | null} */
    this.savedAt = null;
    this.steps = this.#wireSteps(section);
    this.retry.addEventListener("click", () => this.#send());
    window.addEventListener("online", () => this.#send());
    window.addEventListener("beforeunload", (event) => {
      if (this.queue.length) event.preventDefault();
    });
    this.#lookLater();
  }

  /** @param {HTMLElement} section */
  #wireSteps(section) {
    /** @type {Record<string, HTMLButtonElement>} */
    const buttons = {};
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (section.querySelectorAll("[data-step]"))) {
      const direction = button.dataset.step ?? "";
      buttons[direction] = button;
      button.form?.addEventListener("submit", (event) => {
        event.preventDefault();
        this.step(direction);
      });
    }
    return buttons;
  }

  /**
   * @param {TypedCell[]} cells
   * @param {string} action
   */
  commit(cells, action) {
    if (!cells.length) return;
    this.queue.push({ cells, action });
    this.#send();
  }

  async #send() {
    if (this.isBusy || !this.queue.length) return;
    this.isBusy = true;
    this.#say("saving");
    const [change] = this.queue;
    const answer = await this.#ask(this.form.action, { body: JSON.stringify(change), type: "application/json" });
    this.isBusy = false;
    if (!answer) return;
    this.queue.shift();
    this.savedAt = new Date();
    this.#take(answer);
    this.#send();
  }

  /** @param {string} direction */
  async step(direction) {
    const button = this.steps[direction];
    if (this.isBusy || this.queue.length || button?.disabled !== false) return;
    this.isBusy = true;
    const step = /** @type {HTMLInputElement} */ (find(/** @type {HTMLFormElement} */ (button.form), "[name=step]")).value;
    const answer = await this.#ask(this.form.dataset[direction] ?? "", { body: String(new URLSearchParams({ step })), type: "application/x-www-form-urlencoded" });
    this.isBusy = false;
    if (!answer) return;
    this.savedAt = new Date();
    this.#take(answer);
    if (answer.said) announce(answer.said);
    if (answer.said) write(this.state, answer.said);
  }

  /**
   * @param {string} url
   * @param {{ body?: string, type?: string }} [sent]
   * @returns {Promise<Answer | null>} Null where nothing was taken; why is said.
   */
  async #ask(url, { body, type = "" } = {}) {
    const headers = { "X-CSRFToken": tokenOf(this.form), "X-Grid": "1", "HX-Request": "true", ...(type && { "Content-Type": type }) };
    try {
      const response = await fetch(url, { method: body === undefined ? "GET" : "POST", body, headers, signal: AbortSignal.timeout(LONGEST_WAIT) });
      if (response.ok) {
        this.retry.hidden = true;
        return await response.json();
      }
      this.#fail(response.status === 401 ? "signedOut" : "broken");
      if (response.status >= 500) setTimeout(() => this.#send(), SELDOM);
    } catch {
      this.#fail("offline");
      setTimeout(() => this.#send(), SELDOM);
    }
    return null;
  }

  /** @param {string} key */
  #fail(key) {
    if (!this.queue.length) return;
    this.retry.hidden = false;
    this.#say(key);
    announce(this.texts.say(key));
  }

  /** @param {Answer} answer */
  #take(answer) {
    const waiting = new Set(this.queue.flatMap(({ cells }) => cells.map((cell) => this.cells.find(cell.to, cell.pool))));
    this.cells.show(answer.cells, (input) => waiting.has(input));
    this.cells.showFigures(answer.figures);
    for (const cell of answer.refused) this.cells.refuse(cell);
    this.#showOverview(answer);
    for (const direction of /** @type {("undo" | "redo")[]} */ (["undo", "redo"])) this.#showStep(direction, answer[direction]);
    this.shown();
    this.#sayState();
    if (answer.refused.length) announce(answer.refused.map(({ reason }) => reason).join(" "));
  }

  /** @param {Answer} answer */
  #showOverview({ overview, isBehind }) {
    const part = document.getElementById("matrix-overview");
    if (part && this.overview !== overview) {
      part.innerHTML = overview;
      this.overview = overview;
    }
    if (part) part.dataset.behind = isBehind ? "1" : "";
    this.isBehind = isBehind;
    this.#lookLater();
  }

  /**
   * @param {string} direction
   * @param {Step} step
   */
  #showStep(direction, { step, words }) {
    const button = this.steps[direction];
    if (!button?.form) return;
    /** @type {HTMLInputElement} */ (find(button.form, "[name=step]")).value = String(step);
    button.disabled = !step;
    button.title = words;
  }

  #lookLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#look(), this.isBehind ? SOON : SELDOM);
  }

  async #look() {
    if (document.hidden || this.isBusy || this.queue.length) return this.#lookLater();
    const answer = await this.#ask(this.form.action);
    if (answer && !this.isBusy && !this.queue.length) this.#take(answer);
    else this.#lookLater();
  }

  #sayState() {
    const time = this.savedAt?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const bad = this.cells.bad.size;
    this.state.classList.toggle("stuck", bad > 0);
    if (bad) write(this.state, this.texts.say("bad", { count: bad }));
    else if (time) write(this.state, this.texts.say(this.isBehind ? "calculating" : "saved", { time }));
  }

  /** @param {string} key */
  #say(key) {
    write(this.state, this.texts.say(key));
  }
}
