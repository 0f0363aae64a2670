/** @file Which runs are still going on: what one has left in a folder is told from what another still writes. */
import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { codeOf } from "./folders.ts";

/** A process, and where its number counts. */
export interface Run {
  readonly pid: number;
  /** Of a machine, or of one of its containers; undefined where nobody said. */
  readonly place?: string | undefined;
}

/** Where numbers of processes are those of this one: eight letters of a digest. */
const here = createHash("sha256").update(`${hostname()} ${pidSpace()}`).digest("hex").slice(0, 8);

export const thisRun = { pid: process.pid, place: here } as const satisfies Run;

/** Containers of one machine, and of one name, count processes on their own. */
function pidSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    // Only Linux has them.
    return "";
  }
}

/** When this process began, by the clock of the machine. */
export const startMs = performance.timeOrigin;

/** Whether a process has ended, and only waits for its parent to notice. */
function isDefunct(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    // Only Linux tells.
    return false;
  }
}

/** Whether a process with the run's number is there; undefined where that cannot be seen from here. */
export function isThere({ pid, place = here }: Run): boolean | undefined {
  if (place !== here) return undefined;
  try {
    process.kill(pid, 0);
    return !isDefunct(pid);
  } catch (cause) {
    return codeOf(cause) === "EPERM";
  }
}
