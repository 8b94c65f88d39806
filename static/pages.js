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

/* Pages that follow something ask for news at the pace the server sets (hx-trigger="every 15s, look"). A page nobody
   sees asks for nothing; it looks when it is seen again, and when another page of this browser has changed something. */
(() => {
  const following = "[hx-trigger$='look']";
  const look = () => {
    if (!document.hidden) document.querySelectorAll(following).forEach((part) => htmx.trigger(part, "look"));
  };
  const others = new BroadcastChannel("changed");
  others.addEventListener("message", look);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.detail.elt.matches(following)) event.preventDefault();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // Signed out meanwhile: what is on the page stays.
    const asked = event.detail.requestConfig.elt;
    if (asked.matches(following) && event.detail.xhr.responseURL.includes("/account/login/")) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.requestConfig.verb !== "get") others.postMessage("");
  });
})();

/* Errors of htmx's requests: the server's note is shown above the page, and what was typed stays. The token of forms
   is read anew, since signing in again in another tab changes it. */
(() => {
  const token = () => document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1];
  let told = "";
  const show = (html) => {
    const region = document.getElementById("errors");
    if (region) region.innerHTML = html;
    told = html;
  };
  // What a page asks for by itself, again and again, is told once.
  const tell = (html, event) => {
    if (html !== told || event.detail.requestConfig?.verb !== "get") show(html);
  };
  const noAnswer = () => document.getElementById("no-answer")?.innerHTML ?? "";
  document.addEventListener("htmx:configRequest", (event) => {
    const now = token();
    if (!now) return;
    event.detail.headers["X-CSRFToken"] = now;
    if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = now;
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const known = xhr.getResponseHeader("X-Error-Note");
    tell(known ? xhr.responseText : noAnswer(), event);
  });
  document.addEventListener("htmx:sendError", (event) => tell(noAnswer(), event));
  document.addEventListener("htmx:afterSwap", () => show(""));
  document.addEventListener("click", (event) => {
    const note = event.target.closest?.("[data-close-note]")?.closest(".msg");
    if (note) note.remove();
  });
  document.addEventListener("submit", (event) => {
    const field = event.target.matches?.("[data-resend]") && event.target.elements.csrfmiddlewaretoken;
    if (field && token()) field.value = token();
  });
})();

/* Buttons that only a script can answer are hidden until it is there: print the page, copy what a field holds. */
(() => {
  const answers = {
    "[data-print]": () => window.print(),
    "[data-copy]": async (button) => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
      document.getElementById("announce").textContent = button.dataset.said;
      button.textContent = button.dataset.said;
    },
  };
  document.querySelectorAll(Object.keys(answers).join()).forEach((button) => {
    if (button.matches("[data-print]") || navigator.clipboard) button.hidden = false;
  });
  document.addEventListener("click", (event) => {
    for (const [selector, answer] of Object.entries(answers)) {
      const button = event.target.closest?.(selector);
      if (button) answer(button);
    }
  });
})();
