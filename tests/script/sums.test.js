import assert from "node:assert/strict";
import { test } from "node:test";

import { isSum, workOut } from "../../static/grid/sums.js";

const GOOD = [
  ["=12*4500", [54000n, 1n]], ["=12*4 500", [54000n, 1n]], ["=1/3", [1n, 3n]], ["=\u22122/3", [-2n, 3n]], ["=0,5*3", [3n, 2n]],
  ["=(1+2)*(3-4)", [-3n, 1n]], ["=2-3-4", [-5n, 1n]], ["=12/3/2", [2n, 1n]], ["=1+2*3", [7n, 1n]], ["=--5", [5n, 1n]],
  ["=((7))", [7n, 1n]], ["=6/-3", [-2n, 1n]], ["= 12 \u00d7 4\u00a0500 ", [54000n, 1n]],
];

for (const [typed, [top, bottom]] of GOOD) {
  test(`${typed} is worked out exactly`, () => {
    const value = workOut(typed, "sv", true);
    assert.equal(value[0] * bottom, top * value[1]);
  });
}

const BAD = [
  "=", "= ", "=1+", "=*2", "=(1", "=1)", "=()", "=1/0", "=1/(2-2)", "=1.234*2", "=A1+1", "=2**9", "=9 9 9", "=2(3)",
  `=${"9".repeat(61)}`, `=${"(".repeat(30)}1${")".repeat(30)}`, `=${"1+".repeat(200)}1`, `=${Array(9).fill("99999999999999999999").join("*")}`,
];

for (const typed of BAD) {
  test(`${typed.slice(0, 20)} is no sum`, () => {
    assert.equal(workOut(typed, "sv", true), null);
  });
}

test("a sum begins with an equals sign", () => {
  assert.equal(isSum(" =1"), true);
  assert.equal(isSum("1=1"), false);
});
