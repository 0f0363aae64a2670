/** @file A model whose files a program has in hand, on a machine that may have others of the same names. */
import type { FolderSource } from "../../formats/folder-source.ts";
import type { ByteSource } from "../../formats/source.ts";
import { folderOf, joinPath } from "../../wording/paths.ts";
import { filesInHand, heldFile, pathOf, type HandedFile } from "../handed-file.ts";
import { heldFiles } from "../held-files.ts";
import { setSource } from "../model-source.ts";
import type { Platform } from "../platform.ts";
import type { DecodePicture } from "./handed-input.ts";

/** The machine as this network has it: its own files come before those of the same paths. */
export interface HandedModel {
  readonly platform: Platform;
  /** The model itself. */
  source(): Promise<ByteSource | FolderSource>;
}

/** A machine on which files lie that are handed in, such as a page's. */
export interface FilesPlace {
  readonly platform: Platform;
  readonly decode: DecodePicture;
  /** Whether all of its files were handed in, so that parts of a model may be among them. */
  readonly isOfHandedFiles: boolean;
}

/** Files in hand as a model. Throws as `filesInHand`. */
export function handedModel(
  given: HandedFile | Iterable<HandedFile>,
  { platform, decode, isOfHandedFiles }: FilesPlace,
): HandedModel {
  const files = filesInHand(given);
  const held = heldFiles(() => 0);
  for (const file of files) held.add(pathOf(file), heldFile(file));
  const own: Pick<Platform, "readBytes" | "readText" | "readPicture" | "source"> = {
    ...held,
    readPicture: async (path, range) => decode(await held.readBytes(path), path, range),
  };
  const holderOf = async (path: string) =>
    (await held.find(path))?.kind === "file" ? own : platform;
  const source = async (path: string) => {
    const found = await own.source(path);
    return isOfHandedFiles ? withParts(found, platform) : found;
  };
  return {
    platform: {
      ...platform,
      readBytes: async (path) => (await holderOf(path)).readBytes(path),
      readText: async (path) => (await holderOf(path)).readText(path),
      readPicture: async (path, range) => (await holderOf(path)).readPicture(path, range),
      source: async (path) => (await holderOf(path)).source(path),
    },
    source: () => setSource({ source }, files.map(pathOf)),
  };
}

/** Parts that were not handed in with the model are looked for where it would lie. */
function withParts(source: ByteSource, platform: Pick<Platform, "find" | "source">): ByteSource {
  const beside = async (location: string) => {
    const own = await source.beside(location);
    if (own) return own;
    const path = joinPath(folderOf(source.name), location);
    return (await platform.find(path))?.kind === "file" ? platform.source(path) : undefined;
  };
  return { ...source, beside };
}
