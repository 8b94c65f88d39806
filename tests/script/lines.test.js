/* Which of quantity × price and amount yields, and the sign of each kind of line; the engine is held to the same table. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { costWithoutEquity, findLone, multiply, settle } from "../../static/grid/lines.js";
import { parseQuantity } from "../../static/grid/numbers.js";
import { readTable } from "./tables.js";

// The engine tells the signs of all kinds.
const SIGNS = { use_of_equity: -1, deduction: -1, equipment_sales: 1, grants: 1, financial_income: 1 };
const read = (name, value) => {
  if (value === null) return null;
  return name === "quantity" ? parseQuantity(value.replace(".", ","), "sv") : BigInt(value);
};
const readAll = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, read(name, value)]));

for (const { name, stored, typed, cost_kind: kind, expected, refused } of readTable("engine/tests/line_cases.json")) {
  test(name, () => {
    const settled = settle(readAll(stored), readAll(typed), { sign: SIGNS[kind] ?? 0 });
    assert.deepEqual(settled.refused, refused);
    assert.deepEqual(settled.values, expected && readAll(expected));
  });
}

test("a product is rounded half away from zero", () => {
  assert.equal(multiply([1n, 2n], 1n), 1n);
  assert.equal(multiply([-1n, 2n], 1n), -1n);
  assert.equal(multiply([1n, 3n], 100n), 33n);
});

test("one of quantity and price alone means nothing", () => {
  assert.equal(findLone(true, false), "quantity");
  assert.equal(findLone(false, true), "unit_price_ore");
  assert.equal(findLone(true, true), null);
  assert.equal(findLone(false, false), null);
});

test("cost is the total without its use of equity, which is below zero", () => {
  assert.equal(costWithoutEquity(900n, -100n), 1000n);
});
