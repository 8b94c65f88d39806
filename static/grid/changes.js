/* Changes as they are sent, kept and refused: plain values, without the page. */
/** @import { Column } from "./columns.js" */

/** @typedef {Partial<Record<Column, string>>} Cells Texts as typed, each amount with its unit. */
/** @typedef {{ seen: string, was: Cells }} Opened What the author of a cell saw, and when the line had become so. */
/** @typedef {{ line: string, cells: Cells } & Opened} ChangedRow */
/** @typedef {{ line: string, product: string, after: string | null, cells?: Cells, copy_of?: string | null }} AddedRow */
/** @typedef {{ line: string, product: string, after: string | null }} MovedRow */
/** @typedef {{ line: string, seen: string }} DeletedRow */
/** @typedef {"cells" | "paste" | "add" | "copy" | "move" | "delete"} Action */
/**
 * One save, which is one step of undo.
 * @typedef {object} Change
 * @property {Action} action
 * @property {ChangedRow[]} [changed]
 * @property {AddedRow[]} [added]
 * @property {MovedRow[]} [moved]
 * @property {DeletedRow[]} [deleted]
 * @property {string} [plan_years] What quantity × unit price does with the plan years.
 * @property {boolean} [partial] Whether the good cells are taken where some are bad.
 */
/** @typedef {{ line: string, column: Column, text: string, opened: Opened }} KeptCell A typed cell that is not on its way. */

/** The name that a new line has from the page, so that a request sent twice adds it once. */
export const newKey = () => crypto.randomUUID?.() ?? "10000000-1000-4000-8000-100000000000".replace(/[018]/g, randomDigit);

/** @param {string} mark */
const randomDigit = (mark) => (Number(mark) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(mark) / 4)))).toString(16);

/**
 * How a cell of a line is named among those that stand against a change; without a field it is the whole line.
 * @param {{ line: string, field: string }} cell
 */
export const nameOf = ({ line, field }) => `${line}:${field}`;

/**
 * @param {Cells} cells
 * @returns {[Column, string][]}
 */
export const entriesOf = (cells) => /** @type {[Column, string][]} */ (Object.entries(cells));

/** @param {{ cells?: Cells }[]} rows */
export const countCells = (rows) => rows.reduce((sum, { cells }) => sum + Object.keys(cells ?? {}).length, 0);

/**
 * How much is not saved yet, in cells; a line that is moved or deleted counts as one.
 * @param {Change[]} queue
 */
export const countChanges = (queue) =>
  queue.reduce((sum, { changed = [], added = [] }) => sum + Math.max(1, countCells([...changed, ...added])), 0);

/**
 * All rows of a change, of every kind.
 * @param {Change} change
 */
export const rowsOf = ({ changed = [], added = [], moved = [], deleted = [] }) => [...changed, ...added, ...moved, ...deleted];

/**
 * A kept cell of a line that is not shown: the server says whether it can be saved now, and if not why.
 * @param {KeptCell} cell
 * @returns {Change}
 */
export const changeOf = ({ line, column, text, opened }) => ({ action: "cells", changed: [{ line, ...opened, cells: { [column]: text } }] });

/**
 * What is left of a change without the cells and lines named, or null when nothing is.
 * @param {Change} change
 * @param {ReadonlySet<string>} named As `nameOf` gives them.
 * @returns {Change | null}
 */
export function without(change, named) {
  /** @param {{ line: string }} row */
  const isLeft = ({ line }) => !named.has(nameOf({ line, field: "" }));
  /**
   * @param {string} line
   * @param {Cells} cells
   */
  const good = (line, cells) => Object.fromEntries(entriesOf(cells).filter(([field]) => !named.has(nameOf({ line, field }))));
  const changed = (change.changed ?? []).map((row) => ({ ...row, cells: good(row.line, row.cells) }));
  const added = (change.added ?? []).filter(isLeft).map((row) => (row.cells ? { ...row, cells: good(row.line, row.cells) } : row));
  const rest = {
    changed: changed.filter(({ cells }) => Object.keys(cells).length),
    added,
    moved: (change.moved ?? []).filter(isLeft),
    deleted: (change.deleted ?? []).filter(isLeft),
  };
  return Object.values(rest).some((rows) => rows.length) ? { ...change, ...rest } : null;
}
