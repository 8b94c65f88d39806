/* Where the cells of a pasted block go: over lines from a cell on, below the last line as new ones, or nowhere. */
import { columnBeside } from "./columns.js";
import { countCells } from "./changes.js";
import { inUnit } from "./numbers.js";
/** @import { Cells } from "./changes.js" */
/** @import { Column } from "./columns.js" */
/** @import { Unit } from "./numbers.js" */

/**
 * @template Line
 * @typedef {{ cells: { line: Line, column: Column, text: string }[], below: { cells: Cells, row: number }[], outside: number }} Plan
 */

// What the server takes in one request, and what a page can draw while somebody waits.
export const MOST_CELLS = 20_000;
export const MOST_LINES = 1_000;

/**
 * Cells over the lines, the cells of each row below the last line, and how many are beyond the columns.
 * @template Line
 * @param {string[][]} rows
 * @param {{ lines: Line[], column: Column, unitOf: (column: Column) => Unit }} place The lines from the first cell's on.
 * @returns {Plan<Line>}
 */
export function planPaste(rows, { lines, column: first, unitOf }) {
  /** @type {Plan<Line>} */
  const plan = { cells: [], below: [], outside: 0 };
  rows.forEach((row, down) => {
    /** @type {{ column: Column, text: string }[]} */
    const inside = [];
    row.map((typed) => typed.trim()).forEach((typed, right) => {
      const column = columnBeside(first, right);
      if (column) inside.push({ column, text: inUnit(typed, unitOf(column)) });
      else if (typed) plan.outside += 1;
    });
    const filled = inside.filter(({ text }) => text);
    if (down < lines.length) for (const cell of inside) plan.cells.push({ line: lines[down], ...cell });
    else if (filled.length) plan.below.push({ cells: Object.fromEntries(filled.map(({ column, text }) => [column, text])), row: down });
  });
  return plan;
}

/**
 * @param {{ cells: unknown[], below: { cells: Cells }[] }} plan
 */
export const isTooMuch = ({ cells, below }) =>
  cells.length + countCells(below) + below.length > MOST_CELLS || below.length > MOST_LINES;
