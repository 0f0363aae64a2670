/** @file A small file that says which run is at work in a place: put there, read, renewed, and taken away. */
import {
  constants,
  copyFile,
  link,
  lstat,
  open,
  readFile,
  rename,
  rm,
  utimes,
  writeFile,
} from "node:fs/promises";
import * as v from "valibot";
import { codeOf } from "./folders.ts";
import { thisRun, type Run } from "./runs.ts";
import { temporaryBeside } from "./temporary-files.ts";

/** What a mark holds. */
const markText = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({ pid: v.pipe(v.number(), v.safeInteger()), place: v.string() }),
);

/** In bytes. */
const longestMark = 200;

/** Stands for the text of what no run has put there, or what cannot be read. */
const noText = "no text of a mark";

/** What stands in a mark, "" where a run was killed before it had written; undefined where there is none. */
export async function textOf(mark: string): Promise<string | undefined> {
  try {
    const info = await lstat(mark);
    return info.isFile() && info.size <= longestMark ? await readFile(mark, "utf8") : noText;
  } catch (cause) {
    return codeOf(cause) === "ENOENT" ? undefined : noText;
  }
}

/** The run that a mark's text is of; undefined for other text. */
export function runOf(text: string): Run | undefined {
  const run = v.safeParse(markText, text);
  return run.success ? run.output : undefined;
}

/** Whether a mark's text is of a run with this one's number, in its place. */
export function isMine(text: string): boolean {
  const run = runOf(text);
  return run?.pid === thisRun.pid && run.place === thisRun.place;
}

/** Puts this run's mark there whole, or returns false where there is one. Throws the system's error. */
export async function putMark(mark: string): Promise<boolean> {
  const temporary = temporaryBeside(mark);
  const text = JSON.stringify(thisRun);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    return await linkAs(temporary, mark, () => putInSteps(mark, text));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Gives a file a second name, some disks by other means, or returns false where that is taken. Throws the system's error. */
async function linkAs(
  file: string,
  name: string,
  withoutLinks: () => Promise<void>,
): Promise<boolean> {
  try {
    await link(file, name).catch((cause: unknown) => {
      if (["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(cause)))
        return withoutLinks();
      throw cause;
    });
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw cause;
  }
}

async function putInSteps(mark: string, text: string): Promise<void> {
  const file = await open(mark, "wx");
  await file.writeFile(text);
  await file.close();
}

/** Says that this run goes on, or returns false where the mark is not its own: another took its place while it slept. */
export async function renewMark(mark: string): Promise<boolean> {
  if (!isMine((await textOf(mark)) ?? "")) return false;
  const now = new Date();
  // A mark that cannot be renewed does not keep others away, and is in nobody's way.
  await utimes(mark, now, now).catch(() => undefined);
  return true;
}

/** Removes this run's mark; another's stays. Throws the system's error. */
export async function removeMark(mark: string): Promise<void> {
  if (isMine((await textOf(mark)) ?? "")) await rm(mark, { force: true });
}

/**
 * Removes an ended run's mark. Two may find the same run ended: `isStillEnded` is asked again of what was there, by the
 * name that it has meanwhile, and what another had put there goes back, unless a third has taken the place. Throws the
 * system's error.
 */
export async function takeAside(
  mark: string,
  isStillEnded: (aside: string) => Promise<boolean>,
): Promise<void> {
  const aside = temporaryBeside(mark);
  try {
    await rename(mark, aside);
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return;
    throw cause;
  }
  if (!(await isStillEnded(aside))) {
    await linkAs(aside, mark, () => copyFile(aside, mark, constants.COPYFILE_EXCL));
  }
  await rm(aside, { recursive: true, force: true });
}
