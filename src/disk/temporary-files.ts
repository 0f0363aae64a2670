/** @file Names under which files are written until they are whole, and what ended runs left under such names. */
import { lstat, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isThere, startMs, thisRun } from "./runs.ts";

let made = 0;

/** A name beside `path` that no other writer takes, in this process or another. */
export function temporaryBeside(path: string): string {
  made += 1;
  const { pid, place } = thisRun;
  return join(dirname(path), `.limpid-${pid}-${made}-${place}.part`);
}

/** The process, and where its number counts; earlier versions did not say. */
const temporaryName = /^\.limpid-(\d{1,10})-\d+(?:-([0-9a-f]{8}))?\.part$/;

/** A file of a run that cannot be seen from here has been left if nobody has written to it for so long. */
const longestWriteMs = 24 * 3600_000;

/** Disks that keep times to seconds alone say that a file is older than it is. */
const coarsestClockMs = 3000;

const swept = new Set<string>();

/** Removes, once a folder, what runs that have ended were writing there. Files of runs that go on, and all others, stay. */
export async function sweepFolder(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  // Leftovers of others are in nobody's way: where they cannot be listed or removed they stay.
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, pid, place] = temporaryName.exec(name) ?? [];
    if (pid === undefined) continue;
    const path = join(folder, name);
    if (await isLeft(path, Number(pid), place)) await rm(path, { force: true }).catch(() => {});
  }
}

/** Folders of results hold folders of their own at most this deep, and hardly ever more of them. */
const most = { depth: 2, folders: 1000 } as const;

/** As `sweepFolder`, of a folder of results and those in it. */
export async function sweepResults(folder: string): Promise<void> {
  let level = [folder];
  for (let [depth, left] = [0, most.folders as number]; depth <= most.depth; depth++) {
    const inner: string[] = [];
    for (const each of level.slice(0, left)) {
      await sweepFolder(each);
      for (const found of await foldersIn(each)) inner.push(found);
    }
    left -= level.length;
    if (left <= 0) return;
    level = inner;
  }
}

/** Links are not followed. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

async function isLeft(path: string, pid: number, place: string | undefined): Promise<boolean> {
  const info = await lstat(path).catch(() => undefined);
  if (!info?.isFile()) return false;
  const isRunning = isThere({ pid, place });
  if (isRunning === undefined) return Date.now() - info.mtimeMs > longestWriteMs;
  // Containers give each of their runs the same number.
  if (isRunning && pid === process.pid) return info.mtimeMs < startMs - coarsestClockMs;
  return !isRunning;
}
