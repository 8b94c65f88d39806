/* Saves what is typed, one request per change, in order. What could not be sent is kept in the browser's session storage
   and tried again, so that neither a lost connection nor a reload nor an expired session loses what somebody typed. */
import { changeOf, countChanges, rowsOf } from "./changes.js";
import { isColumn } from "./columns.js";
import { Requests } from "./requests.js";
import { StateLine } from "./state.js";
import { drop, keyOf, load, store } from "./storage.js";
import { announce } from "./texts.js";
/** @import { Action, AddedRow, Change, ChangedRow } from "./changes.js" */
/** @import { Notes } from "./notes.js" */
/** @import { Answer, Refusal, StepAnswer, Stopped, Waiting } from "./requests.js" */
/** @import { Reason } from "./state.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCell, TypedCells } from "./typed.js" */

/**
 * What the saver tells of, and asks.
 * @typedef {object} SaverEvents
 * @property {(answer: Answer) => void} answered The server has told what is new.
 * @property {(change: Change) => void} saved
 * @property {(change: Change, refusal: Refusal) => Promise<Change | null>} refused
 *   Returns what is left of the change to send, or null.
 * @property {(changed: ChangedRow[]) => Partial<Change>} taken Typed cells are on their way; with what more is asked for them.
 * @property {() => void} kept What is typed and not saved has become another.
 * @property {() => void} settled Nothing is on its way any more.
 * @property {(answer: StepAnswer) => void} stepped
 */

const WAITS = [2, 5, 10, 30];

export class Saver {
  /**
   * @param {{ table: Table, typed: TypedCells, notes: Notes }} parts
   * @param {SaverEvents} events
   */
  constructor({ table, typed, notes }, events) {
    this.table = table;
    this.typed = typed;
    this.notes = notes;
    this.events = events;
    this.requests = new Requests(table);
    this.stateLine = new StateLine(table, { again: () => this.again(), drop: () => this.drop() });
    this.key = keyOf(table.form.dataset.scope, table.form.action);
    this.names = load(this.key)?.names ?? {};
    /** @type {Change[]} */
    this.queue = [];
    this.isBusy = false;
    this.isRetired = false;
    this.isStopped = false;
    this.failed = 0;
    /** @type {Reason} */
    this.reason = "";
    /** @type {Date | null} */
    this.savedAt = null;
    this.timer = 0;
    /** @type {Promise<void> | null} */
    this.flushing = null;
    this.stepping = Promise.resolve();
  }

  /**
   * Takes typed cells and new lines, shows the cells, and saves all as one step. Returns how many lines are concerned.
   * @param {TypedCell[]} cells
   * @param {Action} [action]
   * @param {AddedRow[]} [added]
   */
  commit(cells, action = "cells", added = []) {
    const changed = this.typed.take(cells);
    const more = changed.length || added.length ? this.events.taken(changed) : {};
    if (added.length) this.push({ action, changed, added, ...more });
    else if (changed.length) this.push({ action, changed, ...more });
    else this.keep();
    return changed.length + added.length;
  }

  /** @param {Change} change */
  push(change) {
    this.queue.push(change);
    this.keep();
    this.flush();
  }

  get isWaiting() {
    return this.queue.length > 0;
  }

  /** Whether something would be lost with the page. */
  get isHolding() {
    return (this.isWaiting && Boolean(this.reason)) || this.typed.kept().length > 0;
  }

  /* All that is typed and not saved: on its way, refused or waiting, and told of lines that are gone. */
  keep() {
    if (this.isRetired) return;
    const [kept, queue, told] = [this.typed.kept(), this.queue, this.notes.told];
    this.names = this.#nameLines([...queue.flatMap(rowsOf), ...kept]);
    if (queue.length || kept.length || told.length) store(this.key, { queue, kept, told, names: this.names });
    else drop(this.key);
    this.#showState();
  }

