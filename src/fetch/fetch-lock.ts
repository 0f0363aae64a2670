/** @file One fetch of a thing at a time, whatever processes ask for it: a lock file that outlives no owner. */
import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";
import { writeError } from "../disk/files.ts";
import { makeFolders } from "../disk/folders.ts";
import { putMark, removeMark, renewMark, runOf, takeAside, textOf } from "../disk/run-mark.ts";
import { isThere } from "../disk/runs.ts";
import { sweepFolder } from "../disk/temporary-files.ts";

export interface LockOptions {
  readonly signal?: StopSignal;
  /** Called once if another process is at it, with the number that it has. */
  readonly onWait?: (owner: string) => void;
  /** An owner that gave no sign for so long is gone; 15 seconds by default. */
  readonly deadMs?: number;
}

/** Owners touch their lock so often. */
const beatMs = 1000;

/** Those who wait look at it so often. */
const lookMs = 100;

/**
 * Does the work while nobody else does work under the same lock. An owner on this machine that no longer runs is
 * passed over at once, any other when its lock did not change for `deadMs` by the clock of the one who waits, which
 * only goes forward. The work's signal fires also if the lock was lost, as after a long sleep. Throws `bad-file` if no
 * lock can be written, `aborted` when the signal fires.
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: (signal: StopSignal) => Promise<T>,
): Promise<T> {
  await take(path, options);
  const held = { aborted: false };
  const beat = setInterval(
    () => void renewMark(path).then((isOurs) => (held.aborted ||= !isOurs)),
    beatMs,
  );
  try {
    return await work({
      get aborted() {
        return held.aborted || options.signal?.aborted === true;
      },
    });
  } catch (cause) {
    throw held.aborted && options.signal?.aborted !== true ? lost(path) : cause;
  } finally {
    clearInterval(beat);
    await removeMark(path);
  }
}

async function take(path: string, options: LockOptions): Promise<void> {
  const { signal, onWait, deadMs = 15_000 } = options;
  await sweepFolder(dirname(path));
  let last = "";
  let lastMs = 0;
  let isTold = false;
  while (!(await isTaken(path))) {
    throwIfAborted(signal, "fetch");
    const owner = await textOf(path);
    if (owner === undefined) continue;
    const run = runOf(owner);
    // Locks of other machines and containers tell nothing of their owners.
    const isGone = run !== undefined && isThere(run) === false;
    const sign = `${owner} ${await timeOf(path)}`;
    if (sign !== last) [last, lastMs] = [sign, performance.now()];
    if (isGone || performance.now() - lastMs > deadMs) {
      await clear(path, owner);
      continue;
    }
    if (!isTold) onWait?.(String(run?.pid ?? "?"));
    isTold = true;
    await pause(lookMs);
  }
}

async function isTaken(path: string): Promise<boolean> {
  try {
    await makeFolders(dirname(path));
    return await putMark(path);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

async function timeOf(path: string): Promise<string> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return String(info?.mtimeNs);
}

async function clear(path: string, owner: string): Promise<void> {
  try {
    await takeAside(path, async (aside) => (await textOf(aside)) === owner);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

function lost(path: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `fetch: "${path}" must stay this command's, got taken over by another one while this one slept. run it again.`,
  );
}
