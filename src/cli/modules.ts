/** @file `--with MODULE`: a user's own modules, which add to what the commands know. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LimpidError } from "../errors.ts";

const loaded = new Set<string>();

/**
 * Loads the modules that a command line names, each once. A module exports a function `addTo` that is given the
 * library (`registerMethod`, `registerObjective` and all the rest), so that it adds to this copy of it. Throws `bad-file` for a module that
 * cannot be loaded.
 */
export async function loadModules(argv: readonly string[]): Promise<void> {
  for (const path of modulesOf(argv)) {
    const url = pathToFileURL(resolve(path)).href;
    if (loaded.has(url)) continue;
    await load(path, url);
    loaded.add(url);
  }
}

function modulesOf(argv: readonly string[]): readonly string[] {
  return argv.flatMap((word, i) => {
    if (word.startsWith("--with=")) return [word.slice("--with=".length)];
    const next = argv[i + 1];
    return word === "--with" && next !== undefined ? [next] : [];
  });
}

async function load(path: string, url: string): Promise<void> {
  const limpid = await import("../index.ts");
  try {
    const { addTo } = (await import(url)) as { readonly addTo?: unknown };
    if (typeof addTo !== "function") {
      throw new LimpidError(
        "bad-file",
        `with: module "${path}" must export a function addTo, got ${typeof addTo}. write: export function addTo(limpid) { limpid.registerMethod(...); }.`,
      );
    }
    await addTo(limpid);
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LimpidError(
      "bad-file",
      `with: module "${path}" must load, got an error: ${why}. mend the module.`,
      { cause },
    );
  }
}
