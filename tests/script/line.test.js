/* A line without a page: a row is as much of one as the line asks for. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Line } from "../../static/grid/line.js";

const SAVED = {
  text: "Licence", cost_kind: "Direkt kostnad", quantity: "2,5", unit_price_ore: "101", amount_1_ore: "252,50", amount_2_ore: "7",
  amount_3_ore: "", note: "",
};

function makeLine(saved = {}) {
  const inputs = Object.entries({ ...SAVED, ...saved }).map(([column, defaultValue]) => ({ name: `0:${column}`, defaultValue, insertAdjacentHTML: () => {} }));
  const classList = { toggle: () => {} };
  return new Line({
    id: "line-key", dataset: { seen: "2026-01-01", earlier: "" }, closest: () => ({ dataset: { product: "p" } }), classList,
    querySelectorAll: () => inputs, querySelector: () => null,
  });
}

test("a line has what is saved until something is typed, and again once that is taken back", () => {
  const line = makeLine();
  assert.equal(line.text("note"), "");
  line.set("note", "x");
  assert.deepEqual([line.text("note"), line.isUnsaved], ["x", true]);
  line.set("note", null);
  assert.deepEqual([line.text("note"), line.isUnsaved], ["", false]);
});

test("the first amount follows quantity and price that are typed, until an amount is", () => {
  const line = makeLine();
  line.set("quantity", "3");
  assert.equal(line.text("amount_1_ore"), "303");
  line.set("unit_price_ore", "=100/3");
  assert.equal(line.text("amount_1_ore"), "99,99");
  line.set("quantity", "");
  assert.equal(line.text("amount_1_ore"), "252,50");
  line.set("amount_1_ore", "40 tkr");
  assert.deepEqual(line.amounts(), [4_000_000n, 700n, 0n]);
});

test("what can't be read counts as what is saved", () => {
  const line = makeLine();
  line.set("amount_2_ore", "tolv");
  assert.deepEqual(line.amounts(), [25_250n, 700n, 0n]);
  line.set("amount_2_ore", "");
  assert.deepEqual(line.amounts(), [25_250n, 0n, 0n]);
});

test("a cell holds an amount however it is written, and a text only as it stands", () => {
  const line = makeLine({ amount_1_ore: "40\u202f000" });
  assert.equal(line.holds("amount_1_ore", "40 tkr"), true);
  assert.equal(line.holds("amount_1_ore", "40"), false);
  assert.equal(line.holds("amount_1_ore", "tolv"), false);
  assert.equal(line.holds("text", "licence"), false);
});

test("what stood in a cell is told with those it belongs with", () => {
  assert.deepEqual(makeLine().was(["note"]), { note: "" });
  assert.deepEqual(Object.keys(makeLine().was(["quantity"])).sort(), ["amount_1_ore", "quantity", "unit_price_ore"]);
});

test("an older answer never puts back what is newer", () => {
  const line = makeLine();
  const cells = Object.values({ ...SAVED, note: "old" });
  line.store({ seen: "2025-01-01", cells, source: "" });
  assert.equal(line.saved.note, "");
  line.store({ seen: "2026-01-02", cells, source: "" });
  assert.equal(line.saved.note, "old");
});

test("a line closes and opens as the server says, but for its text and note", () => {
  const line = makeLine();
  const cells = Object.values(SAVED);
  line.store({ seen: "2026-01-02", cells, source: "", closed: true });
  assert.equal(line.isClosed, true);
  assert.deepEqual(Object.keys(SAVED).filter((column) => !line.inputs[column].readOnly), ["text", "note"]);
  line.store({ seen: "2026-01-03", cells, source: "", closed: false });
  assert.equal(line.isClosed, false);
});

test("a kept cell is one that is typed, with what its author saw", () => {
  const line = makeLine();
  line.keep("note", { seen: "1", was: {} });
  assert.equal(line.kept.size, 0);
  line.set("note", "x");
  line.keep("note", { seen: "1", was: {} });
  assert.deepEqual(line.kept.get("note"), { seen: "1", was: {} });
});
