/* Exact numbers, and how the digits of one are read. Amounts are BigInt öre, and nothing here is ever a float. */

/** @typedef {[numerator: bigint, denominator: bigint]} Fraction A number with its denominator above zero. */
/** @typedef {string} Language "sv" or "en": the one whose marks are read and written. */

const SPACES = /[\u00a0\u2007\u2009\u202f\t]/g;
const NUMBER = /^([+\-\u2212]?) ?([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:([.,])([0-9]+))?$/;
const LONGEST = 60;
export const MINUS = "\u2212";

/** @returns {Language} */
export const pageLanguage = () => (globalThis.document?.documentElement.lang || "sv").split("-")[0];

/** @param {string} text */
export const clean = (text) => text.replace(SPACES, " ").trim();

/** @param {bigint} value */
export const abs = (value) => (value < 0n ? -value : value);

/**
 * The number that a text without unit is, or null: one that can be read in two ways is none.
 * @param {string} text
 * @param {Language} language
 * @returns {Fraction | null}
 */
export function parseFraction(text, language) {
  const parts = text.length <= LONGEST ? NUMBER.exec(text) : null;
  if (!parts) return null;
  const [, sign, whole, mark, decimals = ""] = parts;
  const isGrouped = decimals.length === 3 && /^[1-9][0-9]{0,2}$/.test(whole);
  if (isGrouped && (mark === "." || language === "en")) return null;
  const digits = BigInt(whole.replaceAll(" ", "") + decimals);
  return [sign === "-" || sign === MINUS ? -digits : digits, 10n ** BigInt(decimals.length)];
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
