import assert from "node:assert/strict";
import { test } from "node:test";

import { addUp, addUpEarlier } from "../../static/grid/totals.js";

test("lines are added up by product, with the use of equity by itself", () => {
  const { products, use, total } = addUp([
    { product: "p", isUse: false, amounts: [1n, 2n, 3n] },
    { product: "q", isUse: true, amounts: [-5n, 0n, 0n] },
    { product: "p", isUse: false, amounts: [10n, 20n, 30n] },
  ]);
  assert.deepEqual(products.get("p"), [11n, 22n, 33n]);
  assert.deepEqual(products.get("q"), [-5n, 0n, 0n]);
  assert.deepEqual(use, [-5n, 0n, 0n]);
  assert.deepEqual(total, [6n, 22n, 33n]);
});

test("income is summed by itself, and is no part of its product's cost", () => {
  const { products, income, total } = addUp([
    { product: "p", isUse: false, amounts: [565n, 859n, 675n] },
    { product: "p", isUse: false, isIncome: true, amounts: [565n, 859n, 675n] },
  ]);
  assert.deepEqual(products.get("p"), [565n, 859n, 675n]);
  assert.deepEqual(income, [565n, 859n, 675n]);
  assert.deepEqual(total, [565n, 859n, 675n]);
});

test("no lines add up to nothing", () => {
  assert.deepEqual(addUp([]).total, [0n, 0n, 0n]);
});

test("the year before of the lines shown is summed where it is known, and nothing is where no line has one", () => {
  const lines = [{ product: "a", earlier: 5n }, { product: "a", earlier: null }, { product: "b", earlier: null }, { product: "c", earlier: 0n }];
  const { products, total } = addUpEarlier(lines);
  assert.deepEqual([...products], [["a", 5n], ["c", 0n]]);
  assert.equal(total, 5n);
  assert.equal(addUpEarlier([{ product: "a", earlier: null }]).total, null);
});
