/* Moving and writing in the grid. One cell at a time is in the tab order; arrows move it. A cell is pointed at, with all its
   text selected so that typing replaces it, or edited, with the exact amount, its unit and the caret in it. */
import { FIELDS, isNumber } from "./table.js";
import { formatSek, inUnit, parseOre } from "./numbers.js";
import { cellText, readBlock, writeBlock } from "./clipboard.js";
import { announce } from "./saving.js";
import { hideUnit, showUnit } from "./units.js";

const STOPS = ".cell, .twist, .row-act";
const PAGE = 10;

export class Keys {
  constructor(table, saver, page) {
    this.table = table;
    this.saver = saver;
    this.page = page;
    this.mode = "point";
    this.column = 0;
    this.from = null; // where a selected block begins: [line, column]
    this.to = null;
    this.bar = table.section.querySelector("[data-grid-cell]");
    const { element } = table;
    element.addEventListener("focusin", (event) => this.focused(event.target));
    element.addEventListener("focusout", (event) => this.left(event.target));
    element.addEventListener("keydown", (event) => this.pressed(event));
    element.addEventListener("input", (event) => this.typed(event.target));
    element.addEventListener("mousedown", (event) => this.pointed(event));
    element.addEventListener("mouseover", (event) => this.dragged(event));
    element.addEventListener("dblclick", (event) => event.target.matches(".cell") && this.edit(event.target, "inside"));
    element.addEventListener("copy", (event) => this.copy(event));
    element.addEventListener("cut", (event) => this.copy(event) && this.clear());
    element.addEventListener("paste", (event) => this.paste(event));
  }

  /* The rows that can be gone to, in order. */
  rows() {
    this.table.showRows();
    return [...this.table.element.querySelectorAll("tr.line, tr.grp")].filter((row) => !row.hidden);
  }

  stops(row) {
    return [...row.querySelectorAll(STOPS)].filter((stop) => stop.offsetParent !== null);
  }

  at(input) {
    const line = this.table.lineOf(input);
    const column = line && input.matches(".cell") ? [...line.inputs].indexOf(input) : -1;
    return column < 0 ? null : { line, column };
  }

  /* One stop is in the tab order, also when the last one was hidden or went away. */
  anchor() {
    if (this.current?.isConnected && !this.current.closest("[hidden]")) return;
    if (this.current) this.current.tabIndex = -1;
    this.current = [...this.table.element.querySelectorAll(".cell, .twist")].find((stop) => !stop.closest("[hidden]"));
    if (this.current) this.current.tabIndex = 0;
  }

  focused(target) {
    if (!target.matches(STOPS)) return;
    if (this.current && this.current !== target) this.current.tabIndex = -1;
    target.tabIndex = 0;
    this.current = target;
    const place = this.at(target);
    if (!place) return;
    if (!this.extending) {
      this.select([place.line, place.column], null);
      this.column = place.column;
    }
    if (this.table.editing !== target) {
      this.mode = "point";
      target.select();
    }
    this.tell(place);
  }

  tell({ line, column }) {
    const where = this.table.place(line, column);
    const ore = isNumber(FIELDS[column]) && column !== 2 ? parseOre(line.text(column)) : null;
    this.bar.textContent = ore === null ? where : this.table.say("kronor", { place: where, amount: formatSek(ore) });
  }

  /* Another window in front is no end of writing. */
  left(target) {
    if (this.table.editing === target && document.hasFocus()) this.finish(target, true);
  }

  /* Edit: "over" replaces what was there and arrows leave the cell, "inside" moves the caret. */
  edit(input, how) {
    const { line, column } = this.at(input);
    this.mode = how;
    if (how === "inside" && this.table.editing !== input) {
      input.value = this.table.exact(line, column);
      input.setSelectionRange(input.value.length, input.value.length);
    }
    // What stood here when writing began: news that come meanwhile are then seen as somebody else's.
    if (this.table.editing !== input) {
      this.opened = line.kept.get(column) ?? { seen: line.seen, was: line.was([FIELDS[column]]) };
      showUnit(input, this.table.unitOf(column));
    }
    this.table.editing = input;
    this.select([line, column], null);
  }

  typed(input) {
    if (!input.matches(".cell")) return;
    if (this.table.editing !== input) this.edit(input, "over");
    const { line, column } = this.at(input);
    if (!isNumber(FIELDS[column])) return;
    // Totals follow what is being written, and go back if it is taken back.
    this.live ??= { line, column, before: line.typed[column] };
    line.set(column, inUnit(input.value, this.table.unitOf(column)));
    this.table.sum(line.product);
  }

