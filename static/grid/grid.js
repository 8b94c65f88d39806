/* Puts the parts of one table together: each gets what it needs, and tells the others through what is written here. */
import { AddedNote } from "./added.js";
import { Ask } from "./ask.js";
import { Bar } from "./bar.js";
import { Closing } from "./closing.js";
import { Cursor } from "./cursor.js";
import { find } from "./dom.js";
import { Editor } from "./editor.js";
import { Factors } from "./factors.js";
import { Finder } from "./find.js";
import { Keys } from "./keys.js";
import { completeKinds } from "./kinds.js";
import { LaterRows } from "./later.js";
import { ManyDialog } from "./many.js";
import { Marks } from "./marks.js";
import { Menu } from "./menu.js";
import { markMoved } from "./moved.js";
import { News } from "./news.js";
import { Notes } from "./notes.js";
import { Pasting } from "./pasting.js";
import { Questions } from "./questions.js";
import { Refusals } from "./refusals.js";
import { Rows } from "./rows.js";
import { Saver } from "./saver.js";
import { Selection } from "./selection.js";
import { Spreading } from "./spread.js";
import { Table } from "./table.js";
import { announce } from "./texts.js";
import { Totals } from "./totals.js";
import { TypedCells } from "./typed.js";
import { Why } from "./why.js";
/** @import { StepAnswer } from "./requests.js" */
/** @import { SaverEvents } from "./saver.js" */

/** @typedef {"undo" | "redo"} Direction */

/**
 * What shows a table and where one stands in it.
 * @param {HTMLElement} section
 */
function buildTable(section) {
  const table = new Table(section);
  const later = new LaterRows(table);
  const [marks, totals, bar, cursor] = [new Marks(table), new Totals(table), new Bar(table), new Cursor(table, later)];
  const selection = new Selection({ table, cursor, bar });
  return { table, later, marks, totals, bar, cursor, selection };
}

/**
 * What one writes with: keys, the clipboard, menus and buttons.
 * @param {ReturnType<typeof buildTable> & {
 *   typed: TypedCells, questions: Questions, saver: Saver, refusals: Refusals, finder: Finder, rows: Rows,
 *   step: (direction: Direction) => void, why: Why,
 * }} parts
 */
function buildWriting({ refusals, rows, step, why, ...parts }) {
  const { table, totals, saver } = parts;
  const menu = new Menu(table, rows, parts.selection);
  const editor = new Editor(parts, (cell) => saver.commit([cell]));
  const spreading = new Spreading(parts, new ManyDialog(parts));
  const keys = new Keys({ ...parts, editor }, {
    commit: (cells) => {
      saver.commit(cells);
      totals.tell();
    },
    step,
    sayWhy: () => saver.flush().then(() => why.open()),
    openMenu: (target) => menu.open(target),
    takeBack: ({ line, column }) => refusals.takeBack(line, column),
    writeSum: (sum) => spreading.write(sum),
  });
  const pasting = new Pasting({ ...parts, ask: new Ask(table) }, () => keys.clear());
  completeKinds(table);
  return { editor, pasting, added: new AddedNote(parts, () => step("undo")) };
}

/**
 * The buttons that a form without script has take the script's way; what only one of them needs is shown or removed.
 * @param {Table} table
 * @param {(direction: Direction) => void} step
 */
function takeOver({ section, form }, step) {
  for (const part of /** @type {NodeListOf<HTMLElement>} */ (section.querySelectorAll("[data-by-script]"))) part.hidden = false;
  for (const part of section.querySelectorAll("[data-without-script]")) part.remove();
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (section.querySelectorAll("[data-step]"))) {
    button.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      step(/** @type {Direction} */ (button.dataset.step));
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
}

/**
 * What is told when something is saved, refused or undone, and by whom.
 * @typedef {object} Tellers
 * @property {News} news
 * @property {Notes} notes
 * @property {AddedNote} added
 * @property {Totals} totals
 * @property {Factors} factors
 * @property {Finder} finder
 * @property {Closing} closing
 * @property {Pasting} pasting
 * @property {Refusals} refusals
 * @property {Saver} saver
 * @property {Why} why
 */

/**
 * @param {StepAnswer} answer
 * @param {Tellers} tellers
 */
function tellStep(answer, { news, notes, added, totals, factors }) {
  factors.close();
  news.showSteps(answer);
  if (answer.refused) notes.tell([answer.refused]);
  else added.close();
  if (answer.said) announce(`${answer.said} ${totals.words()}`);
}

/**
 * What follows from what the saver tells. The parts are asked for when something is told: they need the saver first.
 * @param {() => Tellers} tellers
 * @returns {SaverEvents}
 */
const eventsOf = (tellers) => ({
  answered: (answer) => {
    tellers().news.take(answer);
    tellers().why.take(answer.act);
  },
  saved: (change) => {
    tellers().added.saved(change);
    tellers().totals.tell();
  },
  refused: async (change, refusal) => (change.action === "paste" && refusal.bad.length
    ? tellers().pasting.askAbout(change, refusal.bad) : tellers().refusals.show(change, refusal)),
  taken: (changed) => tellers().factors.take(changed),
  kept: () => {
    tellers().finder.count();
    tellers().closing.show();
  },
  settled: () => tellers().news.settle(tellers().saver.isWaiting),
  stepped: (answer) => tellStep(answer, tellers()),
});

/**
 * The table of one section, with all that works on it.
 * @param {HTMLElement} section
 */
export function buildGrid(section) {
  const shown = buildTable(section);
  const { table, later, marks, totals, cursor } = shown;
  const questions = new Questions(shown, (cell) => saver.commit([cell]));
  const typed = new TypedCells({ ...shown, questions });
  const notes = new Notes(table, () => saver.keep());
  /** @type {Saver} */
  const saver = new Saver({ table, typed, notes }, eventsOf(() => tellers));
  const rows = new Rows(table, marks, (change) => saver.push(change));
  const refusals = new Refusals({ table, marks, notes, rows, typed, saver });
  const finder = new Finder({ table, later, cursor }, () => totals.show());
  totals.listShown = () => (finder.isFiltering ? finder.shown() : null);
  const factors = new Factors(shown, (cells) => saver.commit(cells));
  const closing = new Closing({ table, marks, typed, finder, saver });
  const news = new News({ table, totals, marks, rows, cursor, finder });
  /** @param {Direction} direction */
  const step = (direction) => {
    if (news.canStep(direction) || saver.isWaiting) saver.step(direction);
  };
  const why = new Why(table, saver.requests);
  const { added, editor, pasting } = buildWriting({ ...shown, typed, questions, saver, refusals, finder, rows, step, why });
  /** @type {Tellers} */
  const tellers = { news, notes, added, totals, factors, finder, closing, pasting, refusals, saver, why };
  takeOver(table, step);
  markMoved(find(section, ".grid-scroll"));
  totals.show();
  finder.count();
  saver.restore();
  return { section, table, later, cursor, editor, saver };
}
