/* The line below the table: where one stands, and the exact amount there. */
import { isMoney } from "./columns.js";
import { find } from "./dom.js";
import { formatSek, parseOre } from "./numbers.js";
/** @import { Place } from "./cursor.js" */
/** @import { Table } from "./table.js" */

export class Bar {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    this.element = find(table.section, "[data-grid-cell]");
  }

  /** @param {string} words */
  say(words) {
    this.element.textContent = words;
  }

  /** @param {Place} place */
  tell({ line, column }) {
    const place = this.table.place(line, column);
    const ore = isMoney(column) ? parseOre(line.text(column)) : null;
    this.say(ore === null ? place : this.table.texts.say("kronor", { place, amount: formatSek(ore) }));
  }
}
