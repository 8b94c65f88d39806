/* Words of the page's language, written by the server in a template, and told to those who hear the page. */

export class Texts {
  /** @param {HTMLTemplateElement} template */
  constructor(template) {
    /** @type {Record<string, string>} */
    this.byKey = {};
    for (const item of template.content.querySelectorAll("[data-key]")) {
      this.byKey[/** @type {HTMLElement} */ (item).dataset.key ?? ""] = item.textContent ?? "";
    }
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    return this.byKey[key].replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));
  }
}

/** @param {string} words */
export function announce(words) {
  const region = document.getElementById("announce");
  if (region) region.textContent = words;
}

/** @param {number} number */
export const sayNumber = (number) => number.toLocaleString(document.documentElement.lang);