  /* Ends editing; what was written is saved, or taken back. Safe to call again. */
  finish(input, keep) {
    const place = this.at(input);
    this.table.editing = null;
    this.mode = "point";
    hideUnit(input);
    if (!place) return;
    const { line, column } = place;
    const text = inUnit(input.value.trim(), this.table.unitOf(column));
    if (this.live?.line === line && this.live.column === column) line.set(column, this.live.before);
    this.live = null;
    this.table.sum(line.product);
    if (keep) this.saver.commit([{ line, at: column, text, opened: this.opened }]);
    else this.table.sum();
    this.table.showLine(line);
    if (column === 0) this.table.label(line);
    this.tell(place);
    if (keep) this.page.totals(line);
  }

  go(row, column) {
    const stops = row ? this.stops(row) : [];
    if (!stops.length) return false;
    const cell = this.table.lineOf(row)?.inputs[column];
    const target = stops.includes(cell) ? cell : stops[Math.max(0, Math.min(column, stops.length - 1))];
    target.focus();
    target.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  move(down, right, { extend = false } = {}) {
    const rows = this.rows();
    const row = this.current.closest("tr");
    if (right) {
      const stops = this.stops(row);
      const next = stops.indexOf(this.current) + right;
      if (extend) return this.extend(0, right);
      if (next >= 0 && next < stops.length) {
        this.column = next;
        stops[next].focus();
      }
      return undefined;
    }
    if (extend) return this.extend(down, 0);
    const next = Math.max(0, Math.min(rows.indexOf(row) + down, rows.length - 1));
    const column = this.column;
    this.go(rows[next], rows[next].matches(".grp") ? 0 : column);
    this.column = column;
    return undefined;
  }

  /* The next cell of a column that can be written in, past headings and rows without one; or null. */
  nextCell(row, column, step) {
    const rows = this.rows();
    for (let place = rows.indexOf(row) + step; rows[place]; place += step) {
      const input = this.table.lineOf(rows[place])?.inputs[column];
      if (input && !input.readOnly && !input.disabled && input.offsetParent !== null) return input;
    }
    return null;
  }

  /* After Enter: to the next cell of the column, or nowhere. */
  goOn(input, step) {
    const next = this.nextCell(input.closest("tr"), this.at(input).column, step) ?? input;
    next.focus();
    next.select();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* What is typed on a heading is written in the next cell of the column: the key itself goes where the focus is. */
  typedOnHeading(heading) {
    const next = this.nextCell(heading.closest("tr"), Math.min(this.column, FIELDS.length - 1), 1);
    next?.focus();
    if (next) return false;
    this.bar.textContent = this.table.say("noCell");
    announce(this.bar.textContent);
    return true;
  }

  /* A selected block: whole rows of lines, from one corner to the other. */
  select(from, to) {
    this.table.element.querySelectorAll(".sel").forEach((cell) => cell.classList.remove("sel"));
    this.from = from;
    this.to = to;
    if (!to) return;
    const block = this.block();
    for (const { line, columns } of block) for (const column of columns) line.inputs[column].parentElement.classList.add("sel");
    const sum = block.reduce((all, { line, columns }) => all + columns.filter((c) => c >= 4 && c < 7).reduce((s, c) => s + line.amounts()[c - 4], 0n), 0n);
    const count = block.reduce((all, { columns }) => all + columns.length, 0);
    this.bar.textContent = this.table.say("selected", { count, amount: formatSek(sum) });
  }

  visible() {
    return this.rows().filter((row) => row.matches(".line")).map((row) => this.table.lineOf(row));
  }

  block() {
    const [line, column] = this.from;
    const [lastLine, lastColumn] = this.to ?? this.from;
    const lines = this.visible();
    const [a, b] = [lines.indexOf(line), lines.indexOf(lastLine)].sort((x, y) => x - y);
    const [c, d] = [column, lastColumn].sort((x, y) => x - y);
    const columns = FIELDS.map((_field, at) => at).slice(c, d + 1);
    return lines.slice(Math.max(a, 0), b + 1).map((found) => ({ line: found, columns }));
  }

  extend(down, right) {
    const lines = this.visible();
    const [line, column] = this.to ?? this.from;
    const next = lines[Math.max(0, Math.min(lines.indexOf(line) + down, lines.length - 1))];
    this.select(this.from, [next, Math.max(0, Math.min(column + right, FIELDS.length - 1))]);
    next.row.scrollIntoView({ block: "nearest" });
  }

  pointed(event) {
    const input = event.target.closest(".cell");
    const place = input && this.at(input);
    if (!place || event.button !== 0 || this.table.editing === input) return;
    if (event.shiftKey && this.from) {
      event.preventDefault();
      this.select(this.from, [place.line, place.column]);
    } else if (document.activeElement !== input) {
      event.preventDefault();
      input.focus();
      this.dragging = true;
      document.addEventListener("mouseup", () => { this.dragging = false; }, { once: true });
    } else {
      // As in a spreadsheet: the second click of two edits, see dblclick.
      event.preventDefault();
      input.select();
      this.select([place.line, place.column], null);
    }
  }

  dragged(event) {
    const place = this.dragging && event.target.closest(".cell") && this.at(event.target.closest(".cell"));
    if (place && (place.line !== this.from[0] || place.column !== this.from[1])) this.select(this.from, [place.line, place.column]);
  }

  pressed(event) {
    const target = event.target;
    if (!target.matches(STOPS) || event.isComposing) return;
    const isEditing = this.table.editing === target;
    const handled = isEditing ? this.pressedEditing(event, target) : this.pressedPointing(event, target);
    if (handled) event.preventDefault();
  }

  pressedEditing(event, input) {
    const arrows = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (event.key === "Escape") {
      this.finish(input, false);
      input.select();
      return true;
    }
    if (event.key === "Enter") {
      this.finish(input, true);
      this.goOn(input, event.shiftKey ? -1 : 1);
      return true;
    }
    if (event.key === "Tab") {
      this.finish(input, true);
      this.move(0, event.shiftKey ? -1 : 1);
      return true;
    }
    if (event.key === "F2") {
      this.mode = this.mode === "over" ? "inside" : "over";
      return true;
    }
    if (this.mode === "over" && arrows[event.key] && !event.altKey && !event.shiftKey && !input.list) {
      this.finish(input, true);
      this.move(...arrows[event.key]);
      return true;
    }
    return false;
  }

  pressedPointing(event, target) {
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (isCommand && key === "z") return this.page.step(event.shiftKey ? "redo" : "undo");
    if (isCommand && key === "y") return this.page.step("redo");
    if (isCommand && key === "a") return this.selectAll();
    if (key === "ContextMenu" || (key === "F10" && event.shiftKey)) return this.page.menu(this.table.lineOf(target), target);
    const extend = event.shiftKey && Boolean(this.at(target));
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-PAGE, 0], PageDown: [PAGE, 0] };
    if (steps[key] && !event.altKey) {
      this.move(...steps[key], { extend });
      return true;
    }
    if (key === "Home" || key === "End") return this.edge(key === "End", isCommand);
    const isTyped = event.key.length === 1 && event.key !== " " && !isCommand && !event.altKey;
    if (isTyped && target.matches(".twist")) return this.typedOnHeading(target);
    if (!target.matches(".cell")) return false;
    if (key === "Enter" || key === "F2") {
      this.edit(target, "inside");
      return true;
    }
    if (key === "Escape") {
      const { line, column } = this.at(target);
      if (line.kept.has(column)) this.page.takeBack(line, column);
      this.select(this.from, null);
      return true;
    }
    if (key === "Delete" || key === "Backspace") return this.clear();
    return false;
  }

