/** @file What went wrong in the worker, as the page is told: in words, and whether the worker can go on. */
import { LimpidError } from "../../src/errors.ts";

/** An error with those that caused it, the outermost first. */
function causesOf(error: unknown): readonly unknown[] {
  const found: unknown[] = [];
  for (let each = error; each !== undefined && found.length < 10;) {
    found.push(each);
    each = each instanceof Error ? each.cause : undefined;
  }
  return found;
}

/** Whether ONNX Runtime itself fell, after which nothing can be asked of it; a thrown number is a C++ exception of its. */
export function isBroken(error: unknown): boolean {
  return causesOf(error).some(
    (cause) =>
      typeof cause === "number" || (hasWasm() && cause instanceof WebAssembly.RuntimeError),
  );
}

const noMemory = /bad_alloc|array buffer allocation|out of memory|invalid (typed )?array length/i;

/** Whether the tab has no memory left for what was asked. */
export function isOutOfMemory(error: unknown): boolean {
  return causesOf(error).some(
    (cause) => cause instanceof Error && !isOurs(cause) && noMemory.test(cause.message),
  );
}

/** Words of our own say what is refused before it is tried. */
function isOurs(cause: Error): boolean {
  return cause instanceof LimpidError && cause.cause === undefined;
}

/** A file that comes with the page could not be fetched. */
export class MissingFile extends Error {
  override readonly name = "MissingFile";
}

/** What comes with the page. Throws `MissingFile` where it does not come. */
export async function ofPage<T>(fetched: Promise<T>): Promise<T> {
  try {
    return await fetched;
  } catch (cause) {
    throw new MissingFile("page: a file of its own must come, got none.", { cause });
  }
}

const missingCode =
  /dynamically imported module|importing a module script|module script|unable to preload css/i;

/** Whether a part of the page itself could not be loaded: its code, or a file that comes with it. */
export function isMissingCode(error: unknown): boolean {
  return causesOf(error).some(
    (cause) =>
      cause instanceof MissingFile || (cause instanceof Error && missingCode.test(cause.message)),
  );
}

/** Whether WebAssembly may not run here: it is switched off, or a policy forbids to compile it. */
export function isWithoutWasm(error: unknown): boolean {
  if (!hasWasm()) return true;
  return causesOf(error).some(
    (cause) =>
      cause instanceof WebAssembly.CompileError ||
      (cause instanceof Error &&
        /no available backend|disallowed by embedder/i.test(cause.message)),
  );
}

function hasWasm(): boolean {
  return "WebAssembly" in globalThis;
}
