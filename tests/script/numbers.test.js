/* Numbers as the script reads and shows them; Python is held to the same table. */
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  formatChange, formatExact, formatPercent, formatPlain, formatSek, formatTkr, inUnit, parseOre, parseQuantity, withoutUnit,
} from "../../static/grid/numbers.js";
import { readTable } from "./tables.js";

/** @param {[bigint, bigint] | null} value */
const places = (value) => value && (value[0] * 10_000n) / value[1];

for (const { typed, unit, sent, language = "sv", ...meant } of readTable("tests/number_cases.json")) {
  test(`${JSON.stringify(typed)} typed in a column of ${unit || "quantities"} in ${language} is sent as it is meant`, () => {
    assert.equal(inUnit(typed, unit), sent);
    if ("ore" in meant) assert.equal(parseOre(sent, language), meant.ore === null ? null : BigInt(meant.ore));
    else assert.equal(places(parseQuantity(sent, language)), meant.number === null ? null : BigInt(Math.round(meant.number * 10_000)));
  });
}

test("a number that the script gave its unit is shown as it was typed", () => {
  for (const typed of ["40", "1.234", "=12*4,5", "12 st"]) assert.equal(withoutUnit(inUnit(typed, "tkr"), "tkr"), typed);
  assert.equal(withoutUnit("40 kr", "tkr"), "40 kr");
  assert.equal(withoutUnit("40 tkr", "kr"), "40 tkr");
  assert.equal(withoutUnit("40 kr", "kr"), "40 kr");
});

const AMOUNTS = [0n, 1n, -1n, 99n, 100n, 123_400n, 1_234_500n, 12_345_600n, 100_000n, -123_456_789n, 999_999_999_999_999n, 10n ** 15n];

for (const language of ["sv", "en"]) {
  for (const unit of ["kr", "tkr"]) {
    test(`an exact amount in ${unit} typed back in ${language} is the same to the öre`, () => {
      for (const ore of AMOUNTS) {
        assert.equal(parseOre(inUnit(formatExact(ore, unit, language), unit), language), ore);
        assert.equal(parseOre(inUnit(formatPlain(ore, unit, language), unit), language), ore);
      }
    });
  }
}

test("amounts end at ten thousand billion kronor", () => {
  assert.equal(parseOre("10 000 000 000 000", "sv"), 10n ** 15n);
  assert.equal(parseOre("10 000 000 000 000,01", "sv"), null);
});

test("a quantity has at most four decimals", () => {
  assert.deepEqual(parseQuantity("2,5", "sv"), [25n, 10n]);
  assert.deepEqual(parseQuantity("=1/4", "sv"), [1n, 4n]);
  assert.equal(parseQuantity("1,00001", "sv"), null);
  assert.equal(parseQuantity("=1/3", "sv"), null);
});

test("shown numbers have thin spaces, the minus sign and the language's mark", () => {
  assert.equal(formatSek(-123_450n, "sv"), "\u22121\u202f234,50");
  assert.equal(formatSek(-123_450n, "en"), "\u22121\u202f234.50");
  assert.equal(formatTkr(150_000n), "2");
  assert.equal(formatTkr(-150_000n), "\u22122");
  assert.equal(formatPlain(-123_450_000n, "tkr", "sv"), "-1234,5");
  assert.equal(formatExact(123_450n, "tkr", "sv"), "1,2345");
});

test("a change that rounds to nothing has no sign", () => {
  assert.equal(formatChange(40_000n, "tkr"), "0");
  assert.equal(formatChange(60_000n, "tkr"), "+1");
  assert.equal(formatChange(-60_000n, "tkr"), "\u22121");
  assert.equal(formatChange(1n, "kr"), "+0,01");
});

test("per cent have one decimal and a sign", () => {
  assert.equal(formatPercent(5n, 100n, "sv"), "+5,0");
  assert.equal(formatPercent(-1n, 3n, "en"), "\u221233.3");
  assert.equal(formatPercent(0n, 3n, "sv"), "0,0");
  assert.equal(formatPercent(10n, -100n, "sv"), "+10,0");
});
