/** @file Modules of a user's own, which add to what the program knows. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { LimpidError } from "../errors.ts";

const loaded = new Set<string>();

/**
 * Loads a module, once. It exports a function `addTo` that is given the library, so that it adds to this copy of it.
 * Throws `bad-file` for a module that cannot be loaded.
 */
export async function addModule(path: string, library: object): Promise<void> {
  const url = pathToFileURL(resolve(path)).href;
  if (loaded.has(url)) return;
  try {
    const { addTo } = (await import(url)) as { readonly addTo?: unknown };
    if (typeof addTo !== "function") {
      throw new LimpidError(
        "bad-file",
        `with: module "${path}" must export a function addTo, got ${typeof addTo}. write: export function addTo(limpid) { limpid.registerMethod(...); }.`,
      );
    }
    await addTo(library);
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new LimpidError(
      "bad-file",
      `with: module "${path}" must load, got an error: ${why}. mend the module.`,
      { cause },
    );
  }
  loaded.add(url);
}
