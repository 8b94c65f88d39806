/* The grid of a sub-budget's lines, on a native table of inputs that is an ordinary form without this script: built when the
   page or htmx brings its section, and left when another takes its place. */
import { buildGrid } from "./grid.js";
import { writeTexts } from "./paper.js";

/** @import { Place } from "./cursor.js" */
/** @typedef {ReturnType<typeof buildGrid>} Grid */

/** @type {Grid | null} */
let shown = null;
// Where the focus was when the section was taken away.
/** @type {"cell" | "bar" | null} */
let hadFocus = null;

function start() {
  const section = document.getElementById("lines");
  if (!section?.querySelector("table.edit") || shown?.section === section) return;
  const focused = shown?.cursor.placeOf(shown.cursor.current);
  shown?.saver.retire();
  shown = buildGrid(section);
  if (hadFocus && document.activeElement === document.body) focusAgain(shown, focused);
  hadFocus = null;
}

/**
 * @param {Grid} grid
 * @param {Place | null | undefined} focused The cell that had the focus, of the table that was.
 */
function focusAgain({ section, cursor, table }, focused) {
  const again = focused && table.lines.get(focused.line.key)?.inputs[focused.column];
  const target = hadFocus === "cell" ? (again ?? cursor.current) : section.querySelector("[data-many]");
  if (target instanceof HTMLElement) target.focus();
}

/* What is being written is taken, and the storage hands it on to the new table. */
function leave() {
  if (!shown) return;
  const { activeElement } = document;
  if (shown.section.contains(activeElement)) hadFocus = shown.table.element.contains(activeElement) ? "cell" : "bar";
  shown.editor.finishAny();
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id === "lines") leave();
});
document.addEventListener("htmx:afterSettle", (event) => {
  start();
  const isState = event.target instanceof Element && event.target.id === "state";
  if (isState || event.detail.target?.id === "state") shown?.saver.look();
});
window.addEventListener("online", () => shown?.saver.again());
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && shown?.saver.isWaiting) shown.saver.again();
});
window.addEventListener("pagehide", () => shown?.editor.finishAny());
window.addEventListener("beforeprint", () => {
  shown?.later.show();
  writeTexts();
});
window.addEventListener("beforeunload", (event) => {
  if (shown?.saver.isHolding) event.preventDefault();
});
start();
