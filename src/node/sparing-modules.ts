/** @file Modules loaded one file after the other, where few may be open: `import` opens all that a module names at once. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** With as many open files `import` has never failed. */
const enoughFiles = 1024;

/** Loads a module, and what it imports, where the system lets the process open few files. */
export function loadSparingly(module: URL): void {
  if (mostOpenFiles() < enoughFiles) createRequire(import.meta.url)(fileURLToPath(module));
}

/** Only Linux tells. */
function mostOpenFiles(): number {
  try {
    const [, soft = ""] =
      /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === "" ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
