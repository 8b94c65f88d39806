/* A pasted block lies over the lines from a cell on, and its rows below the last line become new lines. What can't be
   taken is asked about first, so that a paste never loses a part of itself unseen. */
import { FIELDS } from "./table.js";
import { announce } from "./saving.js";
import { newKey } from "./rows.js";
import { inUnit } from "./numbers.js";

// What the server takes in one request, and what a page can draw while somebody waits.
const MOST_CELLS = 20_000;
const MOST_LINES = 1_000;
const MOST_LISTED = 200;

const countCells = (rows) => rows.reduce((sum, { cells }) => sum + Object.keys(cells).length, 0);
const tell = (number) => number.toLocaleString(document.documentElement.lang);

/* Cells over the lines from `first` on, the cells of each row below the last line, and how many are beyond the columns. */
function lay(rows, lines, first, column, unitOf) {
  const [cells, below] = [[], []];
  let outside = 0;
  rows.forEach((row, down) => {
    const own = row.map((typed, right) => ({ at: column + right, text: inUnit(typed.trim(), unitOf(column + right)) }));
    outside += own.filter(({ at, text }) => at >= FIELDS.length && text).length;
    const inside = own.filter(({ at }) => at < FIELDS.length);
    const line = lines[first + down];
    const filled = inside.filter(({ text }) => text);
    if (line) for (const { at, text } of inside) cells.push({ line, at, text });
    else if (filled.length) below.push({ cells: Object.fromEntries(filled.map(({ at, text }) => [FIELDS[at], text])) });
  });
  return { cells, below, outside };
}

export class Paster {
  constructor(table, saver, page) {
    this.table = table;
    this.saver = saver;
    this.page = page;
    this.dialog = table.section.querySelector("#grid-ask");
  }

  /* A block of texts, from a column of one of the visible lines on. */
  async paste(rows, lines, first, column) {
    const { cells, below, outside } = lay(rows, lines, first, column, (at) => this.table.unitOf(at));
    const isFiltered = this.page.finder.isFiltering || Boolean(this.table.form.dataset.kind);
    const all = cells.length + countCells(below) + outside;
    const hidden = isFiltered ? countCells(below) : 0;
    const kept = isFiltered ? [] : below;
    if (this.isTooMuch(cells, kept)) return this.refuse(all, kept);
    const reasons = [["outside", outside], ["filtered", hidden]].filter(([, count]) => count);
    const items = reasons.map(([key, count]) => this.table.say(key, { count }));
    const lost = outside + hidden;
    if (lost && !(await this.question(lost, all, items, { isHopeless: lost === all }))) return undefined;
    return this.send(cells, this.lines(kept, lines.at(-1).product));
  }

  isTooMuch(cells, below) {
    return cells.length + countCells(below) + below.length > MOST_CELLS || below.length > MOST_LINES;
  }

  refuse(all, below) {
    const told = { cells: tell(MOST_CELLS), lines: tell(MOST_LINES), count: tell(all), added: tell(below.length) };
    return this.question(all, all, [this.table.say("tooMuch", told)], { isHopeless: true });
  }

  /* New lines one after the other, at the end of a product. A line needs a text: the server tells of those without. */
  lines(below, product) {
    let after = this.page.rows.order(product).at(-1) ?? null;
    return below.map(({ cells }) => {
      const line = newKey();
      const added = { line, product, after, cells: { text: "", ...cells } };
      after = line;
      return added;
    });
  }

  send(cells, added = []) {
    const count = this.saver.commit(cells, "paste", added);
    if (count) announce(this.table.say("pasted", { count: cells.length + countCells(added) }));
  }

  /* A paste with bad cells: the good ones are taken only if that is agreed. */
  async ask(change, bad) {
    const added = change.added ?? [];
    const all = countCells(change.changed ?? []) + countCells(added);
    const items = bad.map((cell) => `${this.place(cell, added)}, ${cell.place}: ${cell.typed || "–"}. ${cell.reason}`);
    const isUnnamed = bad.some(({ line, field }) => field === "text" && added.some((row) => row.line === line));
    const agreed = await this.question(bad.length, all, items, { isHopeless: all <= bad.length, isUnnamed });
    const named = new Set(bad.map((cell) => `${cell.line}:${cell.field}`));
    this.page.forget(change, agreed ? named : null);
    return agreed ? { ...this.page.without(change, named), partial: true } : null;
  }

  place({ line: key }, added) {
    const at = added.findIndex((row) => row.line === key);
    if (at < 0) return this.table.lines.get(key)?.text(0) ?? "–";
    return added[at].cells.text || this.table.say("newLine", { number: at + 1 });
  }

  question(count, all, items, { isHopeless = false, isUnnamed = false } = {}) {
    const { dialog } = this;
    const [yes, no] = [dialog.querySelector("[data-yes]"), dialog.querySelector("[data-no]")];
    dialog.querySelector("h2").textContent = this.table.say("askTitle", { count: tell(count), all: tell(all) });
    dialog.querySelector("[data-words]").textContent = this.table.say("askWords");
    dialog.querySelector("[data-unnamed]").hidden = !isUnnamed;
    yes.textContent = this.table.say("askYes", { count: tell(all - count) });
    yes.hidden = isHopeless;
    const listed = items.slice(0, MOST_LISTED).map((words) => Object.assign(document.createElement("li"), { textContent: words }));
    dialog.querySelector("[data-list]").replaceChildren(...listed);
    dialog.showModal();
    return new Promise((resolve) => {
      const end = (agreed) => {
        dialog.close();
        resolve(agreed);
      };
      yes.onclick = () => end(true);
      no.onclick = () => end(false);
      dialog.oncancel = () => resolve(false);
    }).finally(() => this.page.keys.current.focus());
  }

  /* After a save: what was told of an earlier one does not undo this one. */
  saved({ action, added = [] }) {
    this.age();
    if (action === "paste" && added.length) this.tellAdded(added);
  }

  /* Tells above the table how many lines were added and where, with their undo. */
  tellAdded(added) {
    this.note?.remove();
    const told = { count: tell(added.length), product: this.page.rows.productName(added[0].product) };
    const words = this.table.say(added.length === 1 ? "addedOne" : "addedMany", told);
    const note = this.table.section.querySelector("#grid-added").content.cloneNode(true).firstElementChild;
    note.querySelector("[data-words]").textContent = words;
    const unnamed = note.querySelector("[data-unnamed]");
    unnamed.hidden = added.every(({ cells }) => cells.text);
    note.querySelector("[data-undo]").addEventListener("click", () => this.page.step("undo"));
    note.querySelector("[data-close]").addEventListener("click", () => this.close());
    this.table.section.querySelector("#grid-told").append(note);
    const { from, to } = this.page.keys;
    const last = this.table.lines.get(added.at(-1).line);
    if (to && last) this.page.keys.select(from, [last, to[1]]);
    note.scrollIntoView({ block: "nearest" });
    this.note = note;
    announce(unnamed.hidden ? words : `${words} ${unnamed.textContent}`);
  }

  age() {
    const undo = this.note?.querySelector("[data-undo]");
    if (undo === document.activeElement) this.page.keys.current?.focus();
    undo?.remove();
  }

  close() {
    if (this.note?.contains(document.activeElement)) this.page.keys.current?.focus();
    this.note?.remove();
    this.note = null;
  }
}
