/* The rules of a line that the table follows while somebody writes, without the page: the same as the engine's, and held to
   the same table, engine/tests/line_cases.json. */
import { round } from "./fractions.js";
import { isTooLarge } from "./numbers.js";
/** @import { Fraction } from "./fractions.js" */

/**
 * Quantity and unit price, both or neither, and the first amount, in öre.
 * @typedef {{ quantity: Fraction | null, unit_price_ore: bigint | null, amount_1_ore: bigint }} TiedValues
 */
/** @typedef {{ quantity?: Fraction | null, unit_price_ore?: bigint | null, amount_1_ore?: bigint | null }} TypedValues */
/** @typedef {"alone" | "differs" | "too_large" | "above_zero" | "below_zero"} Reason */
/** @typedef {{ field: "quantity" | "unit_price_ore" | "amount_1_ore" | "cost_kind", reason: Reason }} Unfit */
/** @typedef {{ values: TiedValues, refused: null } | { values: null, refused: Unfit }} Settled */

/**
 * Quantity × unit price in öre, rounded once, half away from zero.
 * @param {Fraction} quantity
 * @param {bigint} price
 */
export const multiply = (quantity, price) => round([quantity[0] * price, quantity[1]]);

/**
 * What a line holds once something is typed in it: which of quantity × price and amount yields.
 * @param {TiedValues} stored
 * @param {TypedValues} typed What is typed; null where it is emptied, and no key where nothing is.
 * @param {{ sign?: 1 | 0 | -1 }} [options] The sign of its kind: an income's 1, that of what lowers a cost -1, 0 for either.
 * @returns {Settled}
 */
export function settle(stored, typed, { sign = 0 } = {}) {
  const settled = tie(stored, typed);
  if (settled.refused || sign === 0 || settled.values.amount_1_ore * BigInt(sign) >= 0n) return settled;
  const isWritten = "amount_1_ore" in typed || settled.values.amount_1_ore !== stored.amount_1_ore;
  return refuse(isWritten ? "amount_1_ore" : "cost_kind", sign < 0 ? "above_zero" : "below_zero");
}

/**
 * @param {TiedValues} stored
 * @param {TypedValues} typed
 * @returns {Settled}
 */
function tie(stored, typed) {
  const { quantity, unit_price_ore: price, amount_1_ore: amount } = { ...stored, ...typed };
  const lone = findLone(quantity !== null, price !== null);
  // Where one of a pair is emptied the pair goes, and the amount stays.
  if (lone && lone in typed) return refuse(lone, "alone");
  if (quantity === null || price === null) return keep(amount);
  const product = multiply(quantity, price);
  if (isTooLarge(product)) return refuse("quantity" in typed ? "quantity" : "unit_price_ore", "too_large");
  if ((typed.amount_1_ore ?? product) === product) return { values: { quantity, unit_price_ore: price, amount_1_ore: product }, refused: null };
  return "quantity" in typed || "unit_price_ore" in typed ? refuse("amount_1_ore", "differs") : keep(amount);
}

/**
 * The one of quantity and unit price that stands without the other, and so means nothing; or null.
 * @param {boolean} hasQuantity
 * @param {boolean} hasPrice
 */
export function findLone(hasQuantity, hasPrice) {
  if (hasQuantity === hasPrice) return null;
  return hasQuantity ? "quantity" : "unit_price_ore";
}

/**
 * An amount by itself; an emptied one is zero.
 * @param {bigint | null} amount
 * @returns {Settled}
 */
const keep = (amount) => ({ values: { quantity: null, unit_price_ore: null, amount_1_ore: amount ?? 0n }, refused: null });

/**
 * @param {Unfit["field"]} field
 * @param {Reason} reason
 * @returns {Settled}
 */
const refuse = (field, reason) => ({ values: null, refused: { field, reason } });

/**
 * What lines cost without their use of equity, which is zero or below and lowers their total.
 * @param {bigint} total
 * @param {bigint} useOfEquity
 */
export const costWithoutEquity = (total, useOfEquity) => total - useOfEquity;
