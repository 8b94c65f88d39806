/* After htmx has put new content on the page: go to the first field to correct, and say what happened.
   The server says it with the response header HX-Trigger: {"announce": "text"}. htmx itself is set up in base.html. */
(() => {
  const invalid = "[aria-invalid='true']";
  document.addEventListener("htmx:afterSettle", ({ target }) => {
    if (!(target instanceof Element)) return;
    const first = target.matches(invalid) ? target : target.querySelector(invalid);
    if (first instanceof HTMLElement) first.focus();
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
    if (!document.hidden) document.querySelectorAll(following).forEach((part) => window.htmx.trigger(part, "look"));
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

/* Errors of htmx's requests: the server's note is shown above the page, and what was typed stays. */
(() => {
  let told = "";
  /** @param {string} html */
  const show = (html) => {
    const region = document.getElementById("errors");
    if (region) region.innerHTML = html;
    told = html;
  };
  /**
   * What a page asks for by itself, again and again, is told once.
   * @param {string} html
   * @param {CustomEvent<Partial<HtmxDetail>>} event
   */
  const tell = (html, event) => {
    if (html !== told || event.detail.requestConfig?.verb !== "get") show(html);
  };
  const noAnswer = () => document.getElementById("no-answer")?.innerHTML ?? "";
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const known = xhr.getResponseHeader("X-Error-Note");
    tell(known ? xhr.responseText : noAnswer(), event);
  });
  document.addEventListener("htmx:sendError", (event) => tell(noAnswer(), event));
  document.addEventListener("htmx:afterSwap", () => show(""));
  document.addEventListener("click", ({ target }) => {
    if (target instanceof Element) target.closest("[data-close-note]")?.closest(".msg")?.remove();
  });
})();

/* The token of forms is read anew, since signing in again in another tab changes it. */
(() => {
  const token = () => document.cookie.match(/(?:^|; )(?:__Host-|__Secure-)?csrftoken=([^;]+)/)?.[1];
  document.addEventListener("htmx:configRequest", (event) => {
    const now = token();
    if (!now) return;
    event.detail.headers["X-CSRFToken"] = now;
    if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = now;
  });
  document.addEventListener("submit", ({ target }) => {
    const field = target instanceof HTMLFormElement && target.matches("[data-resend]") && target.elements.namedItem("csrfmiddlewaretoken");
    if (field instanceof HTMLInputElement) field.value = token() ?? field.value;
  });
})();

/* Buttons that only a script can answer are hidden until it is there: print the page, copy what a field holds. */
(() => {
  /** @param {HTMLElement} button */
  const copy = async (button) => {
    const field = document.getElementById(button.dataset.copy ?? "");
    const [region, said = ""] = [document.getElementById("announce"), button.dataset.said];
    if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) await navigator.clipboard.writeText(field.value);
    if (region) region.textContent = said;
    button.textContent = said;
  };
  /** @type {NodeListOf<HTMLElement>} */
  const buttons = document.querySelectorAll("[data-print], [data-copy]");
  for (const button of buttons) if (button.matches("[data-print]") || navigator.clipboard) button.hidden = false;
  document.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    if (target.closest("[data-print]")) window.print();
    /** @type {HTMLElement | null} */
    const button = target.closest("[data-copy]");
    if (button) copy(button);
  });
})();

/* A slider and the number beside it say the same; only the number is sent, and may be beyond what the slider reaches. */
(() => {
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const number = document.getElementById(target.dataset.rangeOf ?? "");
    if (number instanceof HTMLInputElement) {
      number.value = target.value.replace("-", "\u2212");
      return;
    }
    const slider = target.id && document.querySelector(`[data-range-of="${CSS.escape(target.id)}"]`);
    if (slider instanceof HTMLInputElement) slider.value = target.value.replace("\u2212", "-").replace(",", ".") || "0";
  });
})();
