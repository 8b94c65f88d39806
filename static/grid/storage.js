/* What is typed and not saved lies in the session storage of the browser's tab, by person and sub-budget. */

export const keyOf = (scope, address) => `grid ${scope} ${new URL(address, location.href).pathname}`;

export const load = (key) => JSON.parse(sessionStorage.getItem(key) ?? "null");

export const store = (key, held) => sessionStorage.setItem(key, JSON.stringify(held));

export const drop = (key) => sessionStorage.removeItem(key);
