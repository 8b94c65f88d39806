/* The grid's main paths in Firefox with real keys, over WebDriver BiDi. tests/browser/test_firefox.py runs it with a site. */
/* global document -- what is evaluated in the page */
import assert from "node:assert/strict";

import puppeteer from "puppeteer-core";

const [site, executablePath, password] = process.argv.slice(2);
const GRID = `${site}/budgets/budget-2027/sub-budgets/klient/?unit=kr`;
const FIRST = 4; // the column of the first year
const OPEN = "tr.line:not(.fixed)"; // what is calculated stands closed between them

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const page = await browser.newPage();
await page.setViewport({ width: 1280, height: 900 });
page.setDefaultTimeout(20_000);

const press = async (...keys) => {
  for (const key of keys) {
    const [name, ...held] = key.split("+").reverse();
    for (const one of held) await page.keyboard.down(one);
    await page.keyboard.press(name);
    for (const one of held) await page.keyboard.up(one);
  }
};
const type = async (...texts) => {
  for (const text of texts) await (/^[A-Z]/.test(text) ? press(text) : page.keyboard.type(text));
};
const cellAt = async (row, column) => (await (await page.$$(OPEN))[row].$$("input"))[column];
const click = async (row, column = FIRST) => (await cellAt(row, column)).click();
const textAt = async (row, column) => (await cellAt(row, column)).evaluate((input) => input.value);
const numbers = (count, column = FIRST) => page.$$eval(OPEN, (rows, many, at) => rows.slice(0, many)
  .map((row) => Number(row.querySelectorAll("input")[at].value.replace(/,.*|[^0-9]/g, ""))), count, column);
const saved = () => page.waitForFunction(() => /Sparat|Saved/.test(document.querySelector("[data-grid-state]")?.textContent ?? ""));
const isInTable = () => page.evaluate(() => Boolean(document.activeElement?.closest("#lines table")));
const open = async () => {
  await page.goto(GRID);
  await page.waitForSelector("[data-menu]");
};

async function signIn() {
  await page.goto(`${site}/account/login/`);
  await page.type("input[name=login]", "ekonom@demo.example");
  await page.type("input[name=password]", password);
  await Promise.all([page.waitForNavigation(), page.click("main button[type=submit]")]);
}

async function typesDownAndAcross() {
  const [first, second] = [await numbers(6), await numbers(2, FIRST + 1)];
  await click(0);
  for (const amount of first.slice(0, 5)) await type(String(amount + 3), "Enter");
  await click(0, FIRST + 1);
  await type(String(second[0] + 3), "Tab", "9", "Enter", String(second[1] + 3), "Tab", "8", "Enter");
  await saved();
  await open();
  assert.deepEqual(await numbers(6), [...first.slice(0, 5).map((amount) => amount + 3), first[5]]);
  assert.deepEqual(await numbers(2, FIRST + 1), second.map((amount) => amount + 3));
  assert.deepEqual(await numbers(2, FIRST + 2), [9, 8]);
}

async function tabStaysAndF6AndEscapeLeave() {
  await click(0, 7);
  await press("Tab");
  assert.equal(await isInTable(), true);
  for (const key of ["F6", "Escape"]) {
    await click(0);
    await press(key);
    assert.equal(await isInTable(), false, key);
  }
}

async function fillsCopiesAndUndoes() {
  const before = await numbers(5);
  await click(0);
  await press("Shift+ArrowDown", "Shift+ArrowDown", "Control+d");
  await saved();
  assert.deepEqual(await numbers(5), [before[0], before[0], before[0], before[3], before[4]]);
  await press("Control+z");
  await page.waitForFunction((lines, was) => document.querySelectorAll(lines)[1].querySelectorAll("input")[4].value !== was,
    {}, OPEN, await textAt(0, FIRST));
  assert.deepEqual(await numbers(5), before);
  await click(4); // an amount that nobody takes for a slip of those it is laid over
  await press("Control+c");
  await click(0);
  await press("Shift+ArrowDown", "Control+v");
  await saved();
  assert.deepEqual(await numbers(5), [before[4], before[4], ...before.slice(2)]);
}

async function completesACostKind() {
  await click(0, 1);
  await type("avs");
  assert.equal(await textAt(0, 1), "Avskrivning");
  await press("Escape");
}

async function raisesSelectedLines() {
  const before = await numbers(3);
  await click(0);
  await press("Shift+ArrowDown", "Shift+ArrowDown");
  await page.click("[data-many]");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "value");
  await type("10", "Enter");
  await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "apply");
  await press("Enter");
  await page.waitForFunction(() => !document.querySelector("#grid-many[open]") && document.querySelector("[data-menu]"));
  (await numbers(3)).forEach((amount, row) => assert.ok(Math.abs(amount - before[row] * 1.1) < 2, `${amount} from ${before[row]}`));
}

try {
  await signIn();
  for (const path of [typesDownAndAcross, tabStaysAndF6AndEscapeLeave, fillsCopiesAndUndoes, completesACostKind, raisesSelectedLines]) {
    await open();
    await path();
    console.log(path.name);
  }
} finally {
  await browser.close();
}