  edge(isEnd, whole) {
    const rows = this.rows();
    const row = whole ? rows.at(isEnd ? -1 : 0) : this.current.closest("tr");
    const cells = this.stops(row).filter((stop) => !stop.matches(".row-act"));
    const target = cells.at(isEnd ? -1 : 0);
    target?.focus();
    this.column = isEnd ? cells.length - 1 : 0;
    return true;
  }

  selectAll() {
    const lines = this.visible();
    if (lines.length) this.select([lines[0], 0], [lines.at(-1), FIELDS.length - 1]);
    return true;
  }

  /* Empties the selected cells; a text and a cost kind can't be empty. */
  clear() {
    const cells = this.block().flatMap(({ line, columns }) =>
      columns.filter((at) => at > 1 && line.text(at) !== "").map((at) => ({ line, at, text: "" })));
    if (cells.length) this.saver.commit(cells);
    if (cells.length) this.page.totals(cells[0].line);
    this.current.select?.();
    return true;
  }

  copy(event) {
    if (this.table.editing || !this.from || !event.target.matches?.(".cell")) return false;
    const rows = this.block().map(({ line, columns }) => columns.map((at) => cellText(line.text(at), this.table.unitOf(at), isNumber(FIELDS[at]))));
    event.clipboardData.setData("text/plain", writeBlock(rows));
    event.preventDefault();
    announce(this.table.say("copied", { count: rows.length * rows[0].length }));
    return true;
  }

  paste(event) {
    if (this.table.editing || !this.from || !event.target.matches?.(".cell")) return;
    event.preventDefault();
    const rows = readBlock(event.clipboardData.getData("text/plain"));
    const block = this.block();
    const top = block[0];
    const isOne = rows.length === 1 && rows[0].length === 1;
    if (isOne) {
      this.page.paster.send(block.flatMap(({ line, columns }) => columns.map((at) => ({ line, at, text: inUnit(rows[0][0].trim(), this.table.unitOf(at)) }))));
      return;
    }
    const lines = this.visible();
    const first = lines.indexOf(top.line);
    this.page.paster.paste(rows, lines, first, top.columns[0]);
    const last = lines[Math.min(first + rows.length, lines.length) - 1];
    this.select([top.line, top.columns[0]], [last, Math.min(top.columns[0] + rows[0].length, FIELDS.length) - 1]);
  }
}
