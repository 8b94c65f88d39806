/* The sums that follow while somebody writes: of each product, of the use of equity, and of all. */
import { write } from "./dom.js";
import { toOre } from "./line.js";
import { costWithoutEquity } from "./lines.js";
import { formatChange, formatIn, formatPercent, formatSek, formatTkr } from "./numbers.js";
import { announce } from "./texts.js";
/** @import { Table } from "./table.js" */

/** @typedef {{ products: Map<string, bigint[]>, use: bigint[], total: bigint[] }} Sums Öre per year. */

const PAUSE = 400;
const nothing = () => [0n, 0n, 0n];

/**
 * @param {Iterable<{ product: string, isUse: boolean, amounts: bigint[] }>} lines
 * @returns {Sums}
 */
export function addUp(lines) {
  const products = new Map();
  const [use, total] = [nothing(), nothing()];
  for (const { product, isUse, amounts } of lines) {
    let sum = products.get(product);
    if (!sum) products.set(product, (sum = nothing()));
    for (let year = 0; year < 3; year += 1) {
      sum[year] += amounts[year];
      total[year] += amounts[year];
      if (isUse) use[year] += amounts[year];
    }
  }
  return { products, use, total };
}

export class Totals {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    this.foot = /** @type {HTMLTableRowElement} */ (table.element.tFoot?.rows[0]);
    this.sums = addUp([]);
    this.speaking = 0;
  }

  /**
   * Sums of one product, or of all, and then the totals.
   * @param {string} [only]
   */
  show(only) {
    this.sums = addUp(this.#lines());
    const { products, use, total } = this.sums;
    for (const body of this.table.element.tBodies) {
      const { product } = body.dataset;
      if (product && (!only || product === only)) this.#showRow(body.rows[0], products.get(product) ?? nothing());
    }
    for (const row of /** @type {NodeListOf<HTMLTableRowElement>} */ (this.table.element.querySelectorAll("[data-equity]"))) {
      this.#showRow(row, row.dataset.equity === "use" ? use : total.map((amount, year) => costWithoutEquity(amount, use[year])));
    }
    this.#showRow(this.foot, total);
    this.#showHead(total);
    if (!only) this.#countKinds();
  }

  *#lines() {
    const { equity } = this.table.form.dataset;
    for (const line of this.table.lines.values()) {
      yield { product: line.product, isUse: line.text("cost_kind") === equity, amounts: line.amounts() };
    }
  }

  /* How many lines each choice of cost kind has; a table of one kind does not know of the others. */
  #countKinds() {
    const { isOfOneKind, lines, section } = this.table;
    if (isOfOneKind) return;
    const counts = new Map([["", lines.size]]);
    for (const line of lines.values()) {
      const kind = line.text("cost_kind");
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    for (const count of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[data-count-of]"))) {
      write(count, String(counts.get(count.dataset.countOf ?? "") ?? 0));
    }
  }

  /**
   * @param {HTMLTableRowElement} row
   * @param {bigint[]} amounts
   */
  #showRow(row, amounts) {
    const { unit } = this.table;
    const [first, second, third, , change] = /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("td.n"));
    [first, second, third].forEach((cell, year) => write(cell, formatIn(amounts[year], unit)));
    if (first.title) first.title = `${formatSek(amounts[0])} kr`;
    const earlier = toOre(row.dataset.earlier);
    if (earlier !== null && change) write(change, formatChange(amounts[0] - earlier, unit));
  }

  /** @param {bigint[]} total */
  #showHead([first]) {
    const [amount, change] = document.querySelectorAll("#total .num");
    const earlier = toOre(this.foot.dataset.earlier);
    if (amount) amount.textContent = `${formatTkr(first)} tkr`;
    if (!change || earlier === null) return;
    const percent = earlier === 0n ? "" : `, ${formatPercent(first - earlier, earlier)} %`;
    change.textContent = `(${formatChange(first - earlier, "tkr")}${percent})`;
  }

  words() {
    return this.table.texts.say("total", { year: this.table.years[0], amount: formatTkr(this.sums.total[0]) });
  }

  /* Told once somebody pauses. */
  tell() {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => announce(this.words()), PAUSE);
  }

  /**
   * Whether the server's sums are others than the ones shown.
   * @param {Record<string, number[]>} products
   */
  differFrom(products) {
    return Object.entries(products).some(([product, sums]) => {
      const own = this.sums.products.get(product);
      return !own || sums.some((amount, year) => BigInt(amount) !== own[year]);
    });
  }
}
