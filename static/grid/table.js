/* The table as data: each line's cells with what is saved and what is typed, what is shown, and the sums that follow.
   The inputs hold kronor as the server wrote them; what is typed has its unit with it. A cell shows the column's unit,
   rounded until it is edited. */
import { formatChange, formatExact, formatPercent, formatSek, formatTkr, parseOre, parseQuantity, round, withoutUnit } from "./numbers.js";

export const FIELDS = ["text", "cost_kind", "quantity", "unit_price_ore", "amount_1_ore", "amount_2_ore", "amount_3_ore", "note"];
export const AMOUNTS = FIELDS.slice(4, 7);
const TIED = ["quantity", "unit_price_ore", "amount_1_ore"];
const KRONOR = new Set([...AMOUNTS, "unit_price_ore"]);
const NUMBERS = new Set([...AMOUNTS, "unit_price_ore", "quantity"]);

// A long table shows its first lines at once, and the others when nothing else has happened for a while, so that one can
// begin to write: each part of them takes the browser as long as the whole first page.
const AT_ONCE = 40;
const AT_A_TIME = 150;
const PAUSE = 300;
const soon = window.requestIdleCallback ?? ((work) => setTimeout(work, 50));

export const isNumber = (field) => NUMBERS.has(field);
const toOre = (text) => (text === "" || text === undefined ? null : BigInt(text));

// A text that stays is left alone: even the same one, written anew, is laid out again.
const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

export class Line {
  constructor(row) {
    this.key = row.id.slice(5);
    this.typed = new Array(FIELDS.length).fill(null);
    // Typed cells that are not on their way: refused, or waiting for another. With what their author saw.
    this.kept = new Map();
    this.bind(row);
  }
  /* What the server has drawn; what is typed stays. */
  bind(row) {
    this.row = row;
    this.product = row.dataset.product;
    this.seen = row.dataset.seen;
    this.earlier = toOre(row.dataset.earlier);
    this.inputs = row.querySelectorAll(".cell");
    this.source = null;
    [, this.change] = row.querySelectorAll("td.n:not(.in)");
    this.saved = Array.from(this.inputs, (input) => input.defaultValue);
    this.figures = null;
  }
  static name(field) {
    return FIELDS.indexOf(field);
  }
  /* What counts now: typed, or what follows from quantity and price, or saved. */
  text(at) {
    if (this.typed[at] !== null) return this.typed[at];
    if (at === 4 && (this.typed[2] !== null || this.typed[3] !== null)) {
      const worked = this.workOut();
      if (worked !== null) return formatSek(worked);
    }
    return this.saved[at];
  }
  workOut() {
    const [quantity, price] = [parseQuantity(this.typed[2] ?? this.saved[2]), parseOre(this.typed[3] ?? this.saved[3])];
    return quantity && price !== null ? round([quantity[0] * price, quantity[1]]) : null;
  }
  ore(at) {
    const text = this.text(at);
    const ore = text.trim() === "" ? 0n : parseOre(text);
    return ore ?? parseOre(this.saved[at]) ?? 0n;
  }
  amounts() {
    this.figures ??= [this.ore(4), this.ore(5), this.ore(6)];
    return this.figures;
  }
  /* Whether a text means what the cell holds already. */
  holds(at, text) {
    const held = this.text(at);
    if (text === held || !KRONOR.has(FIELDS[at])) return text === held;
    const ore = parseOre(text);
    return ore !== null && ore === parseOre(held);
  }
  set(at, text) {
    this.typed[at] = text;
    if (text === null) this.kept.delete(at);
    this.figures = null;
  }
  keep(at, { seen, was }) {
    if (this.typed[at] !== null) this.kept.set(at, { seen, was });
  }
  /* What stood in a cell, and in those it belongs with, so that the server sees what its author saw. */
  was(fields) {
    const all = fields.some((field) => TIED.includes(field)) ? new Set([...fields, ...TIED]) : fields;
    return Object.fromEntries([...all].map((field) => [field, this.text(Line.name(field))]));
  }
  store(stored) {
    if (stored.seen < this.seen) return; // asked for before the last save
    this.seen = stored.seen;
    this.saved = stored.cells;
    this.figures = null;
    if (stored.source !== this.source) this.row.querySelector(".source").innerHTML = this.source = stored.source;
  }
}

