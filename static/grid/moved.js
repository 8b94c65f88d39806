/* A product's name runs on over the cell beside it, as long as that stands beside it: not where the table is scrolled sideways. */

/** @param {HTMLElement} frame What the table scrolls in. */
export function markMoved(frame) {
  frame.addEventListener("scroll", () => frame.classList.toggle("is-moved", frame.scrollLeft > 0), { passive: true });
}
