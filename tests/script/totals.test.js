import assert from "node:assert/strict";
import { test } from "node:test";

import { addUp } from "../../static/grid/totals.js";

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

test("no lines add up to nothing", () => {
  assert.deepEqual(addUp([]).total, [0n, 0n, 0n]);
});
