/* The grid of a sub-budget's lines, on a native table of inputs that is an ordinary form without this script.
   table.js holds the lines, keys.js moves and writes, pasting.js pastes, saving.js sends, find.js folds and finds; this ties
   them together. */
import { FIELDS, Line, Table } from "./table.js";
import { Finder } from "./find.js";
import { Keys } from "./keys.js";
import { Paster } from "./pasting.js";
import { Rows } from "./rows.js";
import { Saver, announce } from "./saving.js";
import { mark, unmark } from "./marks.js";
import { formatTkr } from "./numbers.js";

const MOST_TOLD = 5;
let shown = null;

class Grid {
  constructor(section) {
    this.section = section;
    this.told = [];
    this.table = new Table(section);
    this.saver = new Saver(this.table, this);
    this.keys = new Keys(this.table, this.saver, this);
    this.paster = new Paster(this.table, this.saver, this);
    this.finder = new Finder(this.table, (words) => {
      this.keys.anchor();
      if (words) announce(words);
    });
    this.rows = new Rows(this.table, this.saver, this);
    section.querySelectorAll("[data-by-script]").forEach((part) => { part.hidden = false; });
    section.querySelectorAll("[data-without-script]").forEach((part) => part.remove());
    for (const button of section.querySelectorAll("[data-step]")) {
      button.closest("form").addEventListener("submit", (event) => {
        event.preventDefault();
        this.step(button.dataset.step);
      });
    }
    this.table.form.addEventListener("submit", (event) => event.preventDefault());
    section.querySelector("[data-many]").addEventListener("click", (event) => this.openMany(event));
    const many = section.querySelector("#grid-many");
    many.addEventListener("click", (event) => {
      if (!event.target.closest("[data-close-dialog]")) return;
      event.preventDefault();
      many.close();
    });
    this.table.sum();
    this.saver.restore();
  }

  /* What a save, an undo or somebody else has changed. */
  apply(answer, change) {
    for (const [key, stored] of Object.entries(answer.lines)) this.store(key, stored);
    this.finder.unfold(answer.rows);
    this.mustRefetch ||= !this.rows.place(answer);
    this.keys.anchor();
    this.news(Object.entries(answer.news));
    this.steps(answer);
    this.table.sum();
    this.answer = answer;
    if (change) this.paster.saved(change);
    if (change) this.totals(null);
  }

  /* What others have changed, in words below the line while they are few. */
  news(lines) {
    for (const [key, stored] of lines) {
      const line = this.table.lines.get(key);
      if (!line || stored.seen <= line.seen) continue; // known: two questions can be on their way at once
      const before = line.saved;
      this.store(key, stored);
      if (!stored.words) continue;
      const kronor = (at) => (this.table.unitOf(at) && this.table.unitOf(at) !== "kr" ? " kr" : "");
      const changes = before.map((was, at) => (was === line.saved[at] ? "" : `${this.table.heading(at)} ${was || "–"} → ${line.saved[at] || "–"}${kronor(at)}`));
      const words = [stored.words, changes.filter(Boolean).join(", ")].filter(Boolean).join(": ");
      line.row.classList.add("news");
      line.row.querySelector(".source").title = words;
      if (lines.length <= MOST_TOLD) mark(this.table, line, "", words, { kind: "news", choices: [[this.table.say("close"), () => {}]] });
      announce(`${line.text(0)}: ${words}`);
    }
  }

  store(key, stored) {
    const line = this.table.lines.get(key);
    if (!line) return null;
    line.store(stored);
    this.table.showLine(line);
    return line;
  }

  steps({ undo, redo }) {
    for (const [name, words] of [["undo", undo], ["redo", redo]]) {
      const button = this.section.querySelector(`[data-step=${name}]`);
      if (!words && button === document.activeElement) this.keys.current?.focus();
      button.disabled = !words;
      button.title = words;
    }
  }

  step(direction) {
    const button = this.section.querySelector(`[data-step=${direction}]`);
    if (!button.disabled || this.saver.waiting) this.saver.step(direction);
    return true;
  }

  stepped(answer) {
    this.steps(answer);
    if (answer.refused) this.tell([answer.refused]);
    else this.paster.close();
    if (answer.said) announce(`${answer.said} ${this.totalWords()}`);
  }

