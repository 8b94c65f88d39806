import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_LINES, isTooMuch, planPaste } from "../../static/grid/plan.js";

const unitOf = (column) => (column.startsWith("amount") ? "tkr" : "");

test("a block lies over the lines from a cell on, and its numbers have the unit of their column", () => {
  const plan = planPaste([["2", "40"], ["3", "7 kr"]], { lines: ["a", "b", "c"], column: "unit_price_ore", unitOf });
  assert.deepEqual(plan.cells, [
    { line: "a", column: "unit_price_ore", text: "2" },
    { line: "a", column: "amount_1_ore", text: "40 tkr" },
    { line: "b", column: "unit_price_ore", text: "3" },
    { line: "b", column: "amount_1_ore", text: "7 kr" },
  ]);
  assert.deepEqual([plan.below, plan.outside], [[], 0]);
});

test("rows below the last line are new lines of their filled cells, and empty ones are none", () => {
  const plan = planPaste([["a", " "], ["", ""], [" b ", "Drift"]], { lines: [], column: "text", unitOf });
  assert.deepEqual(plan.below, [{ cells: { text: "a" }, row: 0 }, { cells: { text: "b", cost_kind: "Drift" }, row: 2 }]);
});

test("an emptied cell over a line empties it", () => {
  const { cells } = planPaste([[""]], { lines: ["a"], column: "amount_1_ore", unitOf });
  assert.deepEqual(cells, [{ line: "a", column: "amount_1_ore", text: "" }]);
});

test("filled cells beyond the last column are counted", () => {
  const plan = planPaste([["x", "y", "", "z"]], { lines: ["a"], column: "note", unitOf });
  assert.deepEqual([plan.cells.length, plan.outside], [1, 2]);
});

test("more lines or cells than can be taken at once are too much", () => {
  const below = Array.from({ length: MOST_LINES }, () => ({ cells: { text: "x" } }));
  assert.equal(isTooMuch({ cells: [], below }), false);
  assert.equal(isTooMuch({ cells: [], below: [...below, below[0]] }), true);
  assert.equal(isTooMuch({ cells: Array(20_001), below: [] }), true);
});
