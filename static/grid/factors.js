/* Quantity × unit price and the amounts: an amount that is written over them says that they go, and the user chooses what
   they do with the plan years. */
import { find } from "./dom.js";
import { announce } from "./texts.js";
/** @import { ChangedRow } from "./changes.js" */
/** @import { Line } from "./line.js" */
/** @import { Marks } from "./marks.js" */
/** @import { Table } from "./table.js" */
/** @import { TypedCell } from "./typed.js" */

const KEY = "grid plan years";

/**
 * Whether a change takes away the quantity and price that stood there.
 * @param {Pick<ChangedRow, "cells" | "was">} row
 */
export const losesFactors = ({ cells, was }) =>
  "amount_1_ore" in cells && !("quantity" in cells) && !("unit_price_ore" in cells) && Boolean(was.quantity && was.unit_price_ore);

/** @param {Pick<ChangedRow, "cells">} row */
const writesFactors = ({ cells }) => "quantity" in cells || "unit_price_ore" in cells;

export class Factors {
  /**
   * @param {{ table: Table, marks: Marks }} parts
   * @param {(cells: TypedCell[]) => void} commit
   */
  constructor({ table, marks }, commit) {
    this.table = table;
    this.marks = marks;
    this.commit = commit;
    // The line that the notice is at: there is one at a time.
    /** @type {Line | null} */
    this.told = null;
    this.isGivingBack = false;
    this.select = /** @type {HTMLSelectElement} */ (find(table.section, "[data-plan-years]"));
    this.select.value = localStorage.getItem(KEY) ?? "leave";
    if (!this.select.value) this.select.value = "leave";
    this.select.addEventListener("change", () => localStorage.setItem(KEY, this.select.value));
  }

  /**
   * Typed cells are on their way: says what they take away. Returns what is asked for the plan years with them.
   * @param {ChangedRow[]} rows
   * @returns {{ plan_years?: string }}
   */
  take(rows) {
    this.#tell(rows);
    const { value } = this.select;
    return value !== "leave" && !this.isGivingBack && rows.some(writesFactors) ? { plan_years: value } : {};
  }

  /**
   * Says at the cell that quantity and price go, with the way to have them back.
   * @param {ChangedRow[]} rows
   */
  #tell(rows) {
    this.close();
    const losing = rows.filter(losesFactors);
    const line = this.table.lines.get(losing[0]?.line);
    if (!line) return;
    const { texts } = this.table;
    const { quantity = "", unit_price_ore = "" } = losing[0].was;
    const words = losing.length === 1 ? texts.say("factorsGo", { quantity, price: unit_price_ore })
      : texts.say("factorsGoMany", { count: losing.length });
    this.told = line;
    this.marks.mark(line, "amount_1_ore", words, { kind: "news", choices: [[texts.say("factorsBack"), () => this.#giveBack(losing)]] });
    announce(words);
  }

  /** @param {ChangedRow[]} rows */
  #giveBack(rows) {
    this.isGivingBack = true;
    this.commit(rows.flatMap(({ line: key, was: { quantity = "", unit_price_ore = "" } }) => {
      const line = this.table.lines.get(key);
      if (!line) return [];
      return [
        { line, column: /** @type {const} */ ("quantity"), text: quantity },
        { line, column: /** @type {const} */ ("unit_price_ore"), text: unit_price_ore },
      ];
    }));
    this.isGivingBack = false;
  }

  close() {
    if (this.told && this.marks.isNews(this.told, "amount_1_ore")) this.marks.unmark(this.told, "amount_1_ore");
    this.told = null;
  }
}
