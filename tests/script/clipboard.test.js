import assert from "node:assert/strict";
import { test } from "node:test";

import { cellText, readBlock, writeBlock } from "../../static/grid/clipboard.js";

test("a block is read as rows of cells, with or without a last line break", () => {
  assert.deepEqual(readBlock("1\t2\r\n3\t4\r\n"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(readBlock("1\t2\n3\t4"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(readBlock("1\r2"), [["1"], ["2"]]);
});

test("empty cells and rows keep their places", () => {
  assert.deepEqual(readBlock("\t1\n\n2\t"), [["", "1"], [""], ["2", ""]]);
  assert.deepEqual(readBlock(""), [[""]]);
});

test("quotes hold tabs, line breaks and quotes, where they open a cell", () => {
  assert.deepEqual(readBlock('"a\tb"\t"c\nd"\n"e ""f"""'), [["a\tb", "c\nd"], ['e "f"']]);
  assert.deepEqual(readBlock('3" pipe\t"open'), [['3" pipe', '"open']]);
});

test("what is written is read back the same", () => {
  const rows = [["a\tb", 'c "d"', "e\nf"], ["", "1,5", "-7"]];
  assert.deepEqual(readBlock(writeBlock(rows)), rows);
});

test("a copied amount is exact, plain and in the unit that is seen", () => {
  const [kr, tkr] = [{ unit: "kr", isNumber: true }, { unit: "tkr", isNumber: true }];
  assert.equal(cellText("1\u202f234\u202f567,50", kr), "1234567,50");
  assert.equal(cellText("1\u202f234\u202f567,50", tkr), "1234,5675");
  assert.equal(cellText("\u22125", kr), "-5");
  assert.equal(cellText("40 tkr", tkr), "40");
  assert.equal(cellText("", tkr), "");
});

test("a copied quantity is plain, and a text keeps its minus sign", () => {
  assert.equal(cellText("\u22121\u202f000", { unit: "", isNumber: true }), "-1000");
  assert.equal(cellText("A\u2212B", { unit: "", isNumber: false }), "A\u2212B");
});
