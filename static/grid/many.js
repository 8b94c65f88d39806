/* The dialog that changes several amounts at once: of the selected lines, where there are some, or of those that a filter shows. */
import { AMOUNTS } from "./columns.js";
import { elementOf, find } from "./dom.js";
/** @import { Finder } from "./find.js" */
/** @import { Saver } from "./saver.js" */
/** @import { Selection } from "./selection.js" */
/** @import { Table } from "./table.js" */

export class ManyDialog {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Selection} parts.selection
   * @param {Finder} parts.finder
   * @param {Saver} parts.saver
   */
  constructor({ table, selection, finder, saver }) {
    this.table = table;
    this.selection = selection;
    this.finder = finder;
    this.saver = saver;
    this.link = /** @type {HTMLAnchorElement} */ (find(table.section, "[data-many]"));
    this.dialog = /** @type {HTMLDialogElement} */ (find(table.section, "#grid-many"));
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      this.#open();
    });
    this.dialog.addEventListener("click", (event) => {
      if (!elementOf(event.target)?.closest("[data-close-dialog]")) return;
      event.preventDefault();
      this.dialog.close();
    });
    this.dialog.addEventListener("htmx:afterSwap", () => this.#focus());
  }

  async #open() {
    await this.#load("GET", this.link.href);
    if (!this.dialog.querySelector("[name=scope]")) return; // refused: the page says why
    this.#chooseLines();
    this.#showLoaded();
  }

  /**
   * Another form in the same dialog, asked for with what is known.
   * @param {string} verb
   * @param {string} address
   * @param {Record<string, string>} values
   */
  async show(verb, address, values) {
    await this.#load(verb, address, values);
    if (this.dialog.querySelector("form")) this.#showLoaded();
  }

  /**
   * @param {string} verb
   * @param {string} address
   * @param {Record<string, string>} [values]
   */
  async #load(verb, address, values = {}) {
    await this.saver.flush();
    const token = /** @type {HTMLInputElement} */ (find(this.table.form, "[name=csrfmiddlewaretoken]")).value;
    const sent = verb === "GET" ? {} : { csrfmiddlewaretoken: token, ...values };
    await window.htmx.ajax(verb, address, { target: "#grid-many-form", swap: "innerHTML settle:0ms", values: sent });
  }

  #showLoaded() {
    if (!this.dialog.open) this.dialog.showModal();
    this.#focus();
  }

  /* What is selected is meant, else what the filter shows, else all. */
  #chooseLines() {
    const block = this.selection.to ? this.selection.block() : [];
    const shown = this.finder.isHiding ? this.finder.shown().map(({ key }) => key) : [];
    this.#offer("visible", "visible", shown);
    this.#offer("selected", "lines", block.map(({ line }) => line.key));
    const years = AMOUNTS.map((column) => Boolean(block[0]?.columns.includes(column)));
    const boxes = /** @type {NodeListOf<HTMLInputElement>} */ (this.dialog.querySelectorAll("[name=years]"));
    if (years.includes(true)) boxes.forEach((box, at) => { box.checked = years[at]; });
  }

  /**
   * @param {string} scope
   * @param {string} field
   * @param {string[]} keys
   */
  #offer(scope, field, keys) {
    const option = /** @type {HTMLOptionElement} */ (find(this.dialog, `[name=scope] option[value=${scope}]`));
    /** @type {HTMLInputElement} */ (find(this.dialog, `[name=${field}]`)).value = keys.join(",");
    if (keys.length) option.selected = true;
    else option.remove();
  }

  /* To what comes next: what is wrong, the change that is shown, or by how much. */
  #focus() {
    const wanted = ["[aria-invalid=true]", "[name=apply]", "[name=value]"].map((name) => this.dialog.querySelector(name));
    const next = wanted.find((element) => element instanceof HTMLElement);
    if (this.dialog.open && next instanceof HTMLElement) next.focus();
  }
}
