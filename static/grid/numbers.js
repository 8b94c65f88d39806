/* Numbers as people type and read them: the same rules as itsam/web/numbers.py and formulas.py, for totals at once.
   What can't be read gives null; the server says why. Amounts are BigInt öre, and nothing here is ever a float. */
const SPACES = /[\u00a0\u2007\u2009\u202f\t]/g;
const NUMBER = /^([+\-\u2212]?) ?([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:([.,])([0-9]+))?$/;
const PART = /[0-9](?:[0-9., ]*[0-9])?|[+*/()\-\u2212\u00d7\u00f7]/y;
const SAME = { "\u2212": "-", "\u00d7": "*", "\u00f7": "/" };
const MAX_ORE = 10n ** 15n;
const LARGEST = 10n ** 40n;
const LONGEST = 60;
const LONGEST_SUM = 200;
const DEEPEST = 20;
const THIN = "\u202f";
const MINUS = "\u2212";

export const language = () => (document.documentElement.lang || "sv").split("-")[0];

const clean = (text) => text.replace(SPACES, " ").trim();
const abs = (value) => (value < 0n ? -value : value);

/* A fraction [numerator, denominator], the denominator above zero. */
function parseFraction(text, speech) {
  const found = text.length <= LONGEST ? NUMBER.exec(text) : null;
  if (!found) return null;
  const [, sign, whole, mark, decimals = ""] = found;
  const isGrouped = decimals.length === 3 && /^[1-9][0-9]{0,2}$/.test(whole);
  if (isGrouped && (mark === "." || speech === "en")) return null;
  const digits = BigInt(whole.replaceAll(" ", "") + decimals);
  return [sign === "-" || sign === MINUS ? -digits : digits, 10n ** BigInt(decimals.length)];
}

function reduce([top, bottom]) {
  let [a, b] = [abs(top), bottom];
  while (b) [a, b] = [b, a % b];
  return a ? [top / a, bottom / a] : [0n, 1n];
}

function cut(text) {
  const parts = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const found = PART.exec(text);
    if (!found) return null;
    parts.push(SAME[found[0]] ?? found[0]);
    while (text[PART.lastIndex] === " ") PART.lastIndex += 1;
  }
  return parts;
}

