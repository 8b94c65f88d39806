import assert from "node:assert/strict";
import { test } from "node:test";
import { Texts } from "../../static/grid/texts.js";

/** @param {Record<string, string>} said */
const textsOf = (said) => {
  const items = Object.entries(said).map(([key, textContent]) => ({ dataset: { key }, textContent }));
  return new Texts(/** @type {any} */ ({ content: { querySelectorAll: () => items } }));
};

test("one thing is said in the words for one, and several in theirs", () => {
  const texts = textsOf({ pasted: "Pasted {count} cells.", "pasted-one": "Pasted 1 cell.", shown: "{count} lines" });
  assert.equal(texts.say("pasted", { count: 1 }), "Pasted 1 cell.");
  assert.equal(texts.say("pasted", { count: "1" }), "Pasted 1 cell.");
  assert.equal(texts.say("pasted", { count: 12 }), "Pasted 12 cells.");
  assert.equal(texts.say("shown", { count: 1 }), "1 lines");
});
