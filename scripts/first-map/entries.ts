/** @file What the worker calls until the first map: itself, and the calls that are made until then. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { FunctionNames } from "./first-modules.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Paths from the root. */
export const firstMapEntries = ["worker", "open-model", "look", "explained", "channels"].map(
  (name) => `web/worker/${name}.ts`,
);

/** Where the functions are listed that they do not call, which `npm run first-map` writes. */
export const notCalledPath = `${root}web/not-called-first.json`;

export function readNotCalled(): FunctionNames {
  return JSON.parse(readFileSync(notCalledPath, "utf8")) as FunctionNames;
}
