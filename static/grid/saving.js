/* Saves what is typed, one request a change, in order. What could not be sent is kept in the browser's session storage
   and tried again, so that neither a lost connection nor a reload nor an expired session loses what somebody typed. */
import { FIELDS, Line } from "./table.js";
import { isHinted, isMarked, mark, unmark } from "./marks.js";
import { drop, keyOf, load, store } from "./storage.js";

const WAITS = [2, 5, 10, 30];
const QUANTITY = 2;
const PRICE = 3;
const PAIR = [QUANTITY, PRICE];
// A request that outlives its page may be this long.
const MOST_TO_KEEP_ALIVE = 60_000;

export const announce = (words) => {
  const region = document.getElementById("announce");
  if (region) region.textContent = words;
};

const token = () =>
  document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1] ??
  document.querySelector("#grid-form [name=csrfmiddlewaretoken]").value;

/* A kept cell of a line that is not shown: the server says whether it can be saved now, and if not why. */
const changeOf = ({ line, at, text, opened: { seen, was } }) => ({ action: "cells", changed: [{ line, seen, was, cells: { [FIELDS[at]]: text } }] });

export class Saver {
  /* `page` applies answers and asks people: {apply, refuse, settled, stepped, forget, tell, told}. */
  constructor(table, page) {
    this.table = table;
    this.page = page;
    this.form = table.form;
    this.url = this.form.action;
    this.queue = [];
    this.busy = false;
    this.failed = 0;
    this.stopped = "";
    this.since = this.form.elements.loaded.value;
    this.key = keyOf(this.form.dataset.scope, this.url);
    this.names = load(this.key)?.names ?? {};
    this.output = table.section.querySelector("[data-grid-state]");
    this.retry = table.section.querySelector("[data-grid-retry]");
    this.retry.addEventListener("click", () => this.again());
    this.giveUp = table.section.querySelector("[data-grid-drop]");
    this.giveUp.addEventListener("click", () => this.drop());
  }

  /* Takes typed cells and new lines, shows the cells, and saves all as one step. Cells: [{line, at, text}]. */
  commit(cells, action = "cells", added = []) {
    const byLine = new Map();
    for (const cell of cells) {
      if (cell.line.holds(cell.at, cell.text) && !isMarked(cell.line, FIELDS[cell.at])) continue;
      if (!byLine.has(cell.line)) byLine.set(cell.line, []);
      byLine.get(cell.line).push(cell);
    }
    const changed = [...byLine].map(([line, own]) => this.take(line, own)).filter(Boolean);
    this.table.sum();
    if (added.length) this.push({ action, changed, added });
    else if (changed.length) this.push({ action, changed });
    else this.keep();
    return changed.length + added.length;
  }

  /* A cell comes with what its author saw when it was first written: a correction of a refused cell does so too. */
  take(line, own) {
    const sent = new Set([...own.map(({ at }) => at), ...PAIR.filter((at) => isHinted(line, FIELDS[at]))]);
    const opened = [...own.map((cell) => cell.opened), ...[...sent].map((at) => line.kept.get(at))].filter(Boolean);
    const was = Object.assign(line.was([...sent].map((at) => FIELDS[at])), ...opened.map((one) => one.was));
    const seen = opened.map((one) => one.seen).reduce((first, one) => (one < first ? one : first), line.seen);
    for (const { at, text } of own) {
      line.set(at, text);
      unmark(this.table, line, FIELDS[at]);
    }
    for (const at of sent) line.kept.delete(at);
    this.hold(line, sent, { seen, was });
    this.table.showLine(line);
    if (!sent.size) return null;
    const cells = Object.fromEntries([...sent].map((at) => [FIELDS[at], line.typed[at]]));
    return { line: line.key, seen, cells, was };
  }

  /* A quantity waits for its price, and a price for its quantity: alone neither means anything. */
  hold(line, sent, opened) {
    for (const at of PAIR) if (isHinted(line, FIELDS[at])) unmark(this.table, line, FIELDS[at]);
    for (const [at, other, words] of [[QUANTITY, PRICE, "pair"], [PRICE, QUANTITY, "pairQuantity"]]) {
      if (sent.has(at) && line.text(at).trim() && !line.text(other).trim() && !sent.has(other)) {
        mark(this.table, line, FIELDS[at], this.table.say(words), { kind: "hint" });
        line.keep(at, opened);
        sent.delete(at);
        return;
      }
    }
  }

