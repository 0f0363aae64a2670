/** @file A command line in this process: its signals, its pipes and its exit code. */
import { exitCodes, run } from "./run.ts";
import type { CommandIo } from "./io.ts";

/** Where a process says what is no result. */
export type ProcessVoice = Pick<CommandIo, "err" | "isWatched" | "onModel" | "limits">;

/** Runs a command line; its exit code is the process's. */
export async function runProcess(argv: readonly string[], voice: ProcessVoice): Promise<void> {
  const stop = new AbortController();
  process.on("SIGINT", () => stop.abort());
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // A reader such as `head` may have seen enough.
    if (error.code === "EPIPE") process.exit(exitCodes.ok);
    voice.err(`limpid: write: standard output must be writable, got ${error.code}.\n`);
    process.exit(exitCodes.failure);
  });
  process.exitCode = await run(argv, {
    ...voice,
    out: (text) => process.stdout.write(text),
    signal: stop.signal,
  });
}
