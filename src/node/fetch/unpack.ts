/** @file Zip archives of data sets, unpacked whole or not at all. */
import { rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { LimpidError } from "../../errors.ts";
import { readBytes, writeError } from "../files.ts";
import { makeFolders } from "../folders.ts";
import type { DataItem } from "./catalog.ts";

/** A name whose parts cannot lead out of a folder. */
const plainName = /^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*$/;

/**
 * Unpacks the pictures of an archive to `folder`. Throws `bad-file`, and throws the archive away, if it is
 * broken or holds another number of files.
 */
export async function unpack(
  path: string,
  folder: string,
  { prefix, count }: NonNullable<DataItem["archive"]>,
): Promise<void> {
  const wanted = (name: string) =>
    name.startsWith(prefix) && /\.jpe?g$/i.test(name) && plainName.test(name.slice(prefix.length));
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(await readBytes(path), { filter: ({ name }) => wanted(name) });
  } catch (cause) {
    throw await broken(path, `a broken one (${cause instanceof Error ? cause.message : "?"})`);
  }
  const entries = Object.entries(files);
  if (entries.length !== count)
    throw await broken(path, `one with ${entries.length} pictures`, count);
  const temporary = `${folder}.part`;
  await rm(temporary, { recursive: true, force: true });
  try {
    for (const [name, bytes] of entries) {
      const target = join(temporary, ...name.slice(prefix.length).split("/"));
      // oxlint-disable-next-line no-await-in-loop -- thousands of files at once exceed what may be open
      await makeFolders(dirname(target));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await writeFile(target, bytes);
    }
    await rename(temporary, folder);
  } catch (cause) {
    await rm(temporary, { recursive: true, force: true });
    throw writeError(folder, cause);
  }
}

async function broken(path: string, got: string, count?: number): Promise<LimpidError> {
  await rm(path, { force: true });
  const wanted = count === undefined ? "a whole zip archive" : `a zip archive of ${count} pictures`;
  return new LimpidError(
    "bad-file",
    `fetch: "${path}" must be ${wanted}, got ${got}. it was thrown away; fetch it again.`,
  );
}
