/* A cost kind is completed while it is typed: the rest of the first one that begins so stands selected after what was typed. */
import { isCell } from "./cursor.js";
import { elementOf } from "./dom.js";
import { columnOf } from "./line.js";
/** @import { Table } from "./table.js" */

/**
 * The first kind that begins as typed, in capitals or not; or null.
 * @param {string} typed
 * @param {string[]} kinds
 */
export function completeKind(typed, kinds) {
  const start = typed.toLocaleLowerCase();
  return (start && kinds.find((kind) => kind.toLocaleLowerCase().startsWith(start))) || null;
}

/** @param {Table} table */
export const listKinds = ({ section }) =>
  Array.from(/** @type {NodeListOf<HTMLOptionElement>} */ (section.querySelectorAll("#cost-kinds option")), (option) => option.value);

/** @param {Table} table */
export function completeKinds(table) {
  const kinds = listKinds(table);
  table.element.addEventListener("input", (event) => {
    const input = elementOf(event.target);
    if (!isCell(input) || columnOf(input) !== "cost_kind" || !isInsertion(event)) return;
    const { value, selectionEnd } = input;
    const kind = selectionEnd === value.length ? completeKind(value, kinds) : null;
    if (!kind) return;
    input.value = kind;
    input.setSelectionRange(value.length, kind.length);
  });
}

/** @param {Event} event */
const isInsertion = (event) => event instanceof InputEvent && !event.isComposing && event.inputType.startsWith("insert");
