/* The tables of cases that the script shares with Python. */
import { readFileSync } from "node:fs";

/** Reads a table by its path from the root. */
export const readTable = (path) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