  push(change) {
    this.queue.push(change);
    this.keep();
    this.flush();
  }

  get waiting() {
    return this.queue.length;
  }

  /* All that is typed and not saved: on its way, refused or waiting, and told of lines that are gone. */
  keep() {
    if (this.retired) return;
    const kept = this.kept();
    const { queue, page: { told } } = this;
    if (queue.length || kept.length || told.length) store(this.key, { queue, kept, told, names: this.name(queue, kept) });
    else drop(this.key);
    this.state();
  }

  /* What the lines are called, for a page that can't show them: product and text. */
  name(queue, kept) {
    const rows = [...queue.flatMap((change) => ["changed", "added", "moved", "deleted"].flatMap((part) => change[part] ?? [])), ...kept];
    const nameOf = (row) => {
      const line = this.table.lines.get(row.line);
      const product = this.page.rows.productName(line?.product ?? row.product);
      return [product, line?.saved[0]].filter(Boolean).join(", ");
    };
    this.names = Object.fromEntries(rows.map((row) => [row.line, nameOf(row) || this.names[row.line]]));
    return this.names;
  }

  kept() {
    return [...this.table.lines.values()].flatMap((line) =>
      [...line.kept].map(([at, opened]) => ({ line: line.key, at, text: line.typed[at], opened })));
  }

  /* What an earlier page could not save is typed again, and sent again, so that it is told again what is wrong with it. */
  restore() {
    const stored = load(this.key);
    if (!stored) return;
    for (const change of stored.queue) this.show(change);
    this.queue = [...stored.queue, ...stored.kept.filter(({ line }) => !this.table.lines.has(line)).map(changeOf)];
    const cells = stored.kept.map((cell) => ({ ...cell, line: this.table.lines.get(cell.line) })).filter((cell) => cell.line);
    for (const text of stored.told) this.page.tell([text]);
    if (this.queue.length || cells.length) announce(this.table.say("restored"));
    this.commit(cells);
    this.flush();
  }

  /* Another table has taken over, with all that was kept. */
  retire() {
    this.retired = true;
    clearTimeout(this.timer);
  }

  show(change) {
    for (const { line: key, cells } of change.changed ?? []) {
      const line = this.table.lines.get(key);
      if (!line) continue;
      for (const [field, text] of Object.entries(cells)) line.set(Line.name(field), text);
      this.table.showLine(line);
    }
  }

  again() {
    this.stopped = "";
    this.failed = 0;
    this.flush();
  }

  flush() {
    this.flushing ??= this.run().finally(() => { this.flushing = null; });
    return this.flushing;
  }

  async run() {
    if (this.busy || this.stopped || this.retired) return;
    this.busy = true;
    clearTimeout(this.timer);
    try {
      while (this.queue.length) {
        this.state();
        const rest = await this.send(this.queue[0]);
        if (rest === false || this.retired) break;
        if (rest) this.queue[0] = rest;
        else this.queue.shift();
        this.keep();
      }
    } finally {
      this.busy = false;
      this.state();
    }
    if (!this.retired) this.page.settled();
  }

  /* Returns null when the change is done with, what is left of it to send, or false when it must wait. */
  async send(change) {
    let response;
    let answer = null;
    try {
      response = await this.fetch(this.url, { body: JSON.stringify(change), type: "application/json" });
      if ((response.headers.get("Content-Type") ?? "").includes("json")) answer = await response.json();
    } catch {
      return this.wait("offline");
    }
    if (response.ok && answer) {
      this.failed = 0;
      this.done(answer, change);
      return null;
    }
    if (answer && (response.status === 409 || response.status === 422)) return this.page.refuse(change, answer);
    if (response.ok || response.status >= 500) return this.wait("broken");
    return this.stop(response, response.status === 401 ? "signedOut" : "refused");
  }

