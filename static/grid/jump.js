/* Ctrl with an arrow: to the edge of what is filled, as in a spreadsheet. */
import { columnOf } from "./line.js";
/** @import { Cursor, Place } from "./cursor.js" */

/**
 * From a filled cell to the last before an empty one; from an edge or an empty cell to the next filled one, else to the end.
 * @param {boolean[]} filled
 * @param {number} from
 * @param {number} step 1 or −1.
 */
export function edgeOf(filled, from, step) {
  const end = step > 0 ? filled.length - 1 : 0;
  if (from === end) return from;
  const isInside = filled[from] && filled[from + step];
  let at = from + step;
  while (at !== end && (isInside ? filled[at + step] : !filled[at])) at += step;
  return at;
}

/**
 * Where a jump from a cell ends.
 * @param {Cursor} cursor
 * @param {Place} from
 * @param {[down: number, right: number]} steps
 * @returns {Place}
 */
export function jumpFrom(cursor, { line, column }, [down, right]) {
  if (right) {
    const columns = cursor.cells(line.row).map(columnOf);
    return { line, column: columns[edgeOf(columns.map((one) => line.text(one) !== ""), columns.indexOf(column), right)] };
  }
  const lines = cursor.lines();
  return { line: lines[edgeOf(lines.map((one) => one.text(column) !== ""), lines.indexOf(line), down)], column };
}
