/* Messages about cells: a row below the line with words and, where there is a choice, its buttons; tied to the cell. */
import { FIELDS, Line } from "./table.js";

const COLUMNS = 12;
const found = new WeakMap();

const rowId = (line) => `msg-${line.key}`;

/* `field` is empty when the message is about the whole line. `choices` are [words, action]. */
export function mark(table, line, field, words, { kind = "bad", choices = [] } = {}) {
  if (!found.has(line)) found.set(line, new Map());
  found.get(line).set(field, { words, kind, choices });
  draw(table, line);
}

export function unmark(table, line, field) {
  if (found.get(line)?.delete(field)) draw(table, line);
}

export const isMarked = (line, field) => Boolean(found.get(line)?.has(field));
export const isHinted = (line, field) => found.get(line)?.get(field)?.kind === "hint";

/* The messages again, in a row that was drawn anew. */
export const redraw = (table, line) => found.get(line)?.size && draw(table, line);

function draw(table, line) {
  const messages = found.get(line);
  document.getElementById(rowId(line))?.remove();
  line.inputs.forEach((input, at) => {
    const message = messages.get(FIELDS[at]);
    input.parentElement.classList.toggle("bad", message?.kind === "bad");
    input.parentElement.classList.toggle("clash", Boolean(message) && message.kind !== "bad");
    if (message?.kind === "bad") input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (message) input.setAttribute("aria-describedby", rowId(line));
    else input.removeAttribute("aria-describedby");
  });
  if (!messages.size) return;
  const row = document.createElement("tr");
  row.id = rowId(line);
  const kinds = [...messages.values()].map((message) => message.kind);
  const heaviest = ["bad", "clash", "hint", "news"].find((kind) => kinds.includes(kind));
  row.className = `cell-msg is-${heaviest}`;
  const cell = row.insertCell();
  cell.colSpan = COLUMNS;
  for (const [field, message] of messages) cell.append(write(table, line, field, message));
  const slot = document.getElementById(`form-${line.key}`);
  (slot ?? line.row).after(row);
}

function write(table, line, field, { words, kind, choices }) {
  const box = document.createElement("div");
  const text = document.createElement("span");
  const place = field ? `${table.heading(Line.name(field))}: ` : "";
  text.textContent = kind === "clash" ? words : `${place}${words}`;
  box.append(text);
  for (const [label, action] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-secondary btn-sm";
    button.textContent = label;
    button.addEventListener("click", () => {
      unmark(table, line, field);
      action();
    });
    box.append(button);
  }
  return box;
}
