/* The unit of a money column stands in its cell while it is edited, and is told with it. */
import { make } from "./dom.js";

const ID = "grid-unit";

/** @param {HTMLInputElement} input */
const otherNames = (input) => (input.getAttribute("aria-describedby") ?? "").split(" ").filter((name) => name && name !== ID);

/**
 * @param {HTMLInputElement} input
 * @param {string[]} ids
 */
function describe(input, ids) {
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}

/**
 * @param {HTMLInputElement} input
 * @param {string} unit
 */
export function showUnit(input, unit) {
  if (!unit) return;
  input.after(make("span", { id: ID, className: "cell-unit", textContent: unit }));
  input.parentElement?.classList.add("has-unit");
  describe(input, [...otherNames(input), ID]);
}

/** @param {HTMLInputElement} input */
export function hideUnit(input) {
  document.getElementById(ID)?.remove();
  input.parentElement?.classList.remove("has-unit");
  describe(input, otherNames(input));
}
