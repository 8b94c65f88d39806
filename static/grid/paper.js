// Paper shows texts whole: a field is one line and would be cut, or draw its table out over the edge of the sheet.

const TEXTS = ".line > th > input, .line > td:nth-child(10) > input";

/** Puts what the fields of texts and notes hold beside them, where the style sheet breaks it into lines when it is printed. */
export function writeTexts() {
  for (const input of document.querySelectorAll(TEXTS)) {
    if (input instanceof HTMLInputElement && input.parentElement) input.parentElement.dataset.written = input.value;
  }
}
