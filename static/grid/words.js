/* What lines are found by: all the words that somebody writes, anywhere in a line's own. */

/** @param {string} text */
export const splitWords = (text) => text.toLocaleLowerCase().split(/\s+/).filter(Boolean);

/**
 * @param {string[]} sought
 * @param {string[]} texts
 */
export function hasAll(sought, texts) {
  const own = texts.join(" ").toLocaleLowerCase();
  return sought.every((word) => own.includes(word));
}
