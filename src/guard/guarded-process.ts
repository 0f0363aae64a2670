/** @file What a guarded process does at its start: it sets a watch on itself. */
import type { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Limits } from "../wording/limits.ts";
import type { GuardMessage } from "./channel.ts";

/** The guard of a process. */
export interface WatchedBy {
  /** Through which it is told. */
  readonly pipe: number;
  /** Its number: it may be gone before a watch can ask for it. */
  readonly guard: number;
}

/**
 * Sets a thread, which talks to the guard through a pipe and which native code cannot hold up, to end this process when it goes beyond its limits, or its guard is gone.
 * Without a thread, as where the system allows no more, the process goes on unwatched.
 */
export function setWatch(limits: Limits, { pipe, guard }: WatchedBy): void {
  const code = `(${watch.toString()})(require("node:worker_threads").workerData, require("node:fs").writeSync)`;
  const worker = new Worker(code, {
    eval: true,
    workerData: { ...limits, pipe, guard },
  });
  worker.on("error", () => undefined);
  worker.unref();
}

/** Runs in the thread, to which it is handed as text: it stands on nothing outside itself. */
function watch(
  { memoryBytes, timeSeconds, pipe, guard }: Limits & WatchedBy,
  write: typeof writeSync,
): void {
  setInterval(() => {
    const bytes = process.memoryUsage.rss();
    const seconds = process.uptime();
    let message: GuardMessage | undefined;
    if (bytes > memoryBytes) {
      message = { kind: "limit", limit: "memory", is: memoryBytes, got: bytes };
    } else if (seconds > timeSeconds) {
      message = { kind: "limit", limit: "time", is: timeSeconds, got: seconds };
    }
    let isAlone = process.ppid !== guard;
    try {
      // An orphan gets another parent, but on Windows it keeps the number of one that is no more.
      process.kill(guard, 0);
      // What the other thread is in the middle of is cut off by the first break.
      if (message) write(pipe, `\n${JSON.stringify(message)}\n`);
    } catch {
      isAlone = true;
    }
    if (message || isAlone) process.kill(process.pid, "SIGKILL");
  }, 100);
}
