/* Blocks of cells to and from spreadsheets: tab-separated rows, with quotes around what holds tabs or line breaks. */
import { formatPlain, parseOre } from "./numbers.js";

export function writeBlock(cells) {
  return cells.map((row) => row.map(quote).join("\t")).join("\r\n");
}

const quote = (text) => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/* The rows of a copied block. A quote opens a quoted cell only where a cell begins. */
export function readBlock(text) {
  const rows = [[]];
  let place = 0;
  const rest = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (place <= rest.length) {
    const cell = rest[place] === '"' ? readQuoted(rest, place) : null;
    const end = cell ? cell.end : nextBreak(rest, place);
    rows.at(-1).push(cell ? cell.text : rest.slice(place, end));
    if (end >= rest.length) break;
    if (rest[end] === "\n") rows.push([]);
    place = end + 1;
  }
  return rows;
}

function nextBreak(text, from) {
  const found = /[\t\n]/g;
  found.lastIndex = from;
  return found.exec(text)?.index ?? text.length;
}

function readQuoted(text, from) {
  let end = from + 1;
  while (end < text.length && !(text[end] === '"' && text[end + 1] !== '"')) end += text[end] === '"' ? 2 : 1;
  const isWhole = text[end] === '"' && (end + 1 === text.length || /[\t\n]/.test(text[end + 1]));
  return isWhole ? { text: text.slice(from + 1, end).replaceAll('""', '"'), end: end + 1 } : null;
}

/* A cell as a spreadsheet should get it: exact and without spaces, in the unit of its column. */
export function cellText(text, unit, isNumber) {
  const ore = unit ? parseOre(text) : null;
  return ore === null ? text.replaceAll("\u202f", "").replace("\u2212", isNumber ? "-" : "\u2212") : formatPlain(ore, unit);
}
