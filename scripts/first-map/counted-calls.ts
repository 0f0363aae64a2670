/** @file A build that notes which functions are called. */
import { relative } from "node:path";
import type { Plugin } from "vite";
import { firstModules } from "./first-modules.ts";
import type { ModuleParts } from "./module-parts.ts";

/** Each function of the entries' modules notes its path and name in the worker's `called` when it begins. */
export function countedCalls(root: string, entries: readonly string[]): Plugin {
  const modules = firstModules(root, entries, {});
  return {
    name: "counted-calls",
    enforce: "pre",
    transform: (code, id) => {
      const module = modules.get(id);
      return module && countedText(code, relative(root, id), module.parts);
    },
  };
}

function countedText(source: string, path: string, { functions }: ModuleParts): string {
  let done = source;
  for (const { name, body } of functions.toSorted((a, b) => b.body.start - a.body.start)) {
    const note = `(globalThis.called ??= new Set()).add(${JSON.stringify(`${path} ${name}`)})`;
    const isBlock = done[body.start] === "{";
    const text = done.slice(body.start, body.end);
    const noted = isBlock ? `{ ${note}; ${text.slice(1)}` : `(${note}, ${text})`;
    done = done.slice(0, body.start) + noted + done.slice(body.end);
  }
  return done;
}