/* The value of a sum after "=", or null. */
export function workOut(text, speech = language()) {
  const cleaned = clean(text).replace(/^=/, "").trim();
  const parts = cleaned && cleaned.length <= LONGEST_SUM ? cut(cleaned) : null;
  if (!parts) return null;
  let place = 0;
  let depth = 0;
  const bounded = (value) => {
    const small = reduce(value);
    if (abs(small[0]) > LARGEST * small[1] || small[1] > LARGEST) throw new RangeError();
    return small;
  };
  const number = () => {
    const part = parts[place];
    place += 1;
    if (part === "(") {
      depth += 1;
      if (depth > DEEPEST) throw new RangeError();
      const value = sum();
      if (parts[place] !== ")") throw new RangeError();
      place += 1;
      depth -= 1;
      return value;
    }
    const value = part && /^[0-9]/.test(part) ? parseFraction(part, speech) : null;
    if (!value) throw new RangeError();
    return value;
  };
  const signed = () => {
    let negative = false;
    while (parts[place] === "+" || parts[place] === "-") {
      negative = negative !== (parts[place] === "-");
      place += 1;
    }
    const [top, bottom] = number();
    return [negative ? -top : top, bottom];
  };
  const product = () => {
    let [top, bottom] = signed();
    while (parts[place] === "*" || parts[place] === "/") {
      const sign = parts[place];
      place += 1;
      const [a, b] = signed();
      if (sign === "/" && a === 0n) throw new RangeError();
      [top, bottom] = sign === "*" ? [top * a, bottom * b] : [top * b * (a < 0n ? -1n : 1n), bottom * abs(a)];
      [top, bottom] = bounded([top, bottom]);
    }
    return [top, bottom];
  };
  const sum = () => {
    let [top, bottom] = product();
    while (parts[place] === "+" || parts[place] === "-") {
      const sign = parts[place] === "+" ? 1n : -1n;
      place += 1;
      const [a, b] = product();
      [top, bottom] = bounded([top * b + sign * a * bottom, bottom * b]);
    }
    return [top, bottom];
  };
  try {
    const value = sum();
    return place === parts.length ? value : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

// Each unit in öre, as a power of ten.
const UNITS = { kr: 2n, sek: 2n, tkr: 5n, mkr: 8n };
const SUFFIX = /^(.*?) ?(mkr|tkr|kr|sek)$/i;

function splitUnit(text) {
  const cleaned = clean(text);
  const found = SUFFIX.exec(cleaned);
  return found ? [found[1], found[2].toLowerCase()] : [cleaned, ""];
}

/* What is typed in a column means its unit unless it has its own. Written with it, it means the same everywhere. */
export function inUnit(text, unit) {
  const isBare = /[0-9]/.test(text) && !splitUnit(text)[1];
  return isBare && unit && unit !== "kr" ? `${text} ${unit}` : text;
}

/* The same as it was typed. */
export function withoutUnit(text, unit) {
  const [number, own] = splitUnit(text);
  return own && own === unit && unit !== "kr" ? number : text;
}

const isSum = (text) => text.trimStart().startsWith("=");

/* Half away from zero. */
export function round([top, bottom]) {
  const size = (2n * abs(top) + bottom) / (2n * bottom);
  return top < 0n ? -size : size;
}

/* Typed kronor, or an amount with its unit, as öre; or null. Only a sum is rounded. */
export function parseOre(text, speech = language()) {
  const [number, unit] = splitUnit(text);
  const value = isSum(text) ? workOut(number, speech) : parseFraction(number, speech);
  if (!value) return null;
  const exact = [value[0] * 10n ** UNITS[unit || "kr"], value[1]];
  if (!isSum(text) && exact[0] % exact[1]) return null;
  const ore = round(exact);
  return abs(ore) > MAX_ORE ? null : ore;
}

/* A typed quantity as a fraction, or null. */
export function parseQuantity(text, speech = language()) {
  const value = isSum(text) ? workOut(text, speech) : parseFraction(clean(text), speech);
  return value && (value[0] * 10000n) % value[1] === 0n ? value : null;
}

const group = (digits) => digits.replace(/\B(?=(?:[0-9]{3})+$)/g, THIN);
const signedText = (value, shown) => (value < 0n ? MINUS + shown : shown);
const decimalMark = () => (language() === "en" ? "." : ",");

export function formatSek(ore) {
  const size = abs(ore);
  const rest = size % 100n;
  const decimals = rest ? decimalMark() + String(rest).padStart(2, "0") : "";
  return signedText(ore, group(String(size / 100n)) + decimals);
}

export function formatTkr(ore) {
  const tkr = round([ore, 100000n]);
  return signedText(tkr, group(String(abs(tkr))));
}

/* An exact amount in a unit, so that typed back it is the same: in English 1.234 would not be read, but 1.2340 is. */
export function formatExact(ore, unit) {
  if (unit === "kr") return formatSek(ore);
  const size = abs(ore);
  const decimals = String(size % 100000n).padStart(5, "0").replace(/0+$/, "");
  const shown = decimals.length === 3 && language() === "en" ? `${decimals}0` : decimals;
  return signedText(ore, group(String(size / 100000n)) + (shown && decimalMark() + shown));
}

/* The same as a spreadsheet reads it: no spaces between thousands, an ordinary minus. */
export const formatPlain = (ore, unit) => formatExact(ore, unit).replaceAll(THIN, "").replace(MINUS, "-");

export function formatChange(ore, unit) {
  const shown = unit === "kr" ? formatSek(ore) : formatTkr(ore);
  return ore > 0n && shown !== "0" ? `+${shown}` : shown;
}

/* Part of whole in per cent with one decimal and its sign, as the page's head shows it. */
export function formatPercent(part, whole) {
  const tenths = round([1000n * part, abs(whole)]);
  const size = String(abs(tenths)).padStart(2, "0");
  const shown = `${group(size.slice(0, -1))}${decimalMark()}${size.slice(-1)}`;
  return tenths < 0n ? MINUS + shown : tenths > 0n ? `+${shown}` : shown;
}
