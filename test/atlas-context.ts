/** @file What an atlas is made with inside a test's own process. */
import { fileURLToPath } from "node:url";
import type { JobContext } from "../src/app/context.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { commandWords, wordsOf } from "../src/wording/face.ts";

const platform = {
  ...nodePlatform,
  // The page is built apart; here it is whatever file.
  shipped: (name: string) =>
    name.startsWith("atlas/")
      ? Promise.resolve(fileURLToPath(import.meta.url))
      : nodePlatform.shipped(name),
};

/** A context that keeps the notes that it is told. */
export function contextOf(
  signal: { aborted: boolean } = { aborted: false },
): JobContext & { readonly notes: string[] } {
  const notes: string[] = [];
  return {
    notes,
    platform: jobPlatform(platform),
    signal,
    offline: true,
    words: commandWords,
    onNote: (note) => notes.push(wordsOf(note, commandWords)),
  };
}
