/* The table of hours: native inputs that are an ordinary form without this script. With it each cell is saved as it is
   typed, sums come back, and blocks are pasted as in the grid. */
import { find } from "../grid/dom.js";
import { Texts, announce } from "../grid/texts.js";
import { Cells } from "./cells.js";
import { Keys } from "./keys.js";
import { Saver } from "./saver.js";

const section = document.getElementById("matrix");
if (section) start(section);

/** @param {HTMLElement} section */
function start(section) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[data-by-script]"))) part.hidden = false;
  for (const part of section.querySelectorAll("[data-without-script]")) part.remove();
  const table = /** @type {HTMLTableElement} */ (find(section, "table.grid"));
  const texts = new Texts(/** @type {HTMLTemplateElement} */ (find(section, "#matrix-texts")));
  const cells = new Cells(section, table, texts);
  const form = /** @type {HTMLFormElement | null} */ (document.getElementById("m"));
  foldGroups(table);
  const show = showRows(section, table);
  if (!form) return;
  form.addEventListener("submit", (event) => event.preventDefault());
  const saver = new Saver({ section, form, cells, texts }, show);
  new Keys(table, cells, {
    commit: (changed, action) => saver.commit(changed, action),
    step: (direction) => saver.step(direction),
    tell: (words) => announce(words),
  }, texts);
}

/** @param {HTMLTableElement} table */
function foldGroups(table) {
  table.addEventListener("click", ({ target }) => {
    const twist = target instanceof Element ? target.closest(".twist") : null;
    const body = twist?.closest("tbody");
    if (!twist || !body) return;
    const isOpen = twist.getAttribute("aria-expanded") !== "true";
    twist.setAttribute("aria-expanded", String(isOpen));
    for (const row of /** @type {NodeListOf<HTMLElement>} */ (body.querySelectorAll("tr:not(.grp)"))) row.classList.toggle("folded", !isOpen);
  });
}

/**
 * All rows, those that use a pool, or those to correct.
 * @param {HTMLElement} section
 * @param {HTMLTableElement} table
 */
function showRows(section, table) {
  let chosen = "all";
  /** @type {Record<string, (row: HTMLElement) => boolean>} */
  const tests = {
    all: () => true,
    used: (row) => [...row.querySelectorAll("td")].some((cell) => (cell.querySelector("input")?.value ?? (cell.dataset.f ? "" : cell.textContent?.replace("–", ""))) !== ""),
    bad: (row) => row.querySelector("td.bad") !== null,
  };
  const apply = () => {
    for (const body of /** @type {HTMLElement[]} */ ([...table.tBodies])) {
      const rows = /** @type {HTMLElement[]} */ ([...body.querySelectorAll("tr[data-row]")]);
      for (const row of rows) row.hidden = !tests[chosen](row);
      body.hidden = rows.length > 0 && rows.every((row) => row.hidden);
    }
  };
  section.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-show]") : null;
    if (!(button instanceof HTMLElement)) return;
    chosen = button.dataset.show ?? "all";
    for (const other of section.querySelectorAll("[data-show]")) other.setAttribute("aria-pressed", String(other === button));
    apply();
  });
  return () => chosen === "bad" && apply();
}
