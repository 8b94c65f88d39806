/* The rules of our own scripts: those of the browser, and the tests that node runs. */
import js from "@eslint/js";
import globals from "globals";

const rules = {
  ...js.configs.recommended.rules,
  "arrow-body-style": ["error", "as-needed"],
  "complexity": ["error", 12],
  "consistent-return": "error",
  "curly": ["error", "multi-line"],
  "eqeqeq": "error",
  "max-depth": ["error", 3],
  "max-len": ["error", { code: 150, ignoreRegExpLiterals: true, ignoreStrings: true, ignoreTemplateLiterals: true }],
  "max-lines": ["error", 400],
  "max-lines-per-function": ["error", { max: 30, skipComments: true, IIFEs: true }],
  "no-else-return": "error",
  "no-implicit-globals": "error",
  "no-param-reassign": "error",
  "no-shadow": "error",
  "no-unused-vars": "error",
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "prefer-template": "error",
};

export default [
  { ignores: ["static/vendor/", "staticfiles/", "var/", ".venv/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["static/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "script", globals: globals.browser },
    rules,
  },
  {
    files: ["static/grid/*.js", "static/teamwork/*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.browser },
    rules,
  },
  {
    files: ["tests/script/*.js", "*.js"],
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: globals.node },
    rules,
  },
];
