/** @file Where the bytes of a model come from: a file, a folder, an address of the web. */
import { LimpidError } from "../errors.ts";
import { folderSource, type FolderSource, type OpenFile } from "../formats/folder-source.ts";
import { formats } from "../formats/index.ts";
import { memorySource, requireInside, type ByteSource } from "../formats/source.ts";
import { option, say } from "../wording/face.ts";
import { baseName, joinPath } from "../wording/paths.ts";
import { withDownloads, type JobContext } from "./context.ts";
import type { LocateRequest, Platform } from "./platform.ts";

type Finder = Pick<Platform, "find" | "list" | "source">;

/** The file or folder of a path. Throws `bad-file` as the platform does, and for folders that are no model's. */
export async function modelSource(
  platform: Finder,
  path: string,
): Promise<ByteSource | FolderSource> {
  const info = await platform.find(path);
  if (info?.kind !== "folder") return platform.source(path);
  const files = new Map<string, OpenFile>();
  await collect(platform, path, "", files);
  return folderSource(path, files);
}

const mostFiles = 10_000;
const mostDepth = 8;

/** Hidden files and folders are passed over, as programs keep their own things there. */
async function collect(
  platform: Finder,
  root: string,
  folder: string,
  files: Map<string, OpenFile>,
): Promise<void> {
  for (const name of await platform.list(joinPath(root, folder))) {
    if (name.startsWith(".")) continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    const whole = joinPath(root, path);
    const info = await platform.find(whole);
    // Pipes and devices, which are no plain file, would be waited for.
    if (info?.identity !== undefined) files.set(path, () => platform.source(whole));
    if (info?.kind === "folder" && path.split("/").length < mostDepth) {
      await collect(platform, root, path, files);
    }
    if (files.size <= mostFiles) continue;
    throw new LimpidError(
      "bad-file",
      `open: a folder must hold one model, got more than ${mostFiles} files in "${root}". name the model's own.`,
    );
  }
}

/** One file, or several that are a model's folder. Throws as the platform's `source`. */
export async function setSource(
  platform: Pick<Platform, "source">,
  paths: readonly string[],
): Promise<ByteSource | FolderSource> {
  if (paths.length === 1) return platform.source(paths[0]!);
  const files = paths.map((path) => [path, () => platform.source(path)] as const);
  return folderSource(nameOf(paths), new Map(files));
}

/** Their folder's name, or that of the file that looks most like a model. */
function nameOf(paths: readonly string[]): string {
  const [first = "no file"] = paths;
  const top = first.slice(0, first.indexOf("/") + 1);
  if (top !== "" && paths.every((path) => path.startsWith(top))) return top.slice(0, -1);
  const looks = (path: string) =>
    formats.some(({ file }) => file?.matches(new Uint8Array(), path) === true);
  return paths.find(looks) ?? first;
}

/** Whether a model is asked for by an address of the web. */
export function isAddress(asked: string): boolean {
  return /^https?:\/\//i.test(asked);
}

/** What lies in the folder of an address whose file is not named: TensorFlow.js and Teachable Machine put it there. */
const usualName = "model.json";

/**
 * The model at an address, in memory; its parts are fetched when they are asked for, from below the address' folder.
 * Throws `bad-file` for what cannot be had, and without the network.
 */
export async function addressSource(asked: string, context: JobContext): Promise<ByteSource> {
  if (context.offline) {
    throw new LimpidError(
      "bad-file",
      say`fetch: "${asked}" must be had over the network, got ${option("offline")}. give a file on disk.`,
    );
  }
  for (const address of candidatesOf(asked)) {
    const found = await sourceAt(address, context);
    if (found) return found;
  }
  throw new LimpidError(
    "bad-file",
    `fetch: "${asked}" must be there, got the server's answer that it is not. check the address.`,
  );
}

function candidatesOf(asked: string): readonly string[] {
  const [, place = asked, query = ""] = /^([^?#]*)(.*)$/s.exec(asked) ?? [];
  const file = baseName(place);
  if (place.endsWith("/")) return [`${place}${usualName}${query}`];
  return file.includes(".") ? [asked] : [`${place}/${usualName}${query}`, asked];
}

async function sourceAt(address: string, context: JobContext): Promise<ByteSource | undefined> {
  const bytes = await withDownloads(context, (request: LocateRequest) =>
    context.platform.fetchBytes(address, request),
  );
  if (!bytes) return undefined;
  const place = address.replace(/[?#].*$/s, "");
  const beside = async (location: string) => sourceAt(partAddress(place, location), context);
  return memorySource(place, bytes, beside);
}

/** The address of a part, below the folder of the model's own. */
function partAddress(place: string, location: string): string {
  // Half letters cannot be written in an address.
  const plain = decoded(location).replaceAll(/\p{Surrogate}/gu, "\ufffd");
  requireInside(plain);
  const path = joinPath(plain.replaceAll("\\", "/"));
  const folder = place.slice(0, place.lastIndexOf("/") + 1);
  return folder + path.split("/").map(encodeURIComponent).join("/");
}

/** Names in manifests may be written as addresses have them. */
function decoded(location: string): string {
  try {
    return decodeURIComponent(location);
  } catch {
    return location;
  }
}
