/* The sums that follow while somebody writes: of each product, of what lowers them, of income, and of all but income. */
import { write } from "./dom.js";
import { toOre } from "./line.js";
import { costWithoutEquity } from "./lines.js";
import { formatChange, formatIn, formatPercent, formatSek, formatTkr } from "./numbers.js";
import { announce } from "./texts.js";
/** @import { Line } from "./line.js" */
/** @import { Table } from "./table.js" */

/** @typedef {{ products: Map<string, bigint[]>, use: bigint[], income: bigint[], total: bigint[] }} Sums Öre per year. */
/** @typedef {{ products: Map<string, bigint | null>, total: bigint | null }} Earlier Öre of the year before. */

const PAUSE = 400;
const nothing = () => [0n, 0n, 0n];

/**
 * @param {Iterable<{ product: string, isUse: boolean, isIncome?: boolean, amounts: bigint[] }>} lines
 * @returns {Sums}
 */
export function addUp(lines) {
  const products = new Map();
  const [use, income, total] = [nothing(), nothing(), nothing()];
  for (const { product, isUse, isIncome = false, amounts } of lines) {
    let sum = products.get(product);
    if (!sum) products.set(product, (sum = nothing()));
    for (let year = 0; year < 3; year += 1) {
      if (isIncome) {
        income[year] += amounts[year];
        continue;
      }
      sum[year] += amounts[year];
      total[year] += amounts[year];
      if (isUse) use[year] += amounts[year];
    }
  }
  return { products, use, income, total };
}

/**
 * What lines were the year before; null where none of them is known.
 * @param {Iterable<{ product: string, earlier: bigint | null }>} lines
 * @returns {Earlier}
 */
export function addUpEarlier(lines) {
  /** @type {Map<string, bigint | null>} */
  const products = new Map();
  /** @type {bigint | null} */
  let total = null;
  for (const { product, earlier } of lines) {
    if (earlier === null) continue;
    products.set(product, (products.get(product) ?? 0n) + earlier);
    total = (total ?? 0n) + earlier;
  }
  return { products, total };
}

export class Totals {
  /** @param {Table} table */
  constructor(table) {
    this.table = table;
    // The lines that a filter shows; null where it shows all.
    /** @type {() => Line[] | null} */
    this.listShown = () => null;
    this.footWords = "";
    this.foot = /** @type {HTMLTableRowElement} */ (table.element.tFoot?.rows[0]);
    this.sums = addUp([]);
    this.speaking = 0;
  }

  /**
   * Sums of one product, or of all, and then the totals. Where a filter hides lines, of those that it shows.
   * @param {string} [only]
   */
  show(only) {
    this.sums = addUp(this.#figures(this.table.lines.values()));
    const shown = this.listShown();
    this.#showSums(shown ? addUp(this.#figures(shown)) : this.sums, shown && addUpEarlier(shown), only);
    this.#showHead(this.sums.total);
    if (!only) this.#countKinds();
  }

  /**
   * @param {Sums} sums
   * @param {Earlier | null} earlier Null where the server's own stand.
   * @param {string} [only]
   */
  #showSums(sums, earlier, only) {
    for (const body of this.table.element.tBodies) {
      const { product } = body.dataset;
      if (!product || (only && product !== only)) continue;
      const before = earlier && { ore: earlier.products.get(product) ?? null };
      this.#showRow(body.rows[0], sums.products.get(product) ?? nothing(), before);
    }
    this.#showEquity(sums, earlier !== null);
    this.#showIncome(sums, earlier !== null);
    this.#showRow(this.foot, sums.total, earlier && { ore: earlier.total });
    const name = this.foot.cells[0];
    this.footWords ||= name.textContent ?? "";
    write(name, earlier ? this.table.texts.say("sumShown") : this.footWords);
  }

  /**
   * The base grant taken apart, which says nothing of some of its lines.
   * @param {Sums} sums
   * @param {boolean} isHidden
   */
  #showEquity({ use, total }, isHidden) {
    for (const row of /** @type {NodeListOf<HTMLTableRowElement>} */ (this.table.element.querySelectorAll("[data-equity]"))) {
      row.hidden = isHidden;
      const amounts = row.dataset.equity === "use" ? use : total.map((amount, year) => costWithoutEquity(amount, use[year]));
      this.#showRow(row, amounts, null);
    }
  }

  /**
   * What is earned, and what is left for customers to pay; hidden where nothing is earned.
   * @param {Sums} sums
   * @param {boolean} isHidden
   */
  #showIncome({ income, total }, isHidden) {
    for (const row of /** @type {NodeListOf<HTMLTableRowElement>} */ (this.table.element.querySelectorAll("[data-income]"))) {
      row.hidden = isHidden || income.every((ore) => ore === 0n);
      this.#showRow(row, row.dataset.income === "earned" ? income : total.map((ore, year) => ore - income[year]), null);
    }
  }

  /** @param {Iterable<Line>} lines */
  *#figures(lines) {
    const { reductions = "", incomes = "" } = this.table.form.dataset;
    const [lowering, earning] = [reductions.split("|"), incomes.split("|")];
    const { isOfOneKind } = this.table;
    for (const line of lines) {
      const kind = line.text("cost_kind");
      // A table of one kind is summed as it is.
      const isIncome = !isOfOneKind && earning.includes(kind);
      yield { product: line.product, isUse: lowering.includes(kind), isIncome, amounts: line.amounts() };
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
   * @param {{ ore: bigint | null } | null} shown The year before of the lines that a filter shows.
   */
  #showRow(row, amounts, shown) {
    const { unit } = this.table;
    const [first, second, third, before, change] = /** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll("td.n"));
    [first, second, third].forEach((cell, year) => write(cell.querySelector(".sum-act") ?? cell, formatIn(amounts[year], unit)));
    if (first.title) first.title = `${formatSek(amounts[0])} kr`;
    const earlier = shown ? shown.ore : toOre(row.dataset.earlier);
    if (before && (earlier !== null || shown)) write(before, earlier === null ? "" : formatIn(earlier, unit));
    if (change && earlier !== null) write(change, formatChange(amounts[0] - earlier, unit));
    else if (change && shown) write(change, "");
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
