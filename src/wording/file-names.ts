/** @file Names of layers, classes and the like as names of files, each its own on every file system. */
import { randomStream } from "../random.ts";

/** Devices of Windows, whatever their ending, and the one key that a plain object cannot hold. */
const reserved = /^(con|prn|aux|nul|(com|lpt)[\d¹²³])(\.|$)|^__proto__$/i;

/** What else is written to the same folder, and how. */
export interface FileNameOptions {
  /** UTF-8 bytes; file systems allow 255, of which numbers, purposes and endings need some. 100 by default. */
  readonly mostBytes?: number;
  /** What each name is written with, such as ".png"; "" is a folder, or a part of a longer name. [""] by default. */
  readonly endings?: readonly string[];
  /** Names, with their endings, of files that the same run writes beside them. */
  readonly taken?: readonly string[];
}

/**
 * Each name as part of a file's name. Letters and digits of all scripts, "_", "." and "-" stay, anything else becomes
 * "-"; long names are cut and end with a digest. No two are alike, even where case does not count, with none of the
 * endings; a name that needs no change keeps itself before others that would come to the same, which get a number.
 */
export function fileNames(
  names: Iterable<string>,
  options: FileNameOptions = {},
): ReadonlyMap<string, string> {
  const distinct = [...new Set(names)];
  const files = uniqueFileNames(distinct, options);
  return new Map(distinct.map((name, i) => [name, files[i]!]));
}

/** As `fileNames`, of things in a list, of which several may have one name: the file of each. */
export function uniqueFileNames(
  names: readonly string[],
  { mostBytes = 100, endings = [""], taken = [] }: FileNameOptions = {},
): readonly string[] {
  const all = names.map((name) => plainName(name, mostBytes));
  const used = new Set(taken.map(folded));
  const found = new Map<number, string>();
  const take = (number: number, file: string): boolean => {
    const keys = endings.map((ending) => folded(`${file}${ending}`));
    if (keys.some((key) => used.has(key))) return false;
    for (const key of keys) used.add(key);
    found.set(number, file);
    return true;
  };
  for (const [i, name] of names.entries()) if (all[i] === name) take(i, name);
  for (const [i, plain] of all.entries()) {
    if (found.has(i)) continue;
    let file = plain;
    for (let number = 2; !take(i, file); number++) file = `${plain}-${number}`;
  }
  return names.map((_, i) => found.get(i)!);
}

function plainName(name: string, mostBytes: number): string {
  const plain = name
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  if (plain === "") return "unnamed";
  const short = startOf(plain, mostBytes);
  const whole = short === plain ? plain : `${short}-${digestOf(name)}`;
  return reserved.test(whole) ? `_${whole}` : whole;
}

/** What names have in common that some file systems take for one. */
function folded(file: string): string {
  return file.toUpperCase().toLowerCase().normalize("NFC");
}

/** As many letters as fit. */
function startOf(text: string, mostBytes: number): string {
  let [bytes, end] = [0, 0];
  for (const letter of text) {
    const code = letter.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > mostBytes) break;
    end += letter.length;
  }
  return text.slice(0, end);
}

function digestOf(name: string): string {
  const bytes = randomStream("file name", name).bytes(4);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
