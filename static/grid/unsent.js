/* What somebody typed in the grid and could not save, listed where the lines are no longer open to them: to be copied,
   discarded, or left for the day when they are open again. */
import { drop, keyOf, load, store } from "./storage.js";
import { FIELDS } from "./table.js";

class Unsent {
  constructor(box) {
    this.box = box;
    this.key = keyOf(box.dataset.scope, box.dataset.grid);
    this.held = load(this.key);
    if (!this.held) return;
    this.texts = {};
    for (const item of box.querySelector("template").content.children) this.texts[item.dataset.key] = item.textContent;
    this.rows = this.list(this.held);
    this.told = this.held.told ?? [];
    if (!this.rows.length && !this.told.length) return;
    this.title = box.querySelector("h3");
    this.status = box.querySelector("[role=status]");
    this.find("copy-rows").addEventListener("click", () => this.copy());
    this.find("discard").addEventListener("click", () => this.discard());
    this.find("return").addEventListener("click", () => this.return());
    this.write();
    this.box.hidden = false;
  }

  find(name) {
    return this.box.querySelector(`[data-${name}]`);
  }

  /* [line, column, text] of each change; the same cell typed twice is one. */
  list({ queue = [], kept = [], names = {} }) {
    const found = new Map();
    const put = (line, field, text, name = names[line]) => found.set(`${line}:${field}`, [name || "–", this.texts[field] ?? "–", text]);
    const cells = ({ line, cells: typed }, name) => {
      for (const [field, text] of Object.entries(typed)) if (text || !name) put(line, field, text || this.texts.empty, name);
    };
    const newName = ({ line, cells: typed }) => [names[line], typed?.text || this.texts.newLine].filter(Boolean).join(", ");
    for (const { changed = [], added = [], moved = [], deleted = [] } of queue) {
      changed.forEach((row) => cells(row));
      for (const row of added) {
        if (Object.values(row.cells ?? {}).some(Boolean)) cells(row, newName(row));
        else put(row.line, "", this.texts.added, newName(row));
      }
      moved.forEach(({ line }) => put(line, "", this.texts.moved));
      deleted.forEach(({ line }) => put(line, "", this.texts.deleted));
    }
    for (const { line, at, text } of kept) put(line, FIELDS[at], text || this.texts.empty);
    return [...found.values()];
  }

  write() {
    const count = this.rows.length + this.told.length;
    this.title.textContent = this.texts[count === 1 ? "one" : "many"].replace("{count}", count.toLocaleString(document.documentElement.lang));
    const body = this.box.querySelector("tbody");
    for (const texts of this.rows) {
      const row = body.insertRow();
      texts.forEach((text, at) => {
        const cell = document.createElement(at ? "td" : "th");
        if (!at) cell.scope = "row";
        if (at === 1) cell.className = "nowrap";
        cell.textContent = text;
        row.append(cell);
      });
    }
    this.box.querySelector("[role=region]").hidden = !this.rows.length;
    this.find("told").replaceChildren(...this.told.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  async copy() {
    const text = [...this.rows.map((row) => row.join("\t")), ...this.told].join("\r\n");
    try {
      await navigator.clipboard.writeText(text);
      this.status.textContent = this.texts.copied;
    } catch {
      document.getSelection().selectAllChildren(this.find("listed"));
      this.status.textContent = this.texts.notCopied;
    }
  }

  discard() {
    drop(this.key);
    this.show(false);
    this.title.textContent = this.texts.discarded;
    this.find("return").focus();
  }

  /* Until the page is left, what was discarded can be had back. */
  return() {
    store(this.key, this.held);
    this.box.querySelector("tbody").replaceChildren();
    this.write();
    this.show(true);
    this.find("discard").focus();
  }

  show(isListed) {
    this.status.textContent = "";
    for (const name of ["listed", "copy-rows", "discard"]) this.find(name).hidden = !isListed;
    this.find("return").hidden = isListed;
  }
}

const box = document.getElementById("unsent");
if (box) new Unsent(box);
