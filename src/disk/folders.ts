/** @file Folders made step by step. */
import { mkdir, rmdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those that it lies in, one by one: Node's own recursive way never ends where the system says of
 * a folder that is there that it is not, as below /proc. Returns the outermost folder that was made, undefined if all
 * were there. Throws the system's error, and leaves nothing.
 */
export async function makeFolders(path: string): Promise<string | undefined> {
  const missing: string[] = [];
  let folder = resolve(path);
  while (!(await isThere(folder))) {
    missing.push(folder);
    folder = dirname(folder);
  }
  const outermost = missing.at(-1);
  for (const each of missing.toReversed()) {
    try {
      await makeFolder(each);
    } catch (cause) {
      if (each !== outermost) await removeFolders(dirname(each), outermost!);
      throw cause;
    }
  }
  return outermost;
}

/** Another run that ends may take a folder away, as often as this, before anything lies in it. */
const mostTries = 5;

/**
 * Does work in a folder, which is made if it is not there; `made` is the outermost that was. Throws the work's error, and
 * leaves no folder that was made for it.
 */
export async function inFolder<T>(
  path: string,
  work: (made: string | undefined) => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries++) {
    let made: string | undefined;
    try {
      made = await makeFolders(path);
      return await work(made);
    } catch (cause) {
      if (made !== undefined) await removeFolders(path, made);
      if (codeOf(cause) !== "ENOENT" || tries === mostTries) throw cause;
    }
  }
}

/** The root is always there. */
async function isThere(path: string): Promise<boolean> {
  if (path === dirname(path)) return true;
  try {
    const info = await stat(path);
    if (info.isDirectory()) return true;
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return false;
    throw cause;
  }
  throw Object.assign(new Error("a file in the place of a folder"), { code: "ENOTDIR" });
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (cause) {
    // Another writer may have made it meanwhile.
    if (codeOf(cause) !== "EEXIST" || !(await isThere(path))) throw cause;
  }
}

/** Removes folders from the innermost out to `last`, until one of them is in use by others. */
export async function removeFolders(innermost: string, last: string): Promise<void> {
  for (let folder = resolve(innermost); ; folder = dirname(folder)) {
    const isGone = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (!isGone || folder === resolve(last)) return;
  }
}

/** The system's name of an error, "" for other ones. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}
