/** @file What files are that are dropped together: pictures, parts of a network, weights, what lies beside a network. */
import { isArrayFile } from "../../src/formats/arrays/index.ts";
import { isLabelFile } from "../../src/formats/label-files.ts";
import { readTextTable } from "../../src/formats/separated-text.ts";
import { isZip } from "../../src/formats/zip-start.ts";
import { besideNames } from "../../src/graph/metadata.ts";
import { isFailure } from "../../src/errors.ts";
import { tableUse, type TableUse } from "../../src/app/judge/table-use.ts";
import { isPicture as isNamedPicture } from "../../src/app/pictures.ts";
import { describeBytes, pictureFormatOf } from "../../src/image/signature.ts";
import { baseName } from "../../src/wording/paths.ts";
import type { PathedFile, SortedFiles, SortRequest } from "../files-protocol.ts";
import { isTable } from "../judge-protocol.ts";
import { archivedFiles, isOfSystem } from "./archived-files.ts";
import type { Desk } from "./desk.ts";

type Kind = "pictures" | "parts" | "weights" | "beside";

const startBytes = 256;

/** In the order in which they came; hidden files and what systems leave in folders are passed over. */
export async function sortedFiles(
  _desk: Desk,
  { files, before }: SortRequest,
): Promise<SortedFiles> {
  const sorted: Record<Kind, PathedFile[]> = { pictures: [], parts: [], weights: [], beside: [] };
  const others: string[] = [];
  let packed = 0;
  for (const file of files) {
    if (isOfSystem(file.name)) continue;
    const start = new Uint8Array(await file.data.slice(0, startBytes).arrayBuffer());
    const kind = isZip(start) ? await archivedFiles(file) : kindOf(start, baseName(file.name));
    if (kind === undefined) others.push(file.name);
    else if (typeof kind === "string") sorted[kind].push(file);
    else {
      sorted.pictures = [...sorted.pictures, ...kind.pictures];
      sorted.beside = [...sorted.beside, ...kind.texts];
      for (const name of kind.others) others.push(name);
      packed += kind.packed;
    }
  }
  const paths = sorted.pictures.length > 0 ? sorted.pictures.map(({ name }) => name) : before;
  const tables = await sortedTables(sorted.beside, paths);
  const beside = sorted.beside.filter((file) => !tables.truth.includes(file));
  return { ...sorted, beside, packed, ...tables, others };
}

/** Which tables tell the classes of the pictures, and which are taken for names in spite of them. */
async function sortedTables(
  files: readonly PathedFile[],
  paths: readonly string[],
): Promise<Pick<SortedFiles, "truth" | "asNames">> {
  const truth: PathedFile[] = [];
  const asNames: PathedFile[] = [];
  if (paths.length === 0) return { truth, asNames };
  for (const file of files.filter(({ name }) => isTable(name))) {
    const isTrue = (await useOf(file, paths)) === "true classes";
    (isTrue ? truth : asNames).push(file);
  }
  return { truth, asNames };
}

/** One that cannot be read says so where it is taken for names. */
async function useOf({ name, data }: PathedFile, paths: readonly string[]): Promise<TableUse> {
  try {
    const bytes = new Uint8Array(await data.arrayBuffer());
    return tableUse(readTextTable(bytes, baseName(name)).rows, paths);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return "names";
  }
}

/** Undefined for texts that say nothing of a network. */
function kindOf(start: Uint8Array, name: string): Kind | undefined {
  if (isPicture(start) || isArrayFile(start, name)) return "pictures";
  if (/\.(safetensors|pth|ckpt)$/i.test(name) || isLegacyPickle(start)) return "weights";
  if (isLabelFile(name) || /\.(txt|names|lst|csv|tsv)$/i.test(name)) return "beside";
  if ([...besideNames, "metadata.json"].includes(name.toLowerCase())) return "beside";
  if (/\.(md|rst|pdf|html?|log|py|ipynb|xlsx?|docx?|mp4|mov|avi|xml)$/i.test(name))
    return undefined;
  return isNamedPicture(name) && isNothingElse(start) ? "pictures" : "parts";
}

/** What its bytes do not tell either is refused by what it is called; ONNX begins with its version, and tells no more. */
function isNothingElse(start: Uint8Array): boolean {
  return start[0] !== 0x08 && /^(an empty file|text |\d+ bytes )/.test(describeBytes(start));
}

/** By the bytes; two letters begin too many files, so a BMP picture must have its empty fields too. */
function isPicture(start: Uint8Array): boolean {
  const format = pictureFormatOf(start);
  if (format === "BMP") return start.subarray(6, 10).every((byte) => byte === 0);
  // What is no picture that is read is still refused as one.
  return format !== undefined || describeBytes(start) === "a HEIC picture";
}

/** How torch.save began before it wrote archives. */
function isLegacyPickle(start: Uint8Array): boolean {
  return [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc].every((byte, i) => start[i] === byte);
}
