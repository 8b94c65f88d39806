import assert from "node:assert/strict";
import { test } from "node:test";

import { hasAll, splitWords } from "../../static/grid/words.js";

test("a line is found by all the words sought, in any order and case, anywhere in its own", () => {
  assert.equal(hasAll(splitWords("  LEASING dator "), ["Datorer och surfplattor", "Leasing", ""]), true);
  assert.equal(hasAll(splitWords("dator telefon"), ["Datorer och surfplattor", "Leasing", ""]), false);
});

test("nothing sought finds every line", () => {
  assert.deepEqual(splitWords("  "), []);
  assert.equal(hasAll([], ["x"]), true);
});
