/** @file Folders of results that one run at a time writes to, and that nothing leads out of. */
import { lstat, readFile, realpath, rename, rm, stat, utimes } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as v from "valibot";
import type { HeldFolder } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { codeOf, inFolder, removeFolders } from "./folders.ts";
import { writeError } from "./files.ts";
import { markText, putMark } from "./run-mark.ts";
import { isThere, thisRun } from "./runs.ts";
import { sweepResults, temporaryBeside } from "./temporary-files.ts";

/** Says, in a folder, which run writes there. */
const markName = ".limpid-running";

const longestMark = 200;

/** A run that goes on says so this often; one that has not for longer has ended, or sleeps. */
const beat = { everyMs: 10_000, longestMs: 60_000 } as const;

/** Folders that jobs of this process write to. */
const heldHere = new Set<string>();

/**
 * Takes a folder for a run, which is made if it is not there. Throws `bad-file` where another run that has not ended
 * holds it, and where nothing can be written.
 */
export async function holdFolder(folder: string): Promise<HeldFolder> {
  const { real, made } = await inFolder(folder, (made) => taken(folder, made)).catch(
    (cause: unknown) => {
      throw cause instanceof LimpidError ? cause : writeError(folder, cause);
    },
  );
  const mark = join(real, markName);
  const beating = setInterval(() => void touch(mark), beat.everyMs);
  beating.unref();
  return {
    requireInside: (path) => requireInside(real, folder, path),
    release: async () => {
      clearInterval(beating);
      heldHere.delete(real);
      await rm(mark, { force: true });
      if (made !== undefined) await removeFolders(folder, made);
    },
  };
}

/** Where the folder really lies, with this run's mark in it. */
async function taken(folder: string, made: string | undefined) {
  const real = await realpath(folder);
  if (heldHere.has(real)) throw inUse(folder, thisRun.pid);
  heldHere.add(real);
  try {
    await sweepResults(real);
    await setMark(folder, join(real, markName));
  } catch (cause) {
    heldHere.delete(real);
    throw cause;
  }
  return { real, made };
}

/** A mark that cannot be renewed does not keep others away, and is in nobody's way. */
async function touch(mark: string): Promise<void> {
  const now = new Date();
  await utimes(mark, now, now).catch(() => {});
}

/** A run whose guard was killed notices a moment later, and ends. */
const patience = { tries: 20, pauseMs: 100 } as const;

async function setMark(folder: string, mark: string): Promise<void> {
  let running: number | undefined;
  for (let tries = 0; tries < patience.tries; tries++) {
    if (await putMark(mark)) return;
    running = await runningIn(mark);
    if (running === undefined) await takeAway(mark);
    else await pause(patience.pauseMs);
  }
  throw inUse(folder, running);
}

/** The process of the run that holds a mark; undefined where that run has ended. Throws `bad-file` for what is no mark. */
async function runningIn(mark: string): Promise<number | undefined> {
  const info = await lstat(mark).catch(() => undefined);
  if (!info) return undefined;
  const text = info.isFile() && info.size <= longestMark ? await readFile(mark, "utf8") : "none";
  // A run that was killed before it had written leaves nothing.
  if (text === "") return undefined;
  const run = v.safeParse(markText, text);
  if (!run.success) {
    throw new LimpidError(
      "bad-file",
      `write: "${mark}" must be what a run puts there, got something else. remove it, or choose another folder.`,
    );
  }
  const { pid } = run.output;
  const isBeating = Math.abs(Date.now() - info.mtimeMs) < beat.longestMs;
  // A mark of this process's number that it does not hold is of one before it.
  const isOther = run.output.place !== thisRun.place || pid !== thisRun.pid;
  return isBeating && isOther && isThere(run.output) !== false ? pid : undefined;
}

/** Removes an ended run's mark; what another run put there meanwhile goes back. */
async function takeAway(mark: string): Promise<void> {
  const aside = temporaryBeside(mark);
  try {
    await rename(mark, aside);
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return;
    throw cause;
  }
  if ((await runningIn(aside)) === undefined) await rm(aside, { force: true });
  else await rename(aside, mark);
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
