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
   * A text of one thing, `key-one`, is said where there is one and the count is 1.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  say(key, values = {}) {
    const one = String(values.count) === "1" ? this.byKey[`${key}-one`] : undefined;
    return (one ?? this.byKey[key]).replace(/\{(\w+)\}/g, (_all, name) => String(values[name] ?? ""));
  }
}

/** @param {string} words */
export function announce(words) {
  const region = document.getElementById("announce");
  if (region) region.textContent = words;
}

/** @param {number} number */
export const sayNumber = (number) => number.toLocaleString(document.documentElement.lang);
