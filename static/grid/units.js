/* The unit of a money column stands in its cell while it is edited, and is told with it. */
const ID = "grid-unit";

const names = (input) => (input.getAttribute("aria-describedby") ?? "").split(" ").filter((name) => name && name !== ID);

function describe(input, ids) {
  if (ids.length) input.setAttribute("aria-describedby", ids.join(" "));
  else input.removeAttribute("aria-describedby");
}

export function showUnit(input, unit) {
  if (!unit) return;
  input.after(Object.assign(document.createElement("span"), { id: ID, className: "cell-unit", textContent: unit }));
  input.parentElement.classList.add("has-unit");
  describe(input, [...names(input), ID]);
}

export function hideUnit(input) {
  document.getElementById(ID)?.remove();
  input.parentElement?.classList.remove("has-unit");
  describe(input, names(input));
}
