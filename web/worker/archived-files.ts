/** @file What an archive is by its files: weights, a network, or pictures with what is told of them, which are unpacked. */
import { isFailure } from "../../src/errors.ts";
import { heldFile } from "../../src/app/handed-file.ts";
import { isPicture } from "../../src/app/pictures.ts";
import { isLabelFile } from "../../src/formats/label-files.ts";
import type { ByteSource } from "../../src/formats/source.ts";
import { zipFiles } from "../../src/formats/zip-folder.ts";
import { baseName } from "../../src/wording/paths.ts";
import type { PathedFile } from "../files-protocol.ts";
import { isTable } from "../judge-protocol.ts";

/** Pictures of an archive are unpacked into memory. */
const mostPictures = 200;

/** So many tables and lists are unpacked. */
const mostTexts = 20;

/** Pictures in an archive, and tables and lists that lie with them. */
export interface ArchivedPictures {
  readonly pictures: readonly PathedFile[];
  readonly texts: readonly PathedFile[];
  /** How many pictures were left packed. */
  readonly packed: number;
  /** Paths of files that say nothing. */
  readonly others: readonly string[];
}

/** Files of systems, which nobody means. */
export function isOfSystem(path: string): boolean {
  return /(^|\/)(\.[^/]*|__MACOSX\/.*|thumbs\.db|desktop\.ini)$/i.test(path);
}

/** Whether a file is a text or a document beside others, by its name. */
function isText(name: string): boolean {
  return /\.(txt|md|rst|pdf|html?|log|csv|tsv|xlsx?|docx?)$/i.test(name);
}

/** Unpacked where it holds pictures and nothing but texts beside them. */
export async function archivedFiles(
  archive: PathedFile,
): Promise<"parts" | "weights" | ArchivedPictures> {
  const source: ByteSource = {
    ...heldFile(archive),
    name: archive.name,
    beside: async () => undefined,
  };
  try {
    const found = await zipFiles(source);
    const names = [...found.keys()].filter((name) => !isOfSystem(name));
    if (names.some((name) => /(^|\/)data\.pkl$/.test(name))) {
      const isProgram = names.some((name) =>
        /(^|\/)(archive_format$|serialized_exported_program\.json$|code\/)/.test(name),
      );
      return isProgram ? "parts" : "weights";
    }
    const pictures = names.filter((name) => isPicture(baseName(name)) || /\.npy$/i.test(name));
    const rest = names.filter((name) => !pictures.includes(name));
    if (pictures.length === 0 || !rest.every(isText)) return "parts";
    const texts = rest.filter((name) => isTable(name) || isLabelFile(name)).slice(0, mostTexts);
    const root = archive.name.replace(/\.zip$/i, "");
    const unpacked = (each: readonly string[]) => unpackedFiles(found, each, root);
    return {
      pictures: await unpacked(pictures.slice(0, mostPictures)),
      texts: await unpacked(texts),
      packed: Math.max(0, pictures.length - mostPictures),
      others: rest.filter((name) => !texts.includes(name)).map((name) => `${root}/${name}`),
    };
  } catch (error) {
    // What is wrong with it is said where it is opened.
    if (!isFailure(error)) throw error;
    return "parts";
  }
}

async function unpackedFiles(
  found: Awaited<ReturnType<typeof zipFiles>>,
  names: readonly string[],
  root: string,
): Promise<readonly PathedFile[]> {
  const files: PathedFile[] = [];
  for (const name of names) {
    const member = await found.get(name)!();
    const bytes = new Uint8Array(await member.read(0, member.size));
    files.push({ name: `${root}/${name}`, data: new File([bytes], baseName(name)) });
  }
  return files;
}
