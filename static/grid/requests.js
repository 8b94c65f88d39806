/* What the grid asks the server: to save, to take a step back or on, and what others have changed since. */
import { find } from "./dom.js";
/** @import { Change } from "./changes.js" */
/** @import { StoredLine } from "./line.js" */
/** @import { Field } from "./marks.js" */
/** @import { Table } from "./table.js" */

/** @typedef {{ line: string, product: string, seen: string, html: string }} DrawnRow */
/**
 * What a save, an undo or somebody else has changed, and the sums now.
 * @typedef {object} Answer
 * @property {Record<string, StoredLine>} lines
 * @property {Record<string, StoredLine>} news Changed by others.
 * @property {DrawnRow[]} rows Rows with a new place.
 * @property {Record<string, string[]>} places The lines of each product that has other rows, in order.
 * @property {string[]} gone
 * @property {number} count
 * @property {Record<string, number[]>} products
 * @property {string} undo
 * @property {string} redo
 * @property {NextSteps} steps
 * @property {string} [said]
 * @property {string} [act] What history calls it, where something was changed.
 */
/** @typedef {{ undo: number | string, redo: number | string }} NextSteps Which steps undo and redo take; empty where there is none. */
/** @typedef {{ undo: string, redo: string, steps: NextSteps, said?: string, refused?: string }} StepAnswer */
/** @typedef {{ line: string, field: Field, typed: string, place: string, reason: string }} BadCell */
/** @typedef {{ line: string, field: Field, typed: string, words: string, keep: string, take: string }} Clash */
/** @typedef {{ bad: BadCell[], gone: BadCell[], clashes: Clash[], lines: Record<string, StoredLine> }} Refusal */
/** @typedef {"offline" | "broken"} Waiting Why a change waits and is tried again. */
/** @typedef {"signedOut" | "refused"} Stopped Why nothing is sent until somebody asks for it. */
/**
 * @typedef {{ answer: Answer } | { refusal: Refusal } | { waiting: Waiting } | { stopped: Stopped, response: Response }} Outcome
 */

// A request that outlives its page may be this long.
const MOST_TO_KEEP_ALIVE = 60_000;
const LONGEST_WAIT = 30_000;

/** @param {HTMLFormElement} form */
const tokenOf = (form) =>
  document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1] ??
  /** @type {HTMLInputElement} */ (find(form, "[name=csrfmiddlewaretoken]")).value;

/** @param {Response} response */
const stopOf = (response) => ({ stopped: /** @type {Stopped} */ (response.status === 401 ? "signedOut" : "refused"), response });

export class Requests {
  /** @param {Table} table */
  constructor({ form, unit }) {
    this.form = form;
    this.unit = unit;
    this.url = form.action;
    const { undoStep = "", redoStep = "" } = form.dataset;
    this.steps = /** @type {NextSteps} */ ({ undo: undoStep, redo: redoStep });
    // The moment up to which the page knows what others have changed.
    this.since = /** @type {HTMLInputElement} */ (find(form, "[name=loaded]")).value;
  }

  /**
   * @param {Change} change
   * @returns {Promise<Outcome>}
   */
  async save(change) {
    let response;
    let answer = null;
    try {
      response = await this.#fetch(this.url, { body: JSON.stringify(change) });
      if ((response.headers.get("Content-Type") ?? "").includes("json")) answer = await response.json();
    } catch {
      return { waiting: "offline" };
    }
    if (response.ok && answer) return { answer: this.#see(answer) };
    if (answer && (response.status === 409 || response.status === 422)) return { refusal: answer };
    if (response.ok || response.status >= 500) return { waiting: "broken" };
    return stopOf(response);
  }

  /**
   * Names the step, so that what arrives twice is done once.
   * @param {"undo" | "redo"} direction
   * @returns {Promise<{ taken: Answer } | { untaken: StepAnswer } | { waiting: Waiting } | { stopped: Stopped, response: Response }>}
   */
  async step(direction) {
    try {
      const named = new URLSearchParams({ step: String(this.steps[direction]) });
      const response = await this.#fetch(this.form.dataset[direction] ?? "", { body: named });
      if (response.ok) return { taken: this.#see(await response.json()) };
      if (response.status !== 409) return stopOf(response);
      const untaken = /** @type {StepAnswer} */ (await response.json());
      this.steps = untaken.steps;
      return { untaken };
    } catch {
      return { waiting: "offline" };
    }
  }

  /**
   * Keeps why something was done. Returns null when it is kept, else what is wrong, empty when there was no answer.
   * @param {string} address
   * @param {string} words
   */
  async sayWhy(address, words) {
    try {
      const response = await this.#fetch(address, { body: new URLSearchParams({ words }) });
      if (response.ok) return null;
      return response.status === 422 ? await response.text() : "";
    } catch {
      return "";
    }
  }

  /**
   * What others have changed; null when that can't be said now.
   * @returns {Promise<{ see: () => Answer } | null>} Seen only where it is used.
   */
  async look() {
    try {
      const address = `${this.url.split("?")[0]}?since=${encodeURIComponent(this.since)}`;
      const response = await this.#fetch(address, { method: "GET" });
      if (!response.ok) return null;
      const answer = await response.json();
      return { see: () => this.#see(answer) };
    } catch {
      return null; // the next look finds it
    }
  }

  /**
   * @param {string} url
   * @param {{ method?: string, body?: string | URLSearchParams }} [options]
   */
  #fetch(url, { method = "POST", body } = {}) {
    const own = { "X-CSRFToken": tokenOf(this.form), "X-Grid": "1", "X-Unit": this.unit, "X-Since": this.since, "HX-Request": "true" };
    const isEdit = typeof body === "string";
    const headers = isEdit ? { ...own, "Content-Type": "application/json" } : own;
    const keepalive = isEdit && body.length < MOST_TO_KEEP_ALIVE;
    return fetch(url, { method, body, headers, keepalive, credentials: "same-origin", signal: AbortSignal.timeout(LONGEST_WAIT) });
  }

  /** @param {Answer} answer */
  #see(answer) {
    for (const { seen } of [...Object.values(answer.lines), ...Object.values(answer.news), ...answer.rows]) {
      if (seen > this.since) this.since = seen;
    }
    this.steps = answer.steps;
    return answer;
  }
}
