/* The dialog that changes several amounts at once: of the selected lines, where there are some. */
import { elementOf, find } from "./dom.js";
/** @import { Saver } from "./saver.js" */
/** @import { Selection } from "./selection.js" */
/** @import { Table } from "./table.js" */

export class ManyDialog {
  /**
   * @param {object} parts
   * @param {Table} parts.table
   * @param {Selection} parts.selection
   * @param {Saver} parts.saver
   */
  constructor({ table, selection, saver }) {
    this.selection = selection;
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
  }

  async #open() {
    await this.saver.flush();
    await window.htmx.ajax("GET", this.link.href, { target: "#grid-many-form", swap: "innerHTML" });
    this.#chooseSelected();
    if (!this.dialog.open) this.dialog.showModal();
  }

  #chooseSelected() {
    const block = this.selection.to ? this.selection.block() : [];
    const field = /** @type {HTMLInputElement | null} */ (this.dialog.querySelector("[name=lines]"));
    if (!field || block.length < 2) return;
    field.value = block.map(({ line }) => line.key).join(",");
    const choice = /** @type {HTMLOptionElement} */ (find(this.dialog, "[name=scope] option[value=selected]"));
    choice.hidden = choice.disabled = false;
    choice.selected = true;
  }
}
