/** @file Folders of results that one run at a time writes to, and that nothing leads out of. */
import { lstat, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { HeldFolder } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { codeOf, inFolder, removeFolders } from "./folders.ts";
import { writeError } from "./files.ts";
import { isMine, putMark, removeMark, renewMark, runOf, takeAside, textOf } from "./run-mark.ts";
import { isThere, thisRun } from "./runs.ts";
import { sweepResults } from "./temporary-files.ts";

/** Says, in a folder, which run writes there. */
const markName = ".limpid-running";

/** A run that goes on says so this often; one that has not for longer has ended, or sleeps. */
const beat = { everyMs: 10_000, longestMs: 60_000 } as const;

/** Folders that jobs of this process write to. */
const heldHere = new Set<string>();

/**
 * Takes a folder for a run, which is made if it is not there. Throws `bad-file` where another run that has not ended
 * holds it, and where nothing can be written.
 */
export async function holdFolder(folder: string): Promise<HeldFolder> {
  const held = await heldIn(folder, patience.tries);
  if ("by" in held) throw inUse(folder, held.by);
  return held;
}

/** As `holdFolder`, for who has other work where another run holds it: that gives undefined at once. */
export async function claimFolder(folder: string): Promise<HeldFolder | undefined> {
  const held = await heldIn(folder, 2);
  return "by" in held ? undefined : held;
}

/** The process that holds a folder; undefined where several begin at once. */
interface Holder {
  readonly by: number | undefined;
}

async function heldIn(folder: string, tries: number): Promise<HeldFolder | Holder> {
  const place = await inFolder(folder, (made) => taken(made, folder, tries)).catch(
    (cause: unknown) => {
      throw cause instanceof LimpidError ? cause : writeError(folder, cause);
    },
  );
  if ("by" in place) return place;
  const { real, made } = place;
  const mark = join(real, markName);
  const beating = setInterval(() => void renewMark(mark), beat.everyMs);
  beating.unref();
  return {
    requireInside: (path) => requireInside(real, folder, path),
    renew: () => renewMark(mark),
    release: async () => {
      clearInterval(beating);
      heldHere.delete(real);
      await removeMark(mark);
      if (made !== undefined) await removeFolders(folder, made);
    },
  };
}

/** Where the folder really lies, with this run's mark in it. */
async function taken(made: string | undefined, folder: string, tries: number) {
  const real = await realpath(folder);
  if (heldHere.has(real)) return { by: thisRun.pid };
  heldHere.add(real);
  let holder: Holder | undefined;
  try {
    await sweepResults(real);
    holder = await setMark(join(real, markName), tries);
  } catch (cause) {
    heldHere.delete(real);
    throw cause;
  }
  if (!holder) return { real, made };
  heldHere.delete(real);
  return holder;
}

/** A run whose guard was killed notices a moment later, and ends. */
const patience = { tries: 20, pauseMs: 100 } as const;

/** Who is there instead; undefined where the mark was set. */
async function setMark(mark: string, tries: number): Promise<Holder | undefined> {
  let running: number | undefined;
  for (let left = tries; left > 0; left--) {
    if (await putMark(mark)) return undefined;
    running = await runningIn(mark);
    if (running === undefined) await takeAside(mark, isStillEnded);
    else if (left > 1) await pause(patience.pauseMs);
  }
  return { by: running };
}

/** The process of the run that holds a mark; undefined where that run has ended. Throws `bad-file` for what is no mark. */
async function runningIn(mark: string): Promise<number | undefined> {
  const text = await textOf(mark);
  // A run that was killed before it had written leaves nothing.
  if (text === undefined || text === "") return undefined;
  const run = runOf(text);
  if (!run) {
    throw new LimpidError(
      "bad-file",
      `write: "${mark}" must be what a run puts there, got something else. remove it, or choose another folder.`,
    );
  }
  // A mark of this process's number that it does not hold is of one before it.
  const isRunning = (await isBeating(mark)) && !isMine(text) && isThere(run) !== false;
  return isRunning ? run.pid : undefined;
}

async function isBeating(mark: string): Promise<boolean> {
  const info = await lstat(mark).catch(() => undefined);
  return info !== undefined && Math.abs(Date.now() - info.mtimeMs) < beat.longestMs;
}

/** What is no mark goes back, and is refused at the next look. */
function isStillEnded(aside: string): Promise<boolean> {
  return runningIn(aside).then(
    (pid) => pid === undefined,
    () => false,
  );
}

function inUse(folder: string, pid: number | undefined): LimpidError {
  const who = pid === undefined ? "several that begin" : `process ${pid}, which has not ended`;
  return new LimpidError(
    "bad-file",
    `write: the folder "${folder}" must be written to by one run at a time, got ${who}. wait for it, or choose another folder.`,
  );
}

/** Throws `bad-file` where a path, or what it is to be, lies behind links outside of a folder. */
async function requireInside(real: string, folder: string, path: string): Promise<void> {
  const target = await placeOf(resolve(path)).catch((cause: unknown) => {
    throw writeError(path, cause);
  });
  if (target === real || target.startsWith(real.endsWith(sep) ? real : real + sep)) return;
  // What goes to /dev/null or a terminal lies nowhere.
  const info = await stat(target).catch(() => undefined);
  if (info?.isCharacterDevice()) return;
  throw new LimpidError(
    "bad-file",
    `write: "${path}" must lie in "${folder}", got a link out of it. remove it, or choose another folder.`,
  );
}

/** Where a path leads, behind links, also of what is not there yet. */
async function placeOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (cause) {
    if (codeOf(cause) !== "ENOENT" || path === dirname(path)) throw cause;
    return join(await placeOf(dirname(path)), basename(path));
  }
}
