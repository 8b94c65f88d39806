/* Exact numbers, and how the digits of one are read. Amounts are BigInt öre, and nothing here is ever a float. */

/** @typedef {[numerator: bigint, denominator: bigint]} Fraction A number with its denominator above zero. */
/** @typedef {string} Language "sv" or "en": the one whose marks are read and written. */

// What shows nothing, what stands for a space, what for a minus, and what turns the order of digits beside other signs.
const HIDDEN = /[\u200b-\u200e\u202a\u202c\u202d\u2060-\u2064\u2066\u2068\u2069\ufeff]/g;
const SPACES = /[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;
const DASHES = /[\u2010-\u2013\u2212\ufe63\uff0d]/g;
const TURNING = /[\u061c\u200f\u202b\u2067]/g;
const NIL = /^[-\u2014\u2015]$/;
const NUMBER = /^([+-]?) *([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:([.,])([0-9]+))?$/;
const LONGEST = 60;
export const MINUS = "\u2212";

/** @returns {Language} */
export const pageLanguage = () => (globalThis.document?.documentElement.lang || "sv").split("-")[0];

/**
 * A text as it is seen: nothing hidden, plain spaces inside and none around, and one kind of minus.
 * @param {string} text
 */
export function clean(text) {
  const seen = text.replace(HIDDEN, "").replace(SPACES, " ").replace(DASHES, "-").replace(/^[ \r\n]+|[ \r\n]+$/g, "");
  const digits = seen.replace(TURNING, "");
  return /^[0-9]+$/.test(digits) ? digits : seen;
}

/** @param {bigint} value */
export const abs = (value) => (value < 0n ? -value : value);

/**
 * The number that a clean text without unit is, or null: one that can be read in two ways is none.
 * @param {string} text
 * @param {Language} language
 * @param {boolean} hasThird Whether a third decimal exists, so that three digits after a mark are decimals.
 * @returns {Fraction | null}
 */
export function parseFraction(text, language, hasThird) {
  if (NIL.test(text)) return [0n, 1n];
  const parts = text.length <= LONGEST ? NUMBER.exec(text) : null;
  if (!parts) return null;
  const [, sign, whole, mark, decimals = ""] = parts;
  const isGrouped = decimals.length === 3 && /^[1-9][0-9]{0,2}$/.test(whole);
  if (isGrouped && (mark === "." || language === "en" || !hasThird)) return null;
  const digits = BigInt(whole.replaceAll(" ", "") + decimals);
  return [sign === "-" ? -digits : digits, 10n ** BigInt(decimals.length)];
}

/**
 * The same fraction in its lowest terms.
 * @param {Fraction} fraction
 * @returns {Fraction}
 */
export function reduce([top, bottom]) {
  let [divisor, rest] = [abs(top), bottom];
  while (rest) [divisor, rest] = [rest, divisor % rest];
  return divisor ? [top / divisor, bottom / divisor] : [0n, 1n];
}

/**
 * The nearest whole number, half away from zero.
 * @param {Fraction} fraction
 */
export function round([top, bottom]) {
  const size = (2n * abs(top) + bottom) / (2n * bottom);
  return top < 0n ? -size : size;
}
