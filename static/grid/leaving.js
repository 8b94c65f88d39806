/* The way out of the table for the keyboard: Tab stays in it, so Escape and F6 leave it. */

const FOCUSABLE = "a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled), summary, [tabindex='0']";

/**
 * To the next thing that can have the focus after the table, or the last one before it.
 * @param {HTMLElement} table
 * @param {1 | -1} step
 */
export function leave(table, step) {
  const side = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
  const inside = Node.DOCUMENT_POSITION_CONTAINED_BY | Node.DOCUMENT_POSITION_CONTAINS;
  const all = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(FOCUSABLE));
  const outside = [...all].filter((one) => {
    const position = table.compareDocumentPosition(one);
    return position & side && !(position & inside) && one.offsetParent !== null;
  });
  const target = outside.at(step > 0 ? 0 : -1);
  if (target) target.focus();
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
