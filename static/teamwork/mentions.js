/* Names after an @ in a comment: suggested while they are typed, chosen with the keys or the pointer. Without script the
   name is typed, or chosen in the field below. The server reads the text in both cases. */
import { elementOf, make } from "../grid/dom.js";

const AT = /(?:^|[^\p{L}\p{N}_@.+-])@([\p{L}\p{N}_.' -]{0,40})$/u;
const MOST = 8;

/**
 * @param {string} before The text up to the caret.
 * @param {string[]} names
 * @returns {{ typed: string, names: string[] } | null}
 */
export function suggest(before, names) {
  const typed = AT.exec(before)?.[1];
  if (typed === undefined) return null;
  const wanted = typed.toLocaleLowerCase();
  const fits = names.filter((name) => {
    const low = name.toLocaleLowerCase();
    return low !== wanted && (low.startsWith(wanted) || low.split(" ").some((part) => part.startsWith(wanted)));
  });
  return fits.length ? { typed, names: fits.slice(0, MOST) } : null;
}

/** @type {{ field: HTMLTextAreaElement, list: HTMLElement, typed: string, now: number } | null} */
let shown = null;
let number = 0;

const allNames = () => {
  const options = /** @type {NodeListOf<HTMLOptionElement>} */ (document.querySelectorAll("select[name=mention] option"));
  return [...new Set([...options].filter(({ value }) => value).map(({ text }) => text.trim()))];
};

function hide() {
  if (!shown) return;
  for (const name of ["aria-controls", "aria-activedescendant"]) shown.field.removeAttribute(name);
  shown.list.remove();
  shown = null;
}

/** @param {string} words */
const say = (words) => {
  const region = document.getElementById("announce");
  if (region) region.textContent = words;
};

/** @param {number} place */
function move(place) {
  if (!shown) return;
  const items = [...shown.list.children];
  shown.now = (place + items.length) % items.length;
  items.forEach((item, index) => item.setAttribute("aria-selected", String(index === shown?.now)));
  shown.field.setAttribute("aria-activedescendant", items[shown.now].id);
  items[shown.now].scrollIntoView({ block: "nearest" });
}

/** @param {HTMLTextAreaElement} field */
function look(field) {
  hide();
  const found = suggest(field.value.slice(0, field.selectionStart), allNames());
  const place = field.closest("[data-names]");
  if (!found || !(place instanceof HTMLElement)) return;
  const id = `names-${(number += 1)}`;
  const items = found.names.map((name, index) =>
    Object.assign(make("li", { id: `${id}-${index}`, textContent: name }), { role: "option", ariaSelected: "false" }),
  );
  const list = Object.assign(make("ul", { id, className: "names" }, ...items), { role: "listbox", ariaLabel: "@" });
  list.style.top = `${field.offsetTop + field.offsetHeight}px`;
  place.append(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);
  shown = { field, list, typed: found.typed, now: 0 };
  move(0);
  say(found.names.join(", "));
}

/** @param {string} name */
function choose(name) {
  if (!shown) return;
  const { field, typed } = shown;
  const end = field.selectionStart;
  field.setRangeText(`${name} `, end - typed.length, end, "end");
  hide();
  say(name);
}

if (typeof document !== "undefined") {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLTextAreaElement && target.closest("[data-names]")) look(target);
  });
  // Captured: before the panel's own Escape.
  document.addEventListener(
    "keydown",
    (event) => {
      if (!shown || event.target !== shown.field) return;
      /** @type {Record<string, () => void>} */
      const keys = {
        ArrowDown: () => move((shown?.now ?? 0) + 1),
        ArrowUp: () => move((shown?.now ?? 0) - 1),
        Enter: () => choose(shown?.list.children[shown.now].textContent ?? ""),
        Tab: () => choose(shown?.list.children[shown.now].textContent ?? ""),
        Escape: hide,
      };
      if (!keys[event.key] || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    },
    true,
  );
  document.addEventListener("pointerdown", (event) => {
    const item = elementOf(event.target)?.closest(".names li");
    if (item) event.preventDefault();
    if (item) choose(item.textContent ?? "");
    else hide();
  });
  document.addEventListener("focusout", hide);
}
