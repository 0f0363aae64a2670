/** @file What can befall the page itself, which is no matter of a network or a picture: each has words of the page's own. */
import type { CallError, Death } from "./client.ts";

/** A key of the page's texts for each. */
export type Trouble =
  "restarted" | "lostCard" | "noMemory" | "notStarted" | "missingCode" | "noWasm" | "gaveUp";

const byCode: Readonly<Record<string, Trouble>> = {
  memory: "noMemory",
  broken: "restarted",
  wasm: "noWasm",
  "not-started": "notStarted",
};

export const byDeath: Readonly<Record<Death, Trouble>> = {
  died: "restarted",
  card: "lostCard",
  memory: "noMemory",
};

/** Undefined where the error says by itself what is wrong. */
export function troubleOf({ code }: CallError): Trouble | undefined {
  return byCode[code];
}
