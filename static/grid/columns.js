/* A line's cells by name, in the order of the table; the server has the same names. */

export const COLUMNS = /** @type {const} */ ([
  "text", "cost_kind", "quantity", "unit_price_ore", "amount_1_ore", "amount_2_ore", "amount_3_ore", "note",
]);
export const AMOUNTS = /** @type {const} */ (["amount_1_ore", "amount_2_ore", "amount_3_ore"]);
export const FACTORS = /** @type {const} */ (["quantity", "unit_price_ore"]);
// What nobody types where a line is calculated.
export const FIGURES = /** @type {const} */ (["cost_kind", ...FACTORS, ...AMOUNTS]);
// Who saw one of these saw the others.
export const TIED = /** @type {const} */ (["quantity", "unit_price_ore", "amount_1_ore"]);
// What lines are found by, and what may not be empty.
export const WORDS = /** @type {const} */ (["text", "cost_kind", "note"]);
export const NEVER_EMPTY = /** @type {const} */ (["text", "cost_kind"]);

/** @typedef {(typeof COLUMNS)[number]} Column */
/** @typedef {(typeof AMOUNTS)[number]} Amount */

/** @type {ReadonlySet<string>} */
const AMOUNT_NAMES = new Set(AMOUNTS);
/** @type {ReadonlySet<string>} */
const TIED_NAMES = new Set(TIED);
/** @type {ReadonlySet<string>} */
const NUMBER_NAMES = new Set([...FACTORS, ...AMOUNTS]);
/** @type {ReadonlySet<string>} */
const ALL_NAMES = new Set(COLUMNS);

/** @type {(name: string) => name is Amount} */
export const isAmount = (name) => AMOUNT_NAMES.has(name);
/** @type {(name: string) => name is (typeof TIED)[number]} */
export const isTied = (name) => TIED_NAMES.has(name);
/** @param {Column} column */
export const isNumber = (column) => NUMBER_NAMES.has(column);
/** @param {Column} column */
export const isMoney = (column) => column !== "quantity" && NUMBER_NAMES.has(column);
/** @type {(name: string) => name is Column} */
export const isColumn = (name) => ALL_NAMES.has(name);

/**
 * The column so many steps beside another, or undefined beyond the table.
 * @param {Column} column
 * @param {number} steps
 * @returns {Column | undefined}
 */
export const columnBeside = (column, steps) => COLUMNS[COLUMNS.indexOf(column) + steps];

/**
 * The same, but never beyond the first or the last.
 * @param {Column} column
 * @param {number} steps
 */
export const columnWithin = (column, steps) => COLUMNS[Math.max(0, Math.min(COLUMNS.indexOf(column) + steps, COLUMNS.length - 1))];

/**
 * Columns from one corner to the other, in the order of the table.
 * @param {Column} one
 * @param {Column} other
 */
export function columnsBetween(one, other) {
  const [first, last] = [COLUMNS.indexOf(one), COLUMNS.indexOf(other)].sort((a, b) => a - b);
  return COLUMNS.slice(first, last + 1);
}
