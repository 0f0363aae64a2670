/** @file Where an import leads. */
import { dirname, resolve } from "node:path";

/** The whole path of a module that another imports; names of packages stay. */
export function placeBehind(module: string, from: string): string {
  return from.startsWith(".") ? resolve(dirname(module), from) : from;
}
