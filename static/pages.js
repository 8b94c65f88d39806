/* After htmx has put new content on the page: go to the first field to correct, and say what happened.
   The server says it with the response header HX-Trigger: {"announce": "text"}. htmx itself is set up in base.html. */
(() => {
  const invalid = "[aria-invalid='true']";
  document.addEventListener("htmx:afterSettle", (event) => {
    const first = event.target.matches?.(invalid) ? event.target : event.target.querySelector?.(invalid);
    if (first) first.focus();
  });
  document.addEventListener("announce", (event) => {
    const region = document.getElementById("announce");
    if (region) region.textContent = event.detail.value ?? "";
  });
})();
