/* A line's menu, in place of the plain links of its row. */
import { elementOf, find, make } from "./dom.js";
/** @import { Line } from "./line.js" */
/** @import { Rows } from "./rows.js" */
/** @import { Selection } from "./selection.js" */
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
   * @param {Selection} selection
   */
  constructor(table, rows, selection) {
    this.table = table;
    this.rows = rows;
    this.selection = selection;
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
    const { key, product, isClosed } = this.line;
    const order = this.table.order(product);
    this.#show("[data-act=delete]", !isClosed);
    this.#show("[data-act=up]", order[0] !== key);
    this.#show("[data-act=down]", order.at(-1) !== key);
    this.#leadToSource(this.line.row);
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

  /**
   * The way to what a calculated line rests on.
   * @param {HTMLElement} row
   */
  #leadToSource(row) {
    const { rests = "" } = /** @type {HTMLElement} */ (find(row, "[data-menu]")).dataset;
    this.#show("[data-rests]", Boolean(rests));
    /** @type {HTMLAnchorElement} */ (find(this.panel, "[data-rests]")).href = rests;
  }

  /**
   * @param {string} selector
   * @param {boolean} isShown
   */
  #show(selector, isShown) {
    const { parentElement } = find(this.panel, selector);
    if (parentElement) parentElement.hidden = !isShown;
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = elementOf(event.target);
    const more = /** @type {HTMLElement | null | undefined} */ (target?.closest("[data-menu]"));
    const add = target?.closest("tr.grp a.row-act");
    if (more) this.open(more);
    else if (add) {
      event.preventDefault();
      event.stopPropagation();
      this.rows.addLast(add.closest("tbody")?.dataset.product ?? "");
    }
  }

  /**
   * A line's own form, in a row below it.
   * @param {Line} line
   * @param {string} address
   */
  #openForm({ key, row }, address) {
    const id = `form-${key}`;
    if (!document.getElementById(id)) row.after(make("tr", { id, hidden: true }));
    window.htmx.ajax("GET", address.replace(NOBODY, key), { source: row, target: `#${id}`, swap: "outerHTML" });
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
    const { act = "", to = "", form = "" } = button.dataset;
    /** @type {Record<string, () => void>} */
    const acts = {
      form: () => this.#openForm(line, form),
      below: () => rows.addBelow(line),
      copy: () => rows.copy(line),
      up: () => rows.step(line, -1),
      down: () => rows.step(line, 1),
      delete: () => rows.delete(line),
      choose: () => this.selection.chooseTo(line),
      to: () => rows.moveTo(line, to),
    };
    acts[act]();
  }
}
