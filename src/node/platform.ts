/** @file The seam's adapter for Node: disk, sharp, the catalog, ONNX Runtime. */
import { command, say } from "../wording/face.ts";
import { existsSync } from "node:fs";
import { readdir, rm, stat, realpath } from "node:fs/promises";
import { cpus } from "node:os";
import type {
  LocatedPath,
  LocateRequest,
  PathInfo,
  PictureFormat,
  Platform,
} from "../app/platform.ts";
import { linkedDocument } from "../drawing/linked-document.ts";
import { LimpidError } from "../errors.ts";
import type { PixelRange } from "../image/file-numbers.ts";
import type { DecodedPicture, Picture } from "../image/picture.ts";
import { catalog, isCatalogName } from "../fetch/catalog.ts";
import { catalogMetadata } from "../fetch/catalog-networks.ts";
import { mirrorOf } from "../fetch/copies.ts";
import { fetchBytes } from "../fetch/fetch-bytes.ts";
import { isShippedName } from "../fetch/shipped.ts";
import { placeOf } from "../fetch/locate.ts";
import { fileSource } from "../disk/file-source.ts";
import {
  readBytes,
  readError,
  readText,
  requireWritable,
  writeError,
  writeWhole,
} from "../disk/files.ts";
import { claimFolder, holdFolder } from "../disk/held-folder.ts";
import { machine } from "./machine.ts";
import { openRuntime } from "./runtimes.ts";
import { shipped } from "./shipped-files.ts";
import { versions } from "./versions.ts";

/** The machine that Node runs on. */
export const nodePlatform: Platform = {
  readBytes,
  source: fileSource,
  readText,
  writeWhole,
  requireWritable,
  remove,
  holdFolder,
  claimFolder,
  find,
  list,
  readPicture,
  encodePicture,
  typefaces: async () => (await import("./typefaces.ts")).loadTypefaces(),
  chartDocument: linkedDocument,
  versions,
  machine,
  nowMs: () => performance.now(),
  processors: Math.max(cpus().length, 1),
  locate,
  fetchBytes,
  mirror: () => mirrorOf(),
  shipped,
  openRuntime: (name) => openRuntime(name),
};

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause) {
    throw writeError(path, cause);
  }
}

async function find(path: string): Promise<PathInfo | undefined> {
  // Numbers of files are beyond what JavaScript's own hold.
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  if (!info) return undefined;
  const isFolder = info.isDirectory();
  return {
    kind: isFolder ? "folder" : "file",
    size: isFolder ? 0 : Number(info.size),
    modifiedMs: Number(info.mtimeNs) / 1e6,
    ...(info.isFile() ? { identity: await identityOf(path, info) } : {}),
  };
}

/** Some network disks of Windows number no files. */
async function identityOf(
  path: string,
  { dev, ino }: { readonly dev: bigint; readonly ino: bigint },
): Promise<string> {
  return ino === 0n ? realpath(path) : `${dev}:${ino}`;
}

async function list(path: string, recursive = false): Promise<readonly string[]> {
  try {
    return await readdir(path, { recursive });
  } catch (cause) {
    throw readError(path, cause);
  }
}

/** Only jobs with pictures pay for the codecs' and the font reader's start. */
async function readPicture(path: string, range?: PixelRange): Promise<DecodedPicture> {
  const codecs = await import("./codecs.ts");
  return codecs.readPicture(path, range);
}

async function encodePicture(
  frames: readonly Picture[],
  format: PictureFormat,
): Promise<Uint8Array> {
  const { encodeJpeg, encodePng, encodeWebp } = await import("./codecs.ts");
  if (format.kind === "webp") return encodeWebp(frames, { frameMs: format.frameMs });
  const [picture] = frames;
  return format.kind === "png" ? encodePng(picture!) : encodeJpeg(picture!, format.quality);
}

async function locate(asked: string, request: LocateRequest): Promise<LocatedPath> {
  const { only, ...options } = request;
  const own = only === "network" ? await shippedNetwork(asked, request) : undefined;
  if (own !== undefined) return { path: own, from: "program" };
  if (only === "network") requireNetwork(asked, request);
  const { path, from, model } = await placeOf(asked, options);
  return { path, from, ...(model ? { metadata: catalogMetadata(model) } : {}) };
}

/** The network that comes with the program by a name that neither a file nor a thing of the catalog has. */
async function shippedNetwork(
  asked: string,
  { asName = false }: LocateRequest,
): Promise<string | undefined> {
  if ((!asName && existsSync(asked)) || isCatalogName(asked)) return undefined;
  return isShippedName(asked) ? shipped(`networks/${asked}.onnx`) : undefined;
}

function requireNetwork(asked: string, { asName = false }: LocateRequest): void {
  if ((!asName && existsSync(asked)) || !isCatalogName(asked) || catalog[asked].kind === "model")
    return;
  throw new LimpidError(
    "bad-option",
    say`model: "${asked}" must be a file or the name of a network, got a data set. ${command("fetch")} lists the networks; ${command("train", asked)} makes one of it.`,
  );
}
