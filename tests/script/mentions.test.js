import assert from "node:assert/strict";
import { test } from "node:test";
import { suggest } from "../../static/teamwork/mentions.js";

const NAMES = ["Eva Ekonom", "Olivia Objektägare", "Örjan Åberg"];

test("a name is suggested by any of its parts, after an @ that begins a word", () => {
  assert.deepEqual(suggest("Hej @obj", NAMES), { typed: "obj", names: ["Olivia Objektägare"] });
  assert.deepEqual(suggest("@ör", NAMES)?.names, ["Örjan Åberg"]);
  assert.deepEqual(suggest("(@eva ek", NAMES)?.names, ["Eva Ekonom"]);
});

test("all names are suggested after an @ alone", () => assert.equal(suggest("@", NAMES)?.names.length, 3));

test("an address, a whole name and a name of nobody suggest nothing", () => {
  for (const text of ["eva@obj", "@Eva Ekonom", "@xyz", "obj"]) assert.equal(suggest(text, NAMES), null);
});
