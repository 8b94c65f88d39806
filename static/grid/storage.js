/* What is typed and not saved lies in the session storage of the browser's tab, by person and sub-budget. */
/** @import { Change, KeptCell } from "./changes.js" */

/**
 * @typedef {object} Held
 * @property {Change[]} queue
 * @property {KeptCell[]} kept
 * @property {string[]} told What was said of lines that are gone.
 * @property {Record<string, string>} names What lines are called, for a page that can't show them.
 */

/**
 * @param {string | undefined} scope
 * @param {string | undefined} address
 */
export const keyOf = (scope, address = "") => `grid ${scope} ${new URL(address, location.href).pathname}`;

/**
 * @param {string} key
 * @returns {Held | null}
 */
export const load = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");

/**
 * @param {string} key
 * @param {Held} held
 */
export const store = (key, held) => sessionStorage.setItem(key, JSON.stringify(held));

/** @param {string} key */
export const drop = (key) => sessionStorage.removeItem(key);
