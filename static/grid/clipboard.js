/* Blocks of cells to and from spreadsheets: tab-separated rows, with quotes around what holds tabs or line breaks. Beside the
   text that a spreadsheet reads, a copied block has one of its own, in which every amount has its unit. */
import { formatPlain, parseOre, spreadsheet } from "./numbers.js";
/** @import { Unit } from "./numbers.js" */

const OWN = "application/x-itsam-cells";

/**
 * The text of a copied block: the grid's own where it has one, so that it means the same in a column of another unit.
 * @param {DataTransfer | null} data
 */
export const textOf = (data) => data?.getData(OWN) || data?.getData("text/plain") || "";

/**
 * @param {DataTransfer | null} data
 * @param {{ text: string, unit: Unit, isNumber: boolean }[][]} rows
 */
export function putBlock(data, rows) {
  data?.setData("text/plain", writeBlock(rows.map((row) => row.map(({ text, ...column }) => cellText(text, column)))));
  data?.setData(OWN, writeBlock(rows.map((row) => row.map(({ text, ...column }) => ownText(text, column)))));
}

/** @param {string[][]} cells */
export const writeBlock = (cells) => cells.map((row) => row.map(quote).join("\t")).join("\r\n");

/** @param {string} text */
const quote = (text) => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * The rows of a copied block. A quote opens a quoted cell only where a cell begins.
 * @param {string} text
 */
export function readBlock(text) {
  /** @type {string[][]} */
  const rows = [[]];
  let place = 0;
  const rest = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (place <= rest.length) {
    const cell = readQuoted(rest, place) ?? readPlain(rest, place);
    rows[rows.length - 1].push(cell.text);
    if (cell.end >= rest.length) break;
    if (rest[cell.end] === "\n") rows.push([]);
    place = cell.end + 1;
  }
  return rows;
}

/**
 * @param {string} text
 * @param {number} from
 */
function readPlain(text, from) {
  const breaks = /[\t\n]/g;
  breaks.lastIndex = from;
  const end = breaks.exec(text)?.index ?? text.length;
  return { text: text.slice(from, end), end };
}

/**
 * @param {string} text
 * @param {number} from
 */
function readQuoted(text, from) {
  if (text[from] !== '"') return null;
  let end = from + 1;
  while (end < text.length && !(text[end] === '"' && text[end + 1] !== '"')) end += text[end] === '"' ? 2 : 1;
  const isWhole = text[end] === '"' && (end + 1 === text.length || /[\t\n]/.test(text[end + 1]));
  return isWhole ? { text: text.slice(from + 1, end).replaceAll('""', '"'), end: end + 1 } : null;
}

/**
 * A cell as a spreadsheet should get it: exact and without spaces, in the unit of its column.
 * @param {string} text
 * @param {{ unit: Unit, isNumber: boolean }} column
 */
export function cellText(text, { unit, isNumber }) {
  const ore = unit ? parseOre(text) : null;
  if (ore !== null) return formatPlain(ore, unit);
  return isNumber ? spreadsheet(text) : text.replaceAll("\u202f", "");
}

/**
 * A cell as any grid reads it, whatever its unit and language: amounts in kronor, and never three decimals.
 * @param {string} text
 * @param {{ unit: Unit, isNumber: boolean }} column
 */
export function ownText(text, { unit, isNumber }) {
  const ore = unit ? parseOre(text) : null;
  if (ore !== null) return `${formatPlain(ore, "kr")} kr`;
  return isNumber ? spreadsheet(text).replace(/[.,][0-9]{3}$/, "$&0") : text;
}
