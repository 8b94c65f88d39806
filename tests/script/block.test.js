import assert from "node:assert/strict";
import { test } from "node:test";

import { hasHeadings, repeat, splitProducts } from "../../static/grid/block.js";

const NAMES = { text: "Produkt och rad", cost_kind: "Kostnadsslag", quantity: "Antal", unit_price_ore: "À-pris, kr",
  amount_1_ore: "2027", amount_2_ore: "2028", amount_3_ore: "2029", note: "Anmärkning" };
const nameOf = (column) => NAMES[column];

test("a single row or cell repeats over a selection that is higher, wider or both", () => {
  const row = [["100", "200", "300"]];
  assert.deepEqual(repeat(row, { down: 3, across: 3 }), [row[0], row[0], row[0]]);
  assert.deepEqual(repeat(row, { down: 3, across: 1 }), [row[0], row[0], row[0]]);
  assert.deepEqual(repeat([["7"]], { down: 2, across: 3 }), [["7", "7", "7"], ["7", "7", "7"]]);
});

test("a block repeats only where it fits a whole number of times", () => {
  const block = [["1"], ["2"]];
  assert.deepEqual(repeat(block, { down: 4, across: 1 }), [["1"], ["2"], ["1"], ["2"]]);
  assert.equal(repeat(block, { down: 3, across: 1 }), block);
  assert.equal(repeat(block, { down: 1, across: 1 }), block);
});

test("rows of unequal length repeat as one block", () => {
  assert.deepEqual(repeat([["1", "2"], ["3"]], { down: 2, across: 4 }), [["1", "2", "1", "2"], ["3", "", "3", ""]]);
});

for (const [words, rows, column] of [
  ["words over numbers", [["Belopp"], ["100"], ["200"]], "amount_1_ore"],
  ["the columns' own names", [["Antal", "À-pris", "2027"], ["2", "50", "100"]], "quantity"],
  ["the columns' years", [["2027", "2028", "2029"], ["1", "2", "3"]], "amount_1_ore"],
  ["years with words", [["Budget 2027", "Plan 2028 (tkr)"], ["1", ""]], "amount_1_ore"],
  ["names over words", [["Produkt och rad"], ["Licens"]], "text"],
]) {
  test(`${words} are headings`, () => assert.equal(hasHeadings(rows, column, nameOf), true));
}

for (const [words, rows, column] of [
  ["a number among words", [["1", "tolv"], ["4", "5"]], "amount_1_ore"],
  ["an amount with its unit", [["40 tkr"], ["50 tkr"]], "amount_1_ore"],
  ["an amount that looks like a year with its unit", [["2027 kr"], ["50 kr"]], "amount_1_ore"],
  ["one number that is a year", [["2027"], ["50"]], "amount_1_ore"],
  ["years of other columns", [["2026", "2027"], ["1", "2"]], "amount_1_ore"],
  ["words alone", [["Belopp"]], "amount_1_ore"],
  ["words over words", [["Belopp"], ["tolv"]], "amount_1_ore"],
  ["any words over texts", [["Licens"], ["Underhåll"]], "text"],
  ["a sum", [["=SUMMA"], ["1"]], "amount_1_ore"],
]) {
  test(`${words} are no headings`, () => assert.equal(hasHeadings(rows, column, nameOf), false));
}

const known = { products: new Set(["Lifecare", "Treserva"]), kinds: new Set(["Drift", "Ränta"]) };

test("a first column of products is told from the cells, also below headings", () => {
  assert.deepEqual(splitProducts([["Lifecare", "Licens", "Drift"], ["Treserva", "Stöd", "Drift"]], known),
    { names: ["Lifecare", "Treserva"], rows: [["Licens", "Drift"], ["Stöd", "Drift"]] });
  assert.deepEqual(splitProducts([["Produkt", "Rad"], ["Treserva", "Stöd"]], known)?.rows, [["Rad"], ["Stöd"]]);
});

test("texts that are called as a product are texts where a cost kind follows them", () => {
  assert.equal(splitProducts([["Lifecare", "Drift"]], known), null);
  assert.deepEqual(splitProducts([["Lifecare", "Ränta", "Ränta"]], known)?.rows, [["Ränta", "Ränta"]]);
  assert.equal(splitProducts([["Lifecare"]], known), null);
  assert.equal(splitProducts([["Licens", "x"]], known), null);
});
