import assert from "node:assert/strict";
import { test } from "node:test";

import { losesFactors } from "../../static/grid/factors.js";
import { fillDown, fillRight } from "../../static/grid/filling.js";
import { edgeOf } from "../../static/grid/jump.js";
import { completeKind } from "../../static/grid/kinds.js";

/** A string of cells: x is filled, a dot is empty. */
const filled = (cells) => [...cells].map((cell) => cell === "x");

for (const [cells, from, step, to] of [
  ["xxx..x", 0, 1, 2], // to the last before an empty one
  ["xxx..x", 2, 1, 5], // over the gap to the next
  ["xxx..x", 3, 1, 5],
  ["xx....", 1, 1, 5], // nothing more: to the end
  ["xxxxxx", 0, 1, 5],
  ["x..xxx", 5, -1, 3],
  ["x..xxx", 3, -1, 0],
  ["x", 0, 1, 0],
  ["xxx", 2, 1, 2],
]) {
  test(`a jump in ${cells} from ${from} by ${step} ends at ${to}`, () => assert.equal(edgeOf(filled(cells), from, step), to));
}

const line = (name, cells) => ({ name, text: (column) => cells[column] ?? "" });
const a = line("a", { text: "Licens", amount_1_ore: "1", amount_2_ore: "2" });
const b = line("b", { amount_1_ore: "3" });
const short = (cells) => cells.map(({ line: { name }, column, text }) => [name, column, text]);

test("the first row of a selection is filled down over the others", () => {
  const columns = ["amount_1_ore", "amount_2_ore"];
  assert.deepEqual(short(fillDown([{ line: a, columns }, { line: b, columns }], undefined)),
    [["b", "amount_1_ore", "1"], ["b", "amount_2_ore", "2"]]);
});

test("a single row takes what stands above it, and the first one nothing", () => {
  assert.deepEqual(short(fillDown([{ line: b, columns: ["amount_1_ore"] }], a)), [["b", "amount_1_ore", "1"]]);
  assert.deepEqual(fillDown([{ line: a, columns: ["amount_1_ore"] }], undefined), []);
});

test("the first column of a selection is filled to the right, and a single one takes what stands to its left", () => {
  const columns = ["amount_1_ore", "amount_2_ore", "amount_3_ore"];
  assert.deepEqual(short(fillRight([{ line: a, columns }])), [["a", "amount_2_ore", "1"], ["a", "amount_3_ore", "1"]]);
  assert.deepEqual(short(fillRight([{ line: a, columns: ["amount_2_ore"] }])), [["a", "amount_2_ore", "1"]]);
});

test("words are not filled into numbers or cost kinds, nor numbers into words", () => {
  assert.deepEqual(short(fillRight([{ line: a, columns: ["text", "cost_kind", "quantity", "note"] }])), [["a", "note", "Licens"]]);
  assert.deepEqual(fillRight([{ line: a, columns: ["text"] }]), []);
});

test("the first kind that begins as typed completes it, in capitals or not", () => {
  const kinds = ["Avskrivning", "Direkt kostnad", "Drift"];
  assert.equal(completeKind("av", kinds), "Avskrivning");
  assert.equal(completeKind("DR", kinds), "Drift");
  assert.equal(completeKind("d", kinds), "Direkt kostnad");
  assert.equal(completeKind("x", kinds), null);
  assert.equal(completeKind("", kinds), null);
});

test("an amount written by itself takes quantity and price away where they stood", () => {
  const was = { quantity: "3", unit_price_ore: "500" };
  assert.equal(losesFactors({ cells: { amount_1_ore: "7" }, was }), true);
  assert.equal(losesFactors({ cells: { amount_1_ore: "7", quantity: "1", unit_price_ore: "7" }, was }), false);
  assert.equal(losesFactors({ cells: { amount_2_ore: "7" }, was }), false);
  assert.equal(losesFactors({ cells: { amount_1_ore: "7" }, was: { quantity: "", unit_price_ore: "" } }), false);
});
