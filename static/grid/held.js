/* A step on is not taken while something typed in the grid lies unsaved in this tab of the browser: the page says so. */
import { find } from "./dom.js";
import { keyOf, load } from "./storage.js";

const box = document.getElementById("held");
const form = document.querySelector("[data-step-form]");

/* Asked when the step is taken: another page of the same tab may have saved it meanwhile. */
function isHeld() {
  const held = load(keyOf(box?.dataset.scope, box?.dataset.grid));
  return Boolean(held && (held.queue.length || held.kept.length));
}

if (box && form instanceof HTMLFormElement) {
  box.hidden = !isHeld();
  find(form, "[type=submit]").toggleAttribute("data-closed", !box.hidden);
  form.addEventListener("submit", (event) => {
    if (!isHeld()) return;
    event.preventDefault();
    box.hidden = false;
    box.focus();
  });
}
