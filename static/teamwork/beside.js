/* The comments of a product or line, in a panel beside the table, which stays where it is. Without script their links lead
   to a page of their own. */
import { elementOf, find } from "../grid/dom.js";

const panel = find(document, "#beside");
const links = "#lines a[href*='/comments/?about=']";
/** @type {HTMLElement | null} */
let origin = null;

/** @param {string} about */
const rowOf = (about) => document.getElementById(`line-${about}`) ?? document.getElementById(`product-${about}`);

function close() {
  panel.hidden = true;
  find(panel, "#beside-body").replaceChildren();
  document.body.classList.remove("has-beside");
  document.querySelector(".is-discussed")?.classList.remove("is-discussed");
  (origin?.isConnected ? origin : null)?.focus();
  origin = null;
}

/** @param {HTMLAnchorElement} link */
async function open(link) {
  const about = new URL(link.href).searchParams.get("about") ?? "";
  const menu = link.closest("[popover]");
  const row = rowOf(about);
  // From a line's menu the way back is to the line itself.
  origin = menu ? (row?.querySelector("input") ?? null) : link;
  if (menu instanceof HTMLElement) menu.hidePopover();
  await window.htmx.ajax("GET", `${link.href}&beside=1`, { source: panel, target: "#beside-body", swap: "innerHTML" });
  const heading = panel.querySelector("h2");
  if (!heading) return;
  document.querySelector(".is-discussed")?.classList.remove("is-discussed");
  row?.classList.add("is-discussed");
  panel.hidden = false;
  document.body.classList.add("has-beside");
  heading.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** The row's own mark says what the panel says: how many comments there are. */
function mark() {
  const drawn = /** @type {HTMLTemplateElement | null} */ (panel.querySelector("template[data-mark]"));
  const cell = drawn && rowOf(drawn.dataset.mark ?? "")?.querySelector("th");
  if (!drawn || !cell) return;
  const old = cell.querySelector("a[href*='/comments/?about=']");
  const next = drawn.content.firstElementChild?.cloneNode(true);
  if (!(next instanceof HTMLElement)) return;
  if (origin === old && old) origin = next;
  if (old) old.replaceWith(next);
  else cell.append(" ", next);
}

document.addEventListener("click", (event) => {
  const target = elementOf(event.target);
  if (target?.closest("[data-close-beside]")) close();
  const link = target?.closest(links);
  const plain = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.shiftKey;
  if (!(link instanceof HTMLAnchorElement) || !plain) return;
  event.preventDefault();
  open(link);
});
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented) close();
});
panel.addEventListener("htmx:afterSettle", mark);
