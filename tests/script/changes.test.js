import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf, countChanges, nameOf, newKey, rowsOf, without } from "../../static/grid/changes.js";

const opened = { seen: "1", was: {} };
const change = {
  action: "paste",
  changed: [{ line: "a", ...opened, cells: { text: "x", note: "y" } }, { line: "b", ...opened, cells: { note: "z" } }],
  added: [{ line: "c", product: "p", after: null, cells: { text: "n", note: "m" } }, { line: "d", product: "p", after: "c" }],
  moved: [{ line: "e", product: "p", after: null }],
  deleted: [{ line: "f", seen: "1" }],
};

test("a change without its refused cells keeps the others, and no line without any", () => {
  const rest = without(change, new Set(["a:note", "b:note", "c:note", "d:", "e:", "f:"]));
  assert.deepEqual(rest.changed, [{ line: "a", ...opened, cells: { text: "x" } }]);
  assert.deepEqual(rest.added, [{ line: "c", product: "p", after: null, cells: { text: "n" } }]);
  assert.deepEqual([rest.moved, rest.deleted, rest.action], [[], [], "paste"]);
});

test("nothing is left of a change whose only cell is refused", () => {
  assert.equal(without({ action: "cells", changed: [change.changed[1]] }, new Set([nameOf({ line: "b", field: "note" })])), null);
});

test("what waits is counted in cells, and a step without cells as one", () => {
  assert.equal(countChanges([change]), 5);
  assert.equal(countChanges([{ action: "delete", deleted: change.deleted }]), 1);
  assert.equal(countChanges([]), 0);
});

test("a kept cell is sent with what its author saw", () => {
  assert.deepEqual(changeOf({ line: "a", column: "note", text: "x", opened }), {
    action: "cells", changed: [{ line: "a", ...opened, cells: { note: "x" } }],
  });
});

test("all rows of a change are of one list, and new lines have names of their own", () => {
  assert.deepEqual(rowsOf(change).map(({ line }) => line), ["a", "b", "c", "d", "e", "f"]);
  assert.match(newKey(), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.notEqual(newKey(), newKey());
});
