/** @file The files that a command line hands to the page: a network with all its parts, and pictures. */
import { openPictureFolder } from "../app/picture-folder.ts";
import type { LocatedPath, Platform } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { isGraphFile } from "../formats/index.ts";
import { baseName, joinPath } from "../wording/paths.ts";

/** A file on disk, and what the page knows it by. */
export interface HandedFile {
  readonly path: string;
  /** Within the folder of its network; of others the last part of the path. */
  readonly name: string;
  readonly role: "model" | "picture";
}

/** More than these are nobody's to look at one by one. */
const mostPictures = 1000;
const mostParts = 10_000;

type Finder = Pick<Platform, "find" | "list" | "source">;

/** Throws `bad-file` for a path at which nothing lies. */
export async function handedFiles(
  platform: Finder,
  model: LocatedPath | undefined,
  photos: readonly string[],
): Promise<readonly HandedFile[]> {
  const parts = model ? await partsOf(platform, model.path) : [];
  const pictures: HandedFile[] = [];
  for (const photo of photos) {
    const info = await platform.find(photo);
    if (!info) throw missing(photo);
    const paths = info.kind === "file" ? [photo] : (await openPictureFolder(platform, photo)).paths;
    for (const path of paths) pictures.push({ path, name: baseName(path), role: "picture" });
  }
  return [...parts, ...pictures.slice(0, mostPictures)];
}

/** A file and what lies beside it may be its parts; of a folder all files are. */
async function partsOf(platform: Finder, path: string): Promise<readonly HandedFile[]> {
  const info = await platform.find(path);
  if (!info) throw missing(path);
  if (info.kind === "file")
    return [{ path, name: baseName(path), role: "model" }, ...(await besides(platform, path))];
  const names = await platform.list(path, true);
  const found: HandedFile[] = [];
  for (const name of names.slice(0, mostParts)) {
    const file = joinPath(path, name);
    const isHidden = name.split(/[\\/]/).some((part) => part.startsWith("."));
    if (isHidden || (await platform.find(file))?.kind !== "file") continue;
    found.push({ path: file, name: `${baseName(path)}/${name}`, role: "model" });
  }
  return found;
}

/**
 * External data of ONNX and names of classes: files whose name begins as the network's, and what says its preparation. Other
 * models that are called alike are not meant.
 */
async function besides(platform: Finder, path: string): Promise<readonly HandedFile[]> {
  const own = baseName(path);
  const folder = path.slice(0, path.length - own.length);
  const names = await platform.list(folder === "" ? "." : folder);
  const stem = own.replace(/\.[^.]*$/, "");
  const isPart = (name: string) =>
    name !== own &&
    (name.startsWith(`${own}.`) ||
      name.startsWith(`${own}_`) ||
      name.startsWith(`${stem}.`) ||
      name.startsWith(`${stem}_`));
  const isWhole = await isGraphFile(await platform.source(path));
  const found: HandedFile[] = [];
  for (const name of names.filter(isPart)) {
    const file = joinPath(folder, name);
    if ((await platform.find(file))?.kind !== "file") continue;
    if (isWhole && (await isGraphFile(await platform.source(file)))) continue;
    found.push({ path: file, name, role: "model" });
  }
  return found;
}

function missing(path: string): LimpidError {
  return new LimpidError(
    "bad-file",
    `explore: "${path}" must be a file or folder, got nothing there. check the path.`,
  );
}
