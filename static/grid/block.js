/* The shape of a pasted block: a first row of headings, a first column of products, and how often it fits in a selection. */
import { columnBeside, isNumber } from "./columns.js";
/** @import { Column } from "./columns.js" */

/**
 * A block over a selection, repeated where the selection is a whole number of times as high or as wide.
 * @param {string[][]} rows
 * @param {{ down: number, across: number }} selected Rows and columns of the selection.
 */
export function repeat(rows, { down, across }) {
  const width = Math.max(...rows.map((row) => row.length));
  const [high, wide] = [timesIn(rows.length, down), timesIn(width, across)];
  if (high * wide === 1) return rows;
  const whole = rows.map((row) => [...row, ...Array(width - row.length).fill("")]);
  return Array.from({ length: high }, () => whole.map((row) => Array(wide).fill(row).flat())).flat();
}

/**
 * @param {number} size
 * @param {number} room
 */
const timesIn = (size, room) => (room % size ? 1 : Math.max(1, room / size));

const UNIT = /[,\s]*\(?\b(mkr|tkr|kr|sek)\b\)?$/i;
const YEAR = /\b(19|20)[0-9]{2}\b/;

/**
 * What a heading says: without its unit and in small letters.
 * @param {string} text
 */
const bare = (text) => text.trim().toLocaleLowerCase().replace(UNIT, "").trim();

/**
 * Words without a number, or with a year as in "Budget 2027": nobody writes an amount so.
 * @param {string} text
 */
function isWords(text) {
  const rest = bare(text).replace(YEAR, "");
  return /\p{L}/u.test(rest) && !/[0-9=]/.test(rest);
}

/**
 * Whether the first row of a block is headings: nothing in it can be a number, and where it stands over numbers it is
 * words or the years of its columns, over rows that are numbers.
 * @param {string[][]} rows
 * @param {Column} first The column that the block begins in.
 * @param {(column: Column) => string} nameOf What a column is called.
 */
export function hasHeadings([top, ...below], first, nameOf) {
  const cells = top.flatMap((text, at) => {
    const column = columnBeside(first, at);
    return column && text.trim() ? { text: text.trim(), at, column } : [];
  });
  if (!below.length || !cells.length) return false;
  /** @param {{ text: string, column: Column }} cell */
  const isNamed = ({ text, column }) => bare(text) === bare(nameOf(column));
  const numbers = cells.filter(({ column }) => isNumber(column));
  const isOverNumbers = numbers.every(({ at }) => below.every((row) => !(row[at] ?? "").trim() || /[0-9]/.test(row[at])));
  if (!isOverNumbers || !numbers.every((cell) => isNamed(cell) || isWords(cell.text))) return false;
  const years = numbers.filter((cell) => !isWords(cell.text));
  return numbers.length > years.length || years.length > 1 || (!numbers.length && cells.every(isNamed));
}

/**
 * A block whose first column names products, as copied blocks do: the products beside the rest of each row; else null.
 * @param {string[][]} rows
 * @param {{ products: ReadonlySet<string>, kinds: ReadonlySet<string> }} known Their names.
 */
export function splitProducts(rows, { products, kinds }) {
  /** @param {string | undefined} text */
  const isKind = (text) => kinds.has((text ?? "").trim());
  const areNamed = rows.every(([first], at) => products.has(first.trim()) || (at === 0 && rows.length > 1));
  // A text may be called as a kind is: then its kind follows it.
  const isShifted = rows.every((row) => row.length > 1 && (!isKind(row[1]) || isKind(row[2])));
  if (!areNamed || !isShifted) return null;
  return { names: rows.map(([first]) => first.trim()), rows: rows.map((row) => row.slice(1)) };
}