  /**
   * What lines are called, for a page that can't show them: product and text.
   * @param {{ line: string, product?: string }[]} rows
   */
  #nameLines(rows) {
    return Object.fromEntries(rows.map((row) => {
      const line = this.table.lines.get(row.line);
      const product = this.table.productName(line?.product ?? row.product ?? "");
      return [row.line, [product, line?.saved.text].filter(Boolean).join(", ") || this.names[row.line]];
    }));
  }

  /* What an earlier page could not save is typed again, and sent again, so that it is told again what is wrong with it. */
  restore() {
    const held = load(this.key);
    if (!held) return;
    const kept = held.kept.filter(({ column }) => isColumn(column));
    for (const change of held.queue) this.typed.show(change);
    this.queue = [...held.queue, ...kept.filter(({ line }) => !this.table.lines.has(line)).map(changeOf)];
    const cells = kept.flatMap((cell) => {
      const line = this.table.lines.get(cell.line);
      return line ? { ...cell, line } : [];
    });
    for (const text of held.told) this.notes.tell([text]);
    if (this.queue.length || cells.length) announce(this.table.texts.say("restored"));
    this.commit(cells);
    this.flush();
  }

  /* Another table has taken over, with all that was kept. */
  retire() {
    this.isRetired = true;
    clearTimeout(this.timer);
  }

  again() {
    this.isStopped = false;
    this.reason = "";
    this.failed = 0;
    this.flush();
  }

  flush() {
    this.flushing ??= this.#run().finally(() => { this.flushing = null; });
    return this.flushing;
  }

  async #run() {
    if (this.isBusy || this.isStopped || this.isRetired) return;
    this.isBusy = true;
    clearTimeout(this.timer);
    try {
      await this.#sendAll();
    } finally {
      this.isBusy = false;
      this.#showState();
    }
    if (!this.isRetired) this.events.settled();
  }

  async #sendAll() {
    while (this.queue.length) {
      this.#showState();
      const rest = await this.#send(this.queue[0]);
      if (rest === "waits" || this.isRetired) return;
      if (rest) this.queue[0] = rest;
      else this.queue.shift();
      this.keep();
    }
  }

  /**
   * Returns what is left of a change to send, or null when it is done with.
   * @param {Change} change
   * @returns {Promise<Change | null | "waits">}
   */
  async #send(change) {
    const outcome = await this.requests.save(change);
    if ("answer" in outcome) {
      [this.failed, this.reason] = [0, ""];
      this.typed.saved(change);
      this.#answered(outcome.answer);
      this.events.saved(change);
      return null;
    }
    if ("refusal" in outcome) return this.events.refused(change, outcome.refusal);
    if ("waiting" in outcome) this.#wait(outcome.waiting);
    else await this.#stop(outcome);
    return "waits";
  }

  /** @param {Answer} answer */
  #answered(answer) {
    this.events.answered(answer);
    this.savedAt = new Date();
  }

  /* Gives up the change that can't be saved: its cells go back to what is saved. */
  drop() {
    const change = this.queue.shift();
    if (!change) return;
    this.typed.forget(change, null);
    this.keep();
    this.again();
  }

  /** @param {Waiting} reason */
  #wait(reason) {
    const seconds = WAITS[Math.min(this.failed, WAITS.length - 1)];
    this.failed += 1;
    this.reason = reason;
    this.timer = setTimeout(() => this.flush(), seconds * 1000);
  }

  /** @param {{ stopped: Stopped, response: Response }} outcome */
  async #stop({ stopped, response }) {
    this.isStopped = true;
    this.reason = stopped;
    const region = document.getElementById("errors");
    if (region && response.headers.get("X-Error-Note")) region.innerHTML = await response.text();
  }

  /**
   * Undo and redo, one after the other; what is typed is saved first.
   * @param {"undo" | "redo"} direction
   */
  step(direction) {
    this.stepping = this.stepping.then(() => this.#takeStep(direction));
    return this.stepping;
  }

  /** @param {"undo" | "redo"} direction */
  async #takeStep(direction) {
    await this.flush();
    if (this.queue.length) {
      announce(this.stateLine.words);
      return;
    }
    this.isBusy = true;
    this.#showState();
    const outcome = await this.requests.step(direction);
    this.isBusy = false;
    if ("waiting" in outcome) {
      this.stateLine.say(outcome.waiting);
      announce(this.stateLine.words);
      return;
    }
    if ("taken" in outcome) {
      this.#answered(outcome.taken);
      this.events.stepped(outcome.taken);
    } else if ("untaken" in outcome) this.events.stepped(outcome.untaken);
    else await this.#stop(outcome);
    this.#showState();
    if (this.queue.length) this.flush();
  }

  /* Asks what others have changed, where nothing of one's own is on its way. */
  async look() {
    if (this.isBusy || this.queue.length) return;
    const seen = await this.requests.look();
    if (!seen || this.isBusy) return;
    this.events.answered(seen.see());
    this.events.settled();
  }

  #showState() {
    const { isBusy, isStopped, reason, savedAt } = this;
    this.stateLine.show({ count: countChanges(this.queue), kept: this.typed.kept().length, isBusy, isStopped, reason, savedAt });
    this.events.kept();
  }
}
