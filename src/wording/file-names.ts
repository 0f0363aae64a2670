/** @file Names of layers, classes and the like as names of files, each its own on every file system. */
import { randomStream } from "../random.ts";

/** UTF-8 bytes; file systems allow 255, of which numbers, purposes and endings need some. */
const mostBytes = 100;

/** Devices of Windows, whatever their ending, and the one key that a plain object cannot hold. */
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)|^__proto__$/i;

/**
 * Each name as part of a file's name. Letters and digits of all scripts, "_", "." and "-" stay, anything else becomes
 * "-"; long names are cut and end with a digest. No two are alike, even where case does not count; a name that needs
 * no change keeps itself before others that would come to the same, which get a number.
 */
export function fileNames(names: Iterable<string>): ReadonlyMap<string, string> {
  const all = [...new Set(names)].map((name) => ({ name, plain: plainName(name) }));
  const taken = new Set<string>();
  const found = new Map<string, string>();
  const take = (name: string, file: string): boolean => {
    const key = folded(file);
    if (taken.has(key)) return false;
    taken.add(key);
    found.set(name, file);
    return true;
  };
  for (const { name, plain } of all) if (plain === name) take(name, plain);
  for (const { name, plain } of all) {
    if (found.has(name)) continue;
    let file = plain;
    for (let i = 2; !take(name, file); i++) file = `${plain}-${i}`;
  }
  return found;
}

function plainName(name: string): string {
  const plain = name
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, "-")
    .replaceAll(/^[-.]+|[-.]+$/g, "");
  if (plain === "") return "unnamed";
  const short = startOf(plain);
  const whole = short === plain ? plain : `${short}-${digestOf(name)}`;
  return reserved.test(whole) ? `_${whole}` : whole;
}

/** What names have in common that some file systems take for one. */
function folded(file: string): string {
  return file.toUpperCase().toLowerCase().normalize("NFC");
}

/** As many letters as fit. */
function startOf(text: string): string {
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