  totalWords() {
    return this.table.say("total", { year: this.table.years[0], amount: formatTkr(this.table.total[0]) });
  }

  totals() {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => announce(this.totalWords()), 400);
  }

  /* Everything is saved: if the server's sums differ, others have added or deleted lines, and the table is fetched anew. */
  settled() {
    const { answer, table } = this;
    this.answer = null;
    if (this.mustRefetch) return this.refetch();
    if (!answer || this.saver.waiting || table.editing || table.form.dataset.kind) return undefined;
    const differs = Object.entries(answer.products).some(([product, sums]) => {
      const own = table.sums.get(product);
      return !own || sums.some((amount, year) => BigInt(amount) !== own[year]);
    });
    const isHeld = [...table.lines.values()].some((line) => line.typed.some((text) => text !== null));
    if ((differs || answer.count !== table.lines.size) && !isHeld) this.refetch();
    return undefined;
  }

  refetch() {
    this.mustRefetch = false;
    window.htmx.ajax("GET", this.table.form.dataset.page, { target: "#lines", swap: "outerHTML" });
  }

  /* Before the table is replaced: what is being written is taken, and the storage hands it on to the new one. */
  leave() {
    if (this.table.editing) this.keys.finish(this.table.editing, true);
  }

  get isHolding() {
    return Boolean(this.saver.waiting && (this.saver.failed || this.saver.stopped)) || this.saver.kept().length > 0;
  }

  /* Somebody must choose: bad cells, somebody else's values, lines that are gone. Returns what is left to send, or null. */
  async refuse(change, { bad, gone, clashes, lines }) {
    if (change.action === "paste" && bad.length) return this.paster.ask(change, bad);
    const done = new Set();
    for (const cell of [...bad, ...gone, ...clashes]) done.add(`${cell.line}:${cell.field}`);
    for (const [key, stored] of Object.entries(lines)) this.store(key, stored);
    for (const { line: key, seen, was, cells } of change.changed ?? []) {
      for (const field of Object.keys(cells)) {
        if (done.has(`${key}:${field}`)) this.table.lines.get(key)?.keep(Line.name(field), { seen, was });
      }
    }
    for (const cell of bad) this.markBad(change, cell);
    for (const cell of clashes) this.markClash(change, cell, lines[cell.line].seen);
    if (gone.length) this.tell(gone.map((cell) => this.sayGone(change, cell)));
    const written = new Set((change.changed ?? []).map((row) => row.line));
    for (const cell of gone) if (written.has(cell.line)) this.rows.remove(cell.line);
    return this.without(change, done);
  }

  sayGone(change, cell) {
    const text = this.table.lines.get(cell.line)?.text(0) ?? this.saver.names[cell.line];
    const place = [text, cell.place].filter(Boolean).join(", ") || "–";
    const added = (change.added ?? []).find((row) => row.line === cell.line);
    const typed = added ? Object.values(added.cells ?? {}).filter(Boolean).join(" · ") : cell.typed;
    return this.table.say("gone", { ...cell, place, typed: typed || "–" });
  }

  without(change, done) {
    const good = (row) => Object.fromEntries(Object.entries(row.cells).filter(([field]) => !done.has(`${row.line}:${field}`)));
    const left = (name) => (change[name] ?? []).filter((row) => !done.has(`${row.line}:`));
    const changed = [];
    for (const row of change.changed ?? []) {
      const cells = good(row);
      if (Object.keys(cells).length) changed.push({ ...row, cells });
    }
    const added = left("added").map((row) => (row.cells ? { ...row, cells: good(row) } : row));
    const rest = { changed, added, moved: left("moved"), deleted: left("deleted") };
    return Object.values(rest).some((rows) => rows.length) ? { ...change, ...rest } : null;
  }

  /* A line that a filter hides can't be marked: what was typed there is told in words. */
  markBad(change, cell) {
    const { line: key, field, reason } = cell;
    const line = this.table.lines.get(key);
    if (!line) return this.tell([this.sayGone(change, cell)]);
    mark(this.table, line, field, reason, { choices: field ? [[this.table.say("takeBack"), () => this.takeBack(line, Line.name(field))]] : [] });
    announce(`${this.table.place(line, Math.max(0, Line.name(field)))}: ${reason}`);
    return undefined;
  }

  markClash(change, { line: key, field, typed, words, keep, take }, seen) {
    const line = this.table.lines.get(key);
    if (!line) {
      this.tell([[this.saver.names[key], words].filter(Boolean).join(": ")]);
      return;
    }
    const at = Line.name(field);
    const mine = () => {
      if (field) {
        line.set(at, null);
        line.seen = seen;
        this.saver.commit([{ line, at, text: typed }]);
      } else this.saver.push({ action: "delete", deleted: [{ line: key, seen }] });
    };
    const theirs = () => field && this.takeBack(line, at);
    mark(this.table, line, field, words, { kind: "clash", choices: [[keep, mine], [take, theirs]] });
    announce(words);
  }

  /* A typed cell that is not saved goes back to what is. */
  takeBack(line, at) {
    line.set(at, null);
    unmark(this.table, line, FIELDS[at]);
    this.table.showLine(line);
    this.table.sum();
    this.saver.keep();
  }

  /* Cells go back to what is saved: those named, or all of a change. */
  forget(change, named) {
    for (const { line: key, cells } of change.changed ?? []) {
      const line = this.table.lines.get(key);
      for (const field of Object.keys(cells)) if (line && (!named || named.has(`${key}:${field}`))) line.set(Line.name(field), null);
      if (line) this.table.showLine(line);
    }
    this.table.sum();
  }

  menu(line, anchor) {
    if (line) this.rows.open(line, anchor);
    return true;
  }

  /* Words above the table that stay until they are closed, also over a reload: they may hold all that is left of a text. */
  tell(texts) {
    const box = document.createElement("div");
    box.className = "msg msg-bad";
    const body = document.createElement("div");
    for (const text of texts) body.append(Object.assign(document.createElement("p"), { textContent: text }));
    const close = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-quiet btn-sm", textContent: this.table.say("close") });
    close.addEventListener("click", () => {
      box.remove();
      this.told = this.told.filter((text) => !texts.includes(text));
      this.saver.keep();
    });
    box.append(document.createElement("span"), body, close);
    this.told.push(...texts);
    this.section.querySelector("#grid-told").append(box);
    announce(texts.join(" "));
  }

  async openMany(event) {
    event.preventDefault();
    await this.saver.flush();
    const dialog = this.section.querySelector("#grid-many");
    await window.htmx.ajax("GET", event.currentTarget?.href ?? this.section.querySelector("[data-many]").href, { target: "#grid-many-form", swap: "innerHTML" });
    const field = dialog.querySelector("[name=lines]");
    const block = this.keys.to ? this.keys.block() : [];
    if (field && block.length > 1) {
      field.value = block.map(({ line }) => line.key).join(",");
      const choice = dialog.querySelector("[name=scope] option[value=selected]");
      choice.hidden = choice.disabled = false;
      choice.selected = true;
    }
    if (!dialog.open) dialog.showModal();
  }
}

function start() {
  const section = document.getElementById("lines");
  if (!section?.querySelector("table.edit") || shown?.section === section) return;
  const focused = shown?.keys.current?.name;
  const had = shown?.hadFocus;
  shown?.saver.retire();
  shown = new Grid(section);
  if (!had || document.activeElement !== document.body) return;
  const again = focused && section.querySelector(`[name="${focused}"]`);
  (had === "cell" ? (again ?? shown.keys.current) : section.querySelector("[data-many]"))?.focus();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!shown || event.detail.target?.id !== "lines") return;
  const { activeElement } = document;
  if (shown.section.contains(activeElement)) shown.hadFocus = shown.table.element.contains(activeElement) ? "cell" : "bar";
  shown.leave();
});
document.addEventListener("htmx:afterSettle", (event) => {
  start();
  if (event.target.id === "state" || event.detail.target?.id === "state") shown?.saver.look();
});
window.addEventListener("online", () => shown?.saver.again());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && shown?.saver.waiting) shown.saver.again();
});
window.addEventListener("pagehide", () => shown?.leave());
window.addEventListener("beforeprint", () => shown?.table.showRows());
window.addEventListener("beforeunload", (event) => {
  if (shown?.isHolding) event.preventDefault();
});
start();
