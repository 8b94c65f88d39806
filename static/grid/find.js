/* Products fold, which the browser remembers, and lines are found by their text. */

const words = (text) => text.toLocaleLowerCase().split(/\s+/).filter(Boolean);

export class Finder {
  /* `shown` is called when rows have been hidden or shown, with words when there is something to say. */
  constructor(table, shown) {
    this.table = table;
    this.shown = shown;
    this.key = `folded ${new URL(table.form.action).pathname}`;
    this.folded = new Set(JSON.parse(localStorage.getItem(this.key) ?? "[]"));
    this.field = table.section.querySelector("#grid-filter");
    this.field.addEventListener("input", () => {
      this.table.showRows();
      this.show(true);
    });
    for (const body of table.element.tBodies) if (body.dataset.product) this.add(body);
    this.show(false);
  }

  add(body) {
    const name = body.querySelector("[data-name]");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "twist";
    button.tabIndex = -1;
    button.innerHTML = '<svg class="icon" aria-hidden="true"><use/></svg>';
    const icons = document.querySelector(".icon use").getAttribute("href").split("#")[0];
    button.querySelector("use").setAttribute("href", `${icons}#i-right`);
    button.append(name.textContent);
    name.replaceWith(button);
    button.addEventListener("click", () => {
      const { product } = body.dataset;
      if (!this.folded.delete(product)) this.folded.add(product);
      localStorage.setItem(this.key, JSON.stringify([...this.folded]));
      this.show(false);
    });
    body.rows[0].querySelectorAll("a").forEach((link) => { link.tabIndex = -1; });
  }

  get isFiltering() {
    return Boolean(words(this.field.value).length);
  }

  /* What comes into a folded product is seen: it opens. */
  unfold(rows) {
    const found = rows.filter(({ product }) => this.folded.delete(product));
    if (!found.length) return;
    localStorage.setItem(this.key, JSON.stringify([...this.folded]));
    this.show(false);
  }

  /* Lines whose text, product or note has all the words; a product without any is hidden while something is sought. */
  show(tell) {
    const sought = words(this.field.value);
    let count = 0;
    for (const body of this.table.element.tBodies) {
      const { product } = body.dataset;
      if (!product) continue;
      const twist = body.querySelector(".twist");
      const isFolded = this.folded.has(product) && !sought.length;
      twist.setAttribute("aria-expanded", String(!isFolded));
      let found = 0;
      for (const row of body.querySelectorAll("tr.line")) {
        const line = this.table.lineOf(row);
        const text = `${twist.textContent} ${line.text(0)} ${line.text(1)} ${line.text(7)}`.toLocaleLowerCase();
        const fits = sought.every((word) => text.includes(word));
        row.hidden = isFolded || !fits;
        found += fits ? 1 : 0;
      }
      for (const row of body.querySelectorAll("tr.none, tr.gone")) row.hidden = isFolded || Boolean(sought.length);
      body.rows[0].hidden = Boolean(sought.length) && !found;
      count += found;
    }
    this.shown(tell ? this.table.say("shown", { count }) : "");
  }
}
