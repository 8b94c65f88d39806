/* Filling down and right: the first row or column of a selection over the rest of it. */
import { columnBeside, isNumber } from "./columns.js";
/** @import { Column } from "./columns.js" */

/**
 * @template Line
 * @typedef {{ line: Line, columns: Column[] }[]} Rows
 */

/**
 * A number is filled into numbers, and words only into words; never anything else into a cost kind.
 * @param {Column} from
 * @param {Column} to
 */
const fits = (from, to) => to !== "cost_kind" && from !== "cost_kind" && isNumber(from) === isNumber(to);

/**
 * The cells that are filled down. A single row takes what stands above it.
 * @template {{ text: (column: Column) => string }} Line
 * @param {Rows<Line>} block
 * @param {Line | undefined} above
 */
export function fillDown(block, above) {
  const source = block.length > 1 ? block[0].line : above;
  const rows = block.length > 1 ? block.slice(1) : block;
  if (!source) return [];
  return rows.flatMap(({ line, columns }) => columns.map((column) => ({ line, column, text: source.text(column) })));
}

/**
 * The cells that are filled to the right. A single column takes what stands to its left.
 * @template {{ text: (column: Column) => string }} Line
 * @param {Rows<Line>} block
 */
export function fillRight(block) {
  return block.flatMap(({ line, columns }) => {
    const source = columns.length > 1 ? columns[0] : columnBeside(columns[0], -1);
    const targets = columns.length > 1 ? columns.slice(1) : columns;
    if (!source) return [];
    return targets.filter((column) => fits(source, column)).map((column) => ({ line, column, text: line.text(source) }));
  });
}
