/* Sums that people type in a cell, such as `=12*4 500+300`, worked out exactly: the same rules as web/formulas.py. */
import { abs, clean, parseFraction, reduce } from "./fractions.js";
/** @import { Fraction, Language } from "./fractions.js" */

const PART = /[0-9](?:[0-9., ]*[0-9])?|[+*/()\-\u00d7\u00f7]/y;
/** @type {Record<string, string>} */
const SAME = { "\u00d7": "*", "\u00f7": "/" };
const LARGEST = 10n ** 40n;
const LONGEST = 200;
const DEEPEST = 20;

/** @param {string} text */
export const isSum = (text) => clean(text).startsWith("=");

/**
 * The value of a sum after "=", or null.
 * @param {string} text
 * @param {Language} language
 * @param {boolean} hasThird As for a number.
 * @returns {Fraction | null}
 */
export function workOut(text, language, hasThird) {
  const cleaned = clean(text).replace(/^=/, "").trim();
  const parts = cleaned && cleaned.length <= LONGEST ? cut(cleaned) : null;
  if (!parts) return null;
  try {
    return new Reader(parts, language, hasThird).read();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/**
 * Numbers and signs, or null where anything else stands.
 * @param {string} text
 */
function cut(text) {
  const parts = [];
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (!part) return null;
    parts.push(SAME[part[0]] ?? part[0]);
    while (text[PART.lastIndex] === " ") PART.lastIndex += 1;
  }
  return parts;
}

/**
 * @param {Fraction} value
 * @returns {Fraction}
 */
function bounded(value) {
  const small = reduce(value);
  if (abs(small[0]) > LARGEST * small[1] || small[1] > LARGEST) throw new RangeError("too large");
  return small;
}

/* Reads parts from left to right: a sum of products of signed numbers and parentheses. RangeError where it is none. */
class Reader {
  /**
   * @param {string[]} parts
   * @param {Language} language
   * @param {boolean} hasThird
   */
  constructor(parts, language, hasThird) {
    this.parts = parts;
    this.language = language;
    this.hasThird = hasThird;
    this.place = 0;
    this.depth = 0;
  }

  read() {
    const value = this.sum();
    if (this.place < this.parts.length) throw new RangeError("more than a sum");
    return value;
  }

  /**
   * Goes past the next part if it is one of those named.
   * @param {string[]} wanted
   */
  take(...wanted) {
    const part = this.parts[this.place];
    if (!wanted.includes(part)) return "";
    this.place += 1;
    return part;
  }

  /** @returns {Fraction} */
  sum() {
    let value = this.product();
    for (let sign = this.take("+", "-"); sign; sign = this.take("+", "-")) {
      const [[top, bottom], [a, b]] = [value, this.product()];
      value = bounded([top * b + (sign === "+" ? a : -a) * bottom, bottom * b]);
    }
    return value;
  }

  /** @returns {Fraction} */
  product() {
    let value = this.signed();
    for (let sign = this.take("*", "/"); sign; sign = this.take("*", "/")) {
      const [[top, bottom], [a, b]] = [value, this.signed()];
      if (sign === "/" && a === 0n) throw new RangeError("divided by zero");
      value = bounded(sign === "*" ? [top * a, bottom * b] : [top * b * (a < 0n ? -1n : 1n), bottom * abs(a)]);
    }
    return value;
  }

  /** @returns {Fraction} */
  signed() {
    let isNegative = false;
    for (let sign = this.take("+", "-"); sign; sign = this.take("+", "-")) isNegative = isNegative !== (sign === "-");
    const [top, bottom] = this.take("(") ? this.inside() : this.number();
    return [isNegative ? -top : top, bottom];
  }

  inside() {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new RangeError("too many parentheses");
    const value = this.sum();
    if (!this.take(")")) throw new RangeError("an open parenthesis");
    this.depth -= 1;
    return value;
  }

  number() {
    const part = this.parts[this.place] ?? "";
    const value = /^[0-9]/.test(part) ? parseFraction(part, this.language, this.hasThird) : null;
    if (!value) throw new RangeError("no number");
    this.place += 1;
    return value;
  }
}
