#!/usr/bin/env node
/** @file The limpid command. */
import { exitCodes, run } from "./run.ts";

const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may have seen enough.
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  process.stderr.write(`limpid: write: standard output must be writable, got ${error.code}.\n`);
  process.exit(exitCodes.failure);
});
process.exitCode = await run(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  signal: stop.signal,
  isWatched: process.stderr.isTTY,
});
