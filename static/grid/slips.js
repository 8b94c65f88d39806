/* Slips of a thousand: the same rule as engine/slips.py, held to the same table of cases (engine/tests/slip_cases.json). */
import { abs, round } from "./fractions.js";
import { isTooLarge } from "./numbers.js";

const [LEAST, MOST, THOUSAND] = [500n, 2000n, 1000n];

/**
 * Whether an amount became 500 to 2 000 times larger or smaller; zero is no factor.
 * @param {bigint} before
 * @param {bigint} after
 */
export function isSlip(before, after) {
  const [small, large] = abs(before) < abs(after) ? [abs(before), abs(after)] : [abs(after), abs(before)];
  const isNear = small > 0n && LEAST * small <= large && large <= MOST * small;
  return isNear && !isTooLarge(mendSlip(before, after));
}

/**
 * What the new amount would be in the other unit, in öre.
 * @param {bigint} before
 * @param {bigint} after
 */
export const mendSlip = (before, after) => (abs(after) > abs(before) ? round([after, THOUSAND]) : after * THOUSAND);
