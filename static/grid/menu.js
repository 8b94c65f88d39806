/* A line's menu, and the plain links of its row, which open in place. */
import { elementOf, find } from "./dom.js";
/** @import { Line } from "./line.js" */
/** @import { Rows } from "./rows.js" */
/** @import { Table } from "./table.js" */

// What the addresses of a line's pages have in place of the line.
const NOBODY = "00000000-0000-0000-0000-000000000000";
const MARGIN = 8;

/**
 * @param {number} wanted
 * @param {number} size
 * @param {number} room
 */
const within = (wanted, size, room) => `${Math.max(MARGIN, Math.min(wanted, room - size - MARGIN))}px`;

export class Menu {
  /**
   * @param {Table} table
   * @param {Rows} rows
   */
  constructor(table, rows) {
    this.table = table;
    this.rows = rows;
    this.panel = find(table.section, "#grid-menu");
    /** @type {Line | undefined} */
    this.line = undefined;
    this.panel.addEventListener("click", (event) => this.#chosen(elementOf(event.target)?.closest("[data-act]")));
    this.panel.addEventListener("keydown", (event) => this.#pressed(event));
    // Captured: before htmx and the links themselves.
    table.element.addEventListener("click", (event) => this.#clicked(event), true);
  }

  /** @param {HTMLElement} anchor Anything in the line's row; on a heading nothing opens. */
  open(anchor) {
    this.line = this.table.lineOf(anchor);
    if (!this.line) return;
    const { key, product } = this.line;
    this.panel.showPopover();
    const box = anchor.getBoundingClientRect();
    const { width, height } = this.panel.getBoundingClientRect();
    this.panel.style.left = within(box.left, width, innerWidth);
    this.panel.style.top = within(box.bottom, height, innerHeight);
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (this.panel.querySelectorAll("[data-go]"))) {
      link.href = (link.dataset.go ?? "").replace(NOBODY, key);
    }
    for (const to of /** @type {NodeListOf<HTMLElement>} */ (this.panel.querySelectorAll("[data-to]"))) {
      if (to.parentElement) to.parentElement.hidden = to.dataset.to === product;
    }
    find(this.panel, "button").focus();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = elementOf(event.target);
    const more = /** @type {HTMLElement | null | undefined} */ (target?.closest("[data-menu]"));
    const form = target?.closest("a[data-form]");
    const add = target?.closest("tr.grp a.row-act");
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (more) this.open(more);
    else if (form && isPlain) this.#openForm(event, form);
    else if (add) {
      event.preventDefault();
      event.stopPropagation();
      this.rows.addLast(add.closest("tbody")?.dataset.product ?? "");
    }
  }

  /**
   * A line's own form, in the row kept below it.
   * @param {MouseEvent} event
   * @param {Element} link
   */
  #openForm(event, link) {
    event.preventDefault();
    const target = `#form-${this.table.lineOf(link)?.key}`;
    window.htmx.ajax("GET", link.getAttribute("href") ?? "", { source: link, target, swap: "outerHTML" });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step) return;
    event.preventDefault();
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.panel.querySelectorAll("button, a"));
    const shown = [...all].filter((item) => item.offsetParent !== null);
    const now = shown.findIndex((item) => item === document.activeElement);
    shown.at((now + step) % shown.length)?.focus();
  }

  /** @param {Element | null | undefined} button */
  #chosen(button) {
    const { line, rows } = this;
    if (!(button instanceof HTMLElement) || !line) return;
    this.panel.hidePopover();
    const { act, to } = button.dataset;
    if (act === "below") rows.addBelow(line);
    if (act === "copy") rows.copy(line);
    if (act === "to") rows.moveTo(line, to ?? "");
    if (act === "up" || act === "down") rows.step(line, act === "up" ? -1 : 1);
    if (act === "delete") rows.delete(line);
  }
}
