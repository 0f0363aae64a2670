/** @file A command line in this process: its signals, its pipes and its exit code. */
import { extname } from "node:path";
import { loadSparingly } from "../node/sparing-modules.ts";
import { standardOutput } from "../node/standard-output.ts";
import { exitCodes, run } from "./run.ts";
import type { CommandIo } from "./io.ts";

/** Where a process says what is no result. */
export type ProcessVoice = Pick<CommandIo, "err" | "isWatched" | "onModel" | "limits">;

/** Runs a command line; its exit code is the process's. Work that nobody reads is stopped, and what is done of it kept. */
export async function runProcess(argv: readonly string[], voice: ProcessVoice): Promise<void> {
  loadSparingly(new URL(`whole-program${extname(import.meta.url)}`, import.meta.url));
  const stop = new AbortController();
  process.on("SIGINT", () => stop.abort());
  const output = standardOutput((fault) => {
    stop.abort();
    // A reader such as `head` may have seen enough.
    if (fault === "EPIPE") return;
    voice.err(`limpid: write: standard output must be writable, got ${fault}.\n`);
    process.exitCode = exitCodes.failure;
  });
  const code = await run(argv, {
    ...voice,
    out: (text) => output.write(text),
    err: (text) => (output.fault === undefined ? voice.err(text) : undefined),
    signal: stop.signal,
  });
  const isSeen = output.fault === "EPIPE" && code === exitCodes.interrupted;
  process.exitCode ??= isSeen ? exitCodes.ok : code;
}
