import assert from "node:assert/strict";
import { test } from "node:test";

import { columnBeside, columnWithin, columnsBetween, isAmount, isColumn, isMoney, isNumber, isTied } from "../../static/grid/columns.js";

test("columns stand beside each other by name, and none beyond the last", () => {
  assert.equal(columnBeside("quantity", 2), "amount_1_ore");
  assert.equal(columnBeside("note", 1), undefined);
  assert.equal(columnWithin("note", 1), "note");
  assert.equal(columnWithin("cost_kind", -5), "text");
});

test("a block has the columns between its corners, whichever comes first", () => {
  assert.deepEqual(columnsBetween("amount_1_ore", "quantity"), ["quantity", "unit_price_ore", "amount_1_ore"]);
  assert.deepEqual(columnsBetween("note", "note"), ["note"]);
});

test("each column knows what it holds", () => {
  assert.deepEqual(["quantity", "unit_price_ore", "amount_3_ore", "note"].map(isNumber), [true, true, true, false]);
  assert.deepEqual(["quantity", "unit_price_ore", "amount_3_ore", "note"].map(isMoney), [false, true, true, false]);
  assert.deepEqual(["unit_price_ore", "amount_2_ore"].map(isAmount), [false, true]);
  assert.deepEqual(["unit_price_ore", "amount_1_ore", "amount_2_ore"].map(isTied), [true, true, false]);
  assert.deepEqual(["note", "at"].map(isColumn), [true, false]);
});