export class Table {
  constructor(section) {
    this.section = section;
    this.element = section.querySelector("table.edit");
    this.form = section.querySelector("#grid-form");
    this.unit = this.form.dataset.unit;
    this.years = this.form.dataset.years.split(",");
    this.texts = {};
    const template = section.querySelector("#grid-texts");
    for (const item of template.content.querySelectorAll("[data-key]")) this.texts[item.dataset.key] = item.textContent;
    this.lines = new Map();
    for (const row of this.element.querySelectorAll("tr.line")) this.adopt(row);
    this.editing = null;
    this.later = [];
    if (document.readyState !== "complete" && !location.hash) this.wait();
  }
  wait() {
    this.later = [...this.element.querySelectorAll("tr.line")].slice(AT_ONCE);
    if (!this.later.length) return;
    for (const row of this.later) row.classList.add("later");
    let timer;
    const pause = () => {
      clearTimeout(timer);
      if (this.later.length) timer = setTimeout(() => soon(more), PAUSE);
    };
    const more = () => {
      this.showRows(AT_A_TIME);
      if (this.later.length) soon(more);
    };
    window.addEventListener("load", pause, { once: true });
    // Captured: the table scrolls in its own frame, whose events do not rise to the window.
    window.addEventListener("scroll", () => this.showRows(), { once: true, capture: true });
    this.element.addEventListener("input", pause);
  }
  showRows(count = this.later.length) {
    for (const row of this.later.splice(0, count)) row.classList.remove("later");
  }
  say(key, values = {}) {
    return this.texts[key].replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  }
  adopt(row, known) {
    const line = known ?? new Line(row);
    if (known) line.bind(row);
    this.lines.set(line.key, line);
    line.inputs.forEach((input) => { input.tabIndex = -1; });
    row.querySelectorAll("a, button").forEach((control) => { control.tabIndex = -1; });
    const more = document.createElement("button");
    more.type = "button";
    more.className = "row-act";
    more.dataset.menu = "";
    more.tabIndex = -1;
    more.textContent = "⋯";
    more.setAttribute("aria-label", this.say("actions", { text: line.saved[0] }));
    more.setAttribute("aria-haspopup", "true");
    row.lastElementChild.append(more);
    if (this.unit !== "kr") for (let at = 4; at < 7; at += 1) this.show(line, at);
    return line;
  }
  lineOf(element) {
    const row = element?.closest?.("tr.line");
    return row ? this.lines.get(row.id.slice(5)) : undefined;
  }
  place(line, at) {
    return `${line.text(0)}, ${this.heading(at)}`;
  }
  heading(at) {
    if (at >= 4 && at < 7) return this.years[at - 4];
    return this.element.tHead.rows[0].cells[at < 7 ? at : 9].textContent.trim();
  }
  show(line, at) {
    const input = line.inputs[at];
    if (this.editing === input) return;
    const shown = this.shown(line, at);
    if (input.value !== shown) input.value = shown;
  }
  /* What a number in the column means, and is shown in; nothing where it is no amount. */
  unitOf(at) {
    if (!KRONOR.has(FIELDS[at])) return "";
    return at >= 4 ? this.unit : "kr";
  }
  shown(line, at) {
    return this.write(line, at, (ore, unit) => (unit === "kr" ? formatSek(ore) : formatTkr(ore)));
  }
  /* What stands in a cell that is edited: typed again unchanged, it is the same amount. */
  exact(line, at) {
    return this.write(line, at, formatExact);
  }
  write(line, at, format) {
    const [text, unit] = [line.text(at), this.unitOf(at)];
    if (!unit || text.trim() === "") return text;
    const ore = parseOre(text);
    return ore === null ? withoutUnit(text, unit) : format(ore, unit);
  }
  showLine(line) {
    for (let at = 0; at < FIELDS.length; at += 1) this.show(line, at);
    if (line.earlier !== null) write(line.change, formatChange(line.amounts()[0] - line.earlier, this.unit));
    line.row.classList.toggle("unsaved", line.typed.some((text) => text !== null));
  }
  label(line) {
    line.inputs.forEach((input, at) => {
      const old = input.getAttribute("aria-label");
      const rest = at === 0 ? old.slice(0, old.indexOf(", ")) : old.slice(old.lastIndexOf(", ") + 2);
      input.setAttribute("aria-label", at === 0 ? `${rest}, ${line.text(0)}` : `${line.text(0)}, ${rest}`);
    });
  }
  /* Sums of one product, or of all, and then the totals. */
  sum(only) {
    const sums = new Map();
    const use = [0n, 0n, 0n];
    const total = [0n, 0n, 0n];
    for (const line of this.lines.values()) {
      const amounts = line.amounts();
      let sum = sums.get(line.product);
      if (!sum) sums.set(line.product, (sum = [0n, 0n, 0n]));
      const isUse = line.text(1) === this.form.dataset.equity;
      for (let year = 0; year < 3; year += 1) {
        sum[year] += amounts[year];
        total[year] += amounts[year];
        if (isUse) use[year] += amounts[year];
      }
    }
    for (const body of this.element.tBodies) {
      const product = body.dataset.product;
      if (product && (!only || product === only)) this.showSums(body.rows[0], sums.get(product) ?? [0n, 0n, 0n]);
    }
    for (const row of this.element.querySelectorAll("[data-equity]")) {
      this.showSums(row, row.dataset.equity === "use" ? use : total.map((amount, year) => amount - use[year]));
    }
    this.showSums(this.element.tFoot.rows[0], total);
    this.showHead(total);
    if (!only) this.countKinds();
    this.total = total;
    this.sums = sums;
  }
  /* How many lines each choice of cost kind has; a table of one kind does not know of the others. */
  countKinds() {
    if (this.form.dataset.kind) return;
    const counts = new Map([["", this.lines.size]]);
    for (const line of this.lines.values()) counts.set(line.text(1), (counts.get(line.text(1)) ?? 0) + 1);
    for (const count of this.section.querySelectorAll("[data-count-of]")) write(count, String(counts.get(count.dataset.countOf) ?? 0));
  }
  showSums(row, amounts) {
    const cells = row.querySelectorAll("td.n");
    amounts.forEach((amount, year) => {
      write(cells[year], this.unit === "kr" ? formatSek(amount) : formatTkr(amount));
    });
    if (cells[0].title) cells[0].title = `${formatSek(amounts[0])} kr`;
    const earlier = toOre(row.dataset.earlier);
    if (earlier !== null && cells[4]) write(cells[4], formatChange(amounts[0] - earlier, this.unit));
  }
  showHead(total) {
    const head = document.querySelectorAll("#total .num");
    const earlier = toOre(this.element.tFoot.rows[0].dataset.earlier);
    if (head[0]) head[0].textContent = `${formatTkr(total[0])} tkr`;
    if (!head[1] || earlier === null) return;
    const percent = earlier === 0n ? "" : `, ${formatPercent(total[0] - earlier, earlier)} %`;
    head[1].textContent = `(${formatChange(total[0] - earlier, "tkr")}${percent})`;
  }
}
