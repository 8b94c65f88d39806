/* Numbers as people type and read them: the same rules as web/reading.py, for totals at once. What can't be read gives
   null; the server says why. tests/number_cases.json holds both to what is typed, sent and meant. */
import { MINUS, abs, clean, pageLanguage, parseFraction, round } from "./fractions.js";
import { isSum, workOut } from "./sums.js";
/** @import { Fraction, Language } from "./fractions.js" */

/** @typedef {"kr" | "tkr" | ""} Unit What the amounts of a column are in; nothing where it holds no amounts. */

const MAX_ORE = 10n ** 15n;
const LARGEST_QUANTITY = 10n ** 10n;
const THIN = "\u202f";
// Each unit in öre, as a power of ten.
/** @type {Record<string, bigint>} */
const UNITS = { "": 2n, kr: 2n, sek: 2n, ":-": 2n, tkr: 5n, mkr: 8n };
const SUFFIX = /^(.*?) *(mkr|tkr|kr|sek|:-)$/i;

/**
 * @param {string} text
 * @returns {[number: string, unit: string]}
 */
function splitUnit(text) {
  const cleaned = clean(text);
  const parts = SUFFIX.exec(cleaned);
  return parts ? [parts[1], parts[2].toLowerCase()] : [cleaned, ""];
}

/**
 * What is typed in a column means its unit unless it has its own. Written with it, it means the same everywhere.
 * @param {string} text
 * @param {Unit} unit
 */
export function inUnit(text, unit) {
  const isBare = /[0-9]/.test(text) && !splitUnit(text)[1];
  return isBare && unit && unit !== "kr" ? `${text} ${unit}` : text;
}

/**
 * The same as it was typed.
 * @param {string} text
 * @param {Unit} unit
 */
export function withoutUnit(text, unit) {
  const [number, own] = splitUnit(text);
  return own && own === unit && unit !== "kr" ? number : text;
}

/**
 * A number that stands in a column without a unit of its own, as if it were typed in a column of the other unit.
 * @param {string} text As `inUnit` gives it.
 * @param {Unit} unit
 */
export function inOtherUnit(text, unit) {
  if (unit === "tkr") return withoutUnit(text, unit);
  return unit === "kr" ? inUnit(text, "tkr") : text;
}

/**
 * Typed kronor, or an amount with its unit, as öre; or null. Only a sum is rounded.
 * @param {string} text
 * @param {Language} [language]
 */
export function parseOre(text, language = pageLanguage()) {
  const [number, unit] = splitUnit(text);
  const hasThird = UNITS[unit] > 2n;
  const value = isSum(text) ? workOut(number, language, hasThird) : parseFraction(number, language, hasThird);
  if (!value) return null;
  /** @type {Fraction} */
  const exact = [value[0] * 10n ** UNITS[unit], value[1]];
  if (!isSum(text) && exact[0] % exact[1]) return null;
  const ore = round(exact);
  return isTooLarge(ore) ? null : ore;
}

/** @param {bigint} ore */
export const isTooLarge = (ore) => abs(ore) > MAX_ORE;

/**
 * A typed quantity, or null.
 * @param {string} text
 * @param {Language} [language]
 */
export function parseQuantity(text, language = pageLanguage()) {
  const value = isSum(text) ? workOut(text, language, true) : parseFraction(clean(text), language, true);
  const isFit = value && (value[0] * 10000n) % value[1] === 0n && abs(value[0]) < LARGEST_QUANTITY * value[1];
  return isFit ? value : null;
}

/** @param {string} digits */
const group = (digits) => digits.replace(/\B(?=(?:[0-9]{3})+$)/g, THIN);
/**
 * @param {bigint} value
 * @param {string} shown
 */
const signed = (value, shown) => (value < 0n ? MINUS + shown : shown);
/** @param {Language} language */
const decimalMark = (language) => (language === "en" ? "." : ",");

/**
 * @param {bigint} ore
 * @param {Language} [language]
 */
export function formatSek(ore, language = pageLanguage()) {
  const size = abs(ore);
  const rest = size % 100n;
  const decimals = rest ? decimalMark(language) + String(rest).padStart(2, "0") : "";
  return signed(ore, group(String(size / 100n)) + decimals);
}

/** @param {bigint} ore */
export function formatTkr(ore) {
  const tkr = round([ore, 100000n]);
  return signed(tkr, group(String(abs(tkr))));
}

/**
 * @param {bigint} ore
 * @param {Unit} unit
 */
export const formatIn = (ore, unit) => (unit === "kr" ? formatSek(ore) : formatTkr(ore));

/**
 * An exact amount in a unit, so that typed back it is the same: in English 1.234 would not be read, but 1.2340 is.
 * @param {bigint} ore
 * @param {Unit} unit
 * @param {Language} [language]
 */
export function formatExact(ore, unit, language = pageLanguage()) {
  if (unit === "kr") return formatSek(ore, language);
  const size = abs(ore);
  const decimals = String(size % 100000n).padStart(5, "0").replace(/0+$/, "");
  const shown = decimals.length === 3 && language === "en" ? `${decimals}0` : decimals;
  return signed(ore, group(String(size / 100000n)) + (shown && decimalMark(language) + shown));
}

/**
 * The same as a spreadsheet reads it: no spaces between thousands, an ordinary minus.
 * @param {bigint} ore
 * @param {Unit} unit
 * @param {Language} [language]
 */
export const formatPlain = (ore, unit, language = pageLanguage()) => spreadsheet(formatExact(ore, unit, language));

/**
 * A shown number as a spreadsheet reads it.
 * @param {string} text
 */
export const spreadsheet = (text) => text.replaceAll(THIN, "").replace(MINUS, "-");

/**
 * @param {bigint} ore
 * @param {Unit} unit
 */
export function formatChange(ore, unit) {
  const shown = formatIn(ore, unit);
  return ore > 0n && shown !== "0" ? `+${shown}` : shown;
}

/**
 * Part of whole in per cent with one decimal and its sign, as the page's head shows it.
 * @param {bigint} part
 * @param {bigint} whole
 * @param {Language} [language]
 */
export function formatPercent(part, whole, language = pageLanguage()) {
  const tenths = round([1000n * part, abs(whole)]);
  const size = String(abs(tenths)).padStart(2, "0");
  const shown = `${group(size.slice(0, -1))}${decimalMark(language)}${size.slice(-1)}`;
  return tenths > 0n ? `+${shown}` : signed(tenths, shown);
}
