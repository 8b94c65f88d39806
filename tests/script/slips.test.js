/* Slips of a thousand as the script tells them; Python is held to the same table. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { isSlip, mendSlip } from "../../static/grid/slips.js";
import { readTable } from "./tables.js";

for (const { name, before, after, is_slip: wanted, mended } of readTable("engine/tests/slip_cases.json")) {
  test(name, () => {
    assert.equal(isSlip(BigInt(before), BigInt(after)), wanted);
    if (wanted) assert.equal(mendSlip(BigInt(before), BigInt(after)), BigInt(mended));
  });
}