  /* Gives up the change that can't be saved: its cells go back to what is saved. */
  drop() {
    const change = this.queue.shift();
    if (!change) return;
    this.page.forget(change, null);
    this.keep();
    this.again();
  }

  fetch(url, { method = "POST", body, type } = {}) {
    const headers = { "X-CSRFToken": token(), "X-Grid": "1", "X-Unit": this.table.unit, "X-Since": this.since, "HX-Request": "true" };
    if (type) headers["Content-Type"] = type;
    const keepalive = Boolean(body) && body.length < MOST_TO_KEEP_ALIVE;
    return fetch(url, { method, body, headers, keepalive, credentials: "same-origin", signal: AbortSignal.timeout(30_000) });
  }

  done(answer, change) {
    for (const { line: key, cells } of change?.changed ?? []) {
      const line = this.table.lines.get(key);
      for (const [field, text] of Object.entries(cells)) {
        if (line && line.typed[Line.name(field)] === text) line.set(Line.name(field), null);
      }
    }
    this.see(answer);
    this.page.apply(answer, change);
    this.savedAt = new Date();
  }

  see(answer) {
    for (const stored of [...Object.values(answer.lines), ...Object.values(answer.news), ...answer.rows]) {
      if (stored.seen > this.since) this.since = stored.seen;
    }
  }

  wait(reason) {
    const seconds = WAITS[Math.min(this.failed, WAITS.length - 1)];
    this.failed += 1;
    this.reason = reason;
    this.timer = setTimeout(() => this.flush(), seconds * 1000);
    return false;
  }

  async stop(response, reason) {
    this.stopped = reason;
    const region = document.getElementById("errors");
    if (region && response.headers.get("X-Error-Note")) region.innerHTML = await response.text();
    return false;
  }

  /* Undo and redo, one after the other; what is typed is saved first. */
  step(direction) {
    this.stepping = (this.stepping ?? Promise.resolve()).then(() => this.takeStep(direction));
    return this.stepping;
  }

  async takeStep(direction) {
    await this.flush();
    if (this.queue.length) {
      announce(this.output.textContent);
      return;
    }
    this.busy = true;
    this.state();
    const found = await this.fetch(this.form.dataset[direction]).then(
      async (response) => ({ response, answer: response.ok || response.status === 409 ? await response.json() : null }),
    ).catch(() => null);
    this.busy = false;
    if (!found) {
      announce(this.table.say("offline"));
      this.output.textContent = this.table.say("offline");
      return;
    }
    const { response, answer } = found;
    if (!answer) await this.stop(response, response.status === 401 ? "signedOut" : "refused");
    else {
      if (response.ok) this.done(answer, null);
      this.page.stepped(answer);
    }
    this.state();
    if (this.queue.length) this.flush();
  }

  async look() {
    if (this.busy || this.queue.length) return;
    try {
      const response = await this.fetch(`${this.url.split("?")[0]}?since=${encodeURIComponent(this.since)}`, { method: "GET" });
      if (!response.ok || this.busy) return;
      const answer = await response.json();
      this.see(answer);
      this.page.apply(answer, null);
      this.page.settled();
    } catch {
      // The next look finds it.
    }
  }

  state() {
    const count = this.queue.reduce((sum, { changed = [], added = [] }) =>
      sum + Math.max(1, [...changed, ...added].reduce((n, row) => n + Object.values(row.cells ?? {}).length, 0)), 0);
    const isStuck = Boolean(count) && (this.stopped || this.failed);
    const kept = this.kept().length;
    let words = "";
    if (isStuck) {
      const many = count === 1 ? this.table.say("one") : this.table.say("many", { count });
      words = `${many}. ${this.table.say(this.stopped || this.reason)}`;
    } else if (count || this.busy) words = this.table.say("saving");
    else if (kept) words = kept === 1 ? this.table.say("keptOne") : this.table.say("keptMany", { count: kept });
    else if (this.savedAt) words = this.table.say("saved", { time: this.savedAt.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) });
    if (this.output.textContent !== words) this.output.textContent = words;
    this.output.classList.toggle("stuck", Boolean(isStuck || kept));
    this.retry.hidden = !isStuck;
    this.giveUp.hidden = !isStuck || (!this.stopped && this.reason === "offline");
  }
}
