/* Lines as rows: adding, copying, moving and deleting them, by a menu on each; and putting rows where the server says. */

import { redraw } from "./marks.js";

// What the addresses of a line's pages have in place of the line.
const NOBODY = "00000000-0000-0000-0000-000000000000";

/* The name that a new line has from the page, so that a request sent twice adds it once. */
export const newKey = () =>
  crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (mark) =>
    (Number(mark) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(mark) / 4)))).toString(16));

export class Rows {
  constructor(table, saver, page) {
    this.table = table;
    this.saver = saver;
    this.page = page;
    this.menu = table.section.querySelector("#grid-menu");
    this.menu.addEventListener("click", (event) => this.chosen(event.target.closest("[data-act]")));
    this.menu.addEventListener("keydown", (event) => this.pressed(event));
    table.element.addEventListener("click", (event) => this.clicked(event), true);
  }

  clicked(event) {
    const more = event.target.closest("[data-menu]");
    if (more) return this.open(this.table.lineOf(more), more);
    const form = event.target.closest("a[data-form]");
    if (form && !event.ctrlKey && !event.metaKey && !event.shiftKey) return this.openForm(event, form);
    const add = event.target.closest("tr.grp a.row-act");
    if (!add) return undefined;
    event.preventDefault();
    event.stopPropagation();
    const body = add.closest("tbody");
    const last = [...body.querySelectorAll("tr.line")].at(-1);
    return this.add(body.dataset.product, last ? this.table.lineOf(last).key : null, "add");
  }

  /* A line's own form, in the row kept below it. */
  openForm(event, link) {
    event.preventDefault();
    const target = `#form-${this.table.lineOf(link).key}`;
    return window.htmx.ajax("GET", link.getAttribute("href"), { source: link, target, swap: "outerHTML" });
  }

  open(line, anchor) {
    this.line = line;
    this.menu.showPopover();
    const box = anchor.getBoundingClientRect();
    const { width, height } = this.menu.getBoundingClientRect();
    this.menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
    this.menu.style.top = `${Math.max(8, Math.min(box.bottom, innerHeight - height - 8))}px`;
    for (const link of this.menu.querySelectorAll("[data-go]")) link.href = link.dataset.go.replace(NOBODY, line.key);
    for (const to of this.menu.querySelectorAll("[data-to]")) to.parentElement.hidden = to.dataset.to === line.product;
    this.menu.querySelector("button").focus();
  }

  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...this.menu.querySelectorAll("button, a")].filter((button) => button.offsetParent !== null);
    buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length).focus();
  }

  chosen(button) {
    if (!button) return;
    const { line } = this;
    this.menu.hidePopover();
    const { act, to } = button.dataset;
    if (act === "below") this.add(line.product, line.key, "add");
    if (act === "copy") this.add(line.product, line.key, "copy");
    if (act === "to") this.move(line, to, this.order(to).at(-1) ?? null);
    if (act === "up" || act === "down") this.step(line, act === "up" ? -1 : 1);
    if (act === "delete") this.delete(line);
  }

  body(product) {
    return [...this.table.element.tBodies].find((body) => body.dataset.product === product);
  }

  productName(product) {
    return this.body(product)?.querySelector(".twist")?.textContent ?? "";
  }

  order(product) {
    return [...this.body(product).querySelectorAll("tr.line")].map((row) => row.id.slice(5));
  }

  add(product, after, action) {
    const key = newKey();
    this.goTo = key;
    this.saver.push({ action, added: [{ line: key, product, after, copy_of: action === "copy" ? after : null }] });
  }

  step(line, by) {
    const order = this.order(line.product);
    const place = order.indexOf(line.key) + by;
    if (place < 0 || place >= order.length) return;
    order.splice(order.indexOf(line.key), 1);
    this.move(line, line.product, order[place - 1] ?? null);
  }

  move(line, product, after) {
    this.goTo = line.key;
    this.saver.push({ action: "move", moved: [{ line: line.key, product, after }] });
  }

  delete(line) {
    this.saver.push({ action: "delete", deleted: [{ line: line.key, seen: line.seen }] });
  }

  /* Rows with a new place, in the server's order, and rows that are gone. */
  place({ rows, places, gone }) {
    for (const key of gone) this.remove(key);
    // A product that a filter hides has no place here.
    const isWhole = [...rows.map(({ product }) => product), ...Object.keys(places)].every((product) => this.body(product));
    for (const { line: key, product, html } of isWhole ? rows : []) {
      const known = this.table.lines.get(key);
      this.remove(key);
      const body = this.body(product);
      const holder = document.createElement("template");
      holder.innerHTML = html;
      body.querySelector("tr.none")?.remove();
      const added = [...holder.content.children];
      body.append(...added);
      const line = this.table.adopt(added[0], known);
      this.table.showLine(line);
      redraw(this.table, line);
    }
    if (isWhole) for (const [product, order] of Object.entries(places)) this.arrange(product, order);
    this.focus();
    return isWhole;
  }

  /* From the last to the first, and a row that stands right is not touched: it may be where somebody writes. */
  arrange(product, order) {
    const body = this.body(product);
    let next = body.querySelector("tr.gone") ?? document.getElementById(`form-${product}`);
    for (const key of order.toReversed()) {
      for (const id of [`msg-${key}`, `form-${key}`, `line-${key}`]) {
        const row = document.getElementById(id);
        if (!row) continue;
        if (row.nextElementSibling !== next) body.insertBefore(row, next);
        next = row;
      }
    }
  }

  remove(key) {
    const row = document.getElementById(`line-${key}`);
    if (row?.contains(document.activeElement)) this.goTo ??= this.neighbour(row);
    for (const id of [`line-${key}`, `form-${key}`, `msg-${key}`]) document.getElementById(id)?.remove();
    this.table.lines.delete(key);
  }

  neighbour(row) {
    const rows = [...this.table.element.querySelectorAll("tr.line")];
    const place = rows.indexOf(row);
    return (rows[place + 1] ?? rows[place - 1])?.id.slice(5);
  }

  focus() {
    const line = this.table.lines.get(this.goTo);
    this.goTo = undefined;
    if (!line) return;
    line.inputs[0].focus();
    line.row.scrollIntoView({ block: "nearest" });
  }
}
