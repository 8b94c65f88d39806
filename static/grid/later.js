/* A long table shows its first lines at once, and the others when nothing else has happened for a while, so that one can
   begin to write: each part of them takes the browser as long as the whole first page. */
/** @import { Table } from "./table.js" */
const AT_ONCE = 40;
const AT_A_TIME = 150;
const PAUSE = 300;

/** @param {() => void} work */
const soon = (work) => {
  if (window.requestIdleCallback) window.requestIdleCallback(work);
  else setTimeout(work, 50);
};

export class LaterRows {
  /** @param {Table} table */
  constructor(table) {
    const isLoading = document.readyState !== "complete" && !location.hash;
    this.rows = isLoading ? [...table.rows()].slice(AT_ONCE) : [];
    this.timer = 0;
    if (!this.rows.length) return;
    for (const row of this.rows) row.classList.add("later");
    const pause = () => this.#pause();
    window.addEventListener("load", pause, { once: true });
    // Captured: the table scrolls in its own frame, whose events do not rise to the window.
    window.addEventListener("scroll", () => this.show(), { once: true, capture: true });
    table.element.addEventListener("input", pause);
  }

  #pause() {
    clearTimeout(this.timer);
    if (this.rows.length) this.timer = setTimeout(() => soon(() => this.#more()), PAUSE);
  }

  #more() {
    this.show(AT_A_TIME);
    if (this.rows.length) soon(() => this.#more());
  }

  show(count = this.rows.length) {
    for (const row of this.rows.splice(0, count)) row.classList.remove("later");
  }
}
