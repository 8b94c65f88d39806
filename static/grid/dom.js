/* The page's elements, found where the server has put them. */

/**
 * The one element that a selector finds. Throws where it is missing, since then page and script are of two versions.
 * @param {ParentNode} within
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function find(within, selector) {
  const element = within.querySelector(selector);
  if (!element) throw new Error(`The page has no ${selector}.`);
  return /** @type {HTMLElement} */ (element);
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} [properties]
 * @param {...Node} children
 */
export function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/**
 * A button that does one thing.
 * @param {string} words
 * @param {string} look
 * @param {() => void} action
 */
export function makeButton(words, look, action) {
  const button = make("button", { type: "button", className: look, textContent: words });
  button.addEventListener("click", action);
  return button;
}

/**
 * One of the page's icons, beside words that say the same.
 * @param {string} name
 */
export function makeIcon(name) {
  const drawing = make("template");
  drawing.innerHTML = '<svg class="icon" aria-hidden="true"><use/></svg>';
  const all = document.querySelector(".icon use")?.getAttribute("href")?.split("#")[0];
  drawing.content.querySelector("use")?.setAttribute("href", `${all}#i-${name}`);
  return drawing.content;
}

/**
 * A text that stays is left alone: even the same one, written anew, is laid out again.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Where an event happened: also an icon in a button.
 * @param {EventTarget | null} target
 */
export const elementOf = (target) => (target instanceof Element ? target : null);
