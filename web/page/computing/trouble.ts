/** @file What can befall the page itself, which is no matter of a network or a picture: each has words of the page's own. */
import type { CallError, Death } from "./client.ts";
import type { Lacking } from "./lacking.ts";

/** Each kind is a key of the page's texts. */
export type Trouble =
  | {
      readonly kind: "restarted" | "lostCard" | "noMemory" | "notStarted" | "noWasm" | "gaveUp";
    }
  | { readonly kind: "missingCode"; readonly lacking: Lacking };

const byCode: Readonly<Record<string, Trouble>> = {
  memory: { kind: "noMemory" },
  broken: { kind: "restarted" },
  wasm: { kind: "noWasm" },
  "not-started": { kind: "notStarted" },
};

export const byDeath: Readonly<Record<Death, Trouble>> = {
  died: { kind: "restarted" },
  card: { kind: "lostCard" },
  memory: { kind: "noMemory" },
};

/** Undefined where the error says by itself what is wrong. */
export function troubleOf({ code }: CallError): Trouble | undefined {
  return byCode[code];
}
