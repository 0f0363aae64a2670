/** @file A small file that says which run is at work in a place. */
import { link, open, rm, writeFile } from "node:fs/promises";
import * as v from "valibot";
import { codeOf } from "./folders.ts";
import { thisRun } from "./runs.ts";
import { temporaryBeside } from "./temporary-files.ts";

/** What a mark holds. */
export const markText = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({ pid: v.pipe(v.number(), v.safeInteger()), place: v.string() }),
);

/** Puts this run's mark there whole, or returns false where there is one. Throws the system's error. */
export async function putMark(mark: string): Promise<boolean> {
  const temporary = temporaryBeside(mark);
  const text = JSON.stringify(thisRun);
  try {
    await writeFile(temporary, text, { flag: "wx" });
    await link(temporary, mark);
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    // Some disks have no links: there the mark is made in two steps.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(cause))) throw cause;
    return putInSteps(mark, text);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function putInSteps(mark: string, text: string): Promise<boolean> {
  try {
    const file = await open(mark, "wx");
    await file.writeFile(text);
    await file.close();
    return true;
  } catch (cause) {
    if (codeOf(cause) === "EEXIST") return false;
    throw cause;
  }
}
