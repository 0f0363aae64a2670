/** @file What files are that are dropped together: pictures, parts of a network, weights, what lies beside a network. */
import { isArrayFile } from "../../src/formats/arrays/index.ts";
import { isLabelFile } from "../../src/formats/label-files.ts";
import type { ByteSource } from "../../src/formats/source.ts";
import { isZip } from "../../src/formats/zip.ts";
import { zipFiles } from "../../src/formats/zip-folder.ts";
import { besideNames } from "../../src/graph/metadata.ts";
import { isFailure } from "../../src/errors.ts";
import { heldFile } from "../../src/app/handed-file.ts";
import { isPicture as isNamedPicture } from "../../src/app/pictures.ts";
import { describeBytes, pictureFormatOf } from "../../src/image/signature.ts";
import { baseName } from "../../src/wording/paths.ts";
import type { PathedFile, SortedFiles } from "../files-protocol.ts";
import type { Desk } from "./desk.ts";

type Kind = Exclude<keyof SortedFiles, "others">;

const startBytes = 256;

/** More are nobody's to look at one by one. */
const mostPictures = 1000;

/** Pictures of an archive are unpacked into memory. */
const mostArchived = 200;

/** In the order in which they came; hidden files and what systems leave in folders are passed over. */
export async function sortedFiles(
  _desk: Desk,
  { files }: { readonly files: readonly PathedFile[] },
): Promise<SortedFiles> {
  const pictures: File[] = [];
  const others: string[] = [];
  const sorted = {
    parts: [] as PathedFile[],
    weights: [] as PathedFile[],
    beside: [] as PathedFile[],
  };
  for (const file of files) {
    if (isOfSystem(file.name)) continue;
    const start = new Uint8Array(await file.data.slice(0, startBytes).arrayBuffer());
    const within = isZip(start) ? await archived(file) : kindOf(start, baseName(file.name));
    const found = within === "pictures" ? [file.data] : Array.isArray(within) ? within : [];
    for (const picture of found) pictures.push(picture);
    if (within === undefined) others.push(file.name);
    else if (typeof within === "string" && within !== "pictures") sorted[within].push(file);
  }
  const left = pictures.slice(mostPictures).map(({ name }) => name);
  return { pictures: pictures.slice(0, mostPictures), ...sorted, others: [...others, ...left] };
}

function isOfSystem(path: string): boolean {
  return /(^|\/)(\.[^/]*|__MACOSX\/.*|thumbs\.db|desktop\.ini)$/i.test(path);
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

/** What an archive is by its files: weights, else a network's; its files where all are pictures. */
async function archived(archive: PathedFile): Promise<Kind | readonly File[]> {
  const held = heldFile(archive);
  const source: ByteSource = { ...held, name: archive.name, beside: async () => undefined };
  try {
    const found = await zipFiles(source);
    const names = [...found.keys()].filter((name) => !isOfSystem(name));
    if (names.some((name) => /(^|\/)data\.pkl$/.test(name))) {
      const isProgram = names.some((name) =>
        /(^|\/)(archive_format$|serialized_exported_program\.json$|code\/)/.test(name),
      );
      return isProgram ? "parts" : "weights";
    }
    const looks = (name: string) => isNamedPicture(baseName(name)) || /\.npy$/i.test(name);
    if (names.length === 0 || !names.every(looks)) return "parts";
    const files: File[] = [];
    for (const name of names.slice(0, mostArchived)) {
      const member = await found.get(name)!();
      const bytes = new Uint8Array(await member.read(0, member.size));
      files.push(new File([bytes], baseName(name)));
    }
    return files;
  } catch (error) {
    // What is wrong with it is said where it is opened.
    if (!isFailure(error)) throw error;
    return "parts";
  }
}
