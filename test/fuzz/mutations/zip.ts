/** @file Mutations of zip archives: headers, sizes, names, offsets, the end of the directory. */
import { joined, type Draw, type Mutation } from "./draw.ts";
import { mutateBytes } from "./bytes.ts";

const signatures = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 } as const;

/** Where numbers of a header lie, and their bytes. */
const fields: Readonly<Record<number, readonly (readonly [number, 2 | 4])[]>> = {
  [signatures.local]: [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [12, 2],
    [14, 4],
    [18, 4],
    [22, 4],
    [26, 2],
    [28, 2],
  ],
  [signatures.directory]: [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [16, 4],
    [20, 4],
    [24, 4],
    [28, 2],
    [30, 2],
    [32, 2],
    [34, 2],
    [36, 2],
    [38, 4],
    [42, 4],
  ],
  [signatures.end]: [
    [4, 2],
    [6, 2],
    [8, 2],
    [10, 2],
    [12, 4],
    [16, 4],
    [20, 2],
  ],
};

/** Places of headers, by what they begin with. */
function headersOf(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: number[] = [];
  for (let at = 0; at + 22 <= bytes.length; at++) {
    if (bytes[at] === 0x50 && view.getUint32(at, true) in fields) found.push(at);
  }
  return found;
}

const names = [
  "../x.jpg",
  "/etc/x.jpg",
  "a\\..\\x.jpg",
  "CON.jpg",
  "x/../../y.jpg",
  "a.jpg",
  "A.JPG",
  "\0.jpg",
  "é.jpg",
] as const;

/** One change of an archive. */
export const mutateZip: Mutation = (bytes, draw) => {
  const headers = headersOf(bytes);
  if (headers.length === 0 || draw.chance(0.2)) return mutateBytes(bytes, draw);
  const at = draw.of(headers);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signature = view.getUint32(at, true);
  if (draw.chance(0.15)) return withName(bytes, at, signature, draw);
  const result = bytes.slice();
  const changed = new DataView(result.buffer);
  const places = fields[signature]!.filter(([place, size]) => at + place + size <= bytes.length);
  if (places.length === 0) return mutateBytes(bytes, draw);
  const [place, size] = draw.of(places);
  if (size === 2) changed.setUint16(at + place, draw.integer(), true);
  else
    changed.setUint32(
      at + place,
      draw.chance(0.5) ? draw.integer() : draw.below(bytes.length),
      true,
    );
  return result;
};

/** Another name of the same length, so that all offsets stay right. */
function withName(bytes: Uint8Array, at: number, signature: number, draw: Draw): Uint8Array {
  const [lengthAt, start] = signature === signatures.local ? [26, 30] : [28, 46];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (signature === signatures.end || at + start > bytes.length) return mutateBytes(bytes, draw);
  const length = view.getUint16(at + lengthAt, true);
  const text = draw.of(names).padEnd(length, "j").slice(0, length);
  const name = new TextEncoder().encode(text).subarray(0, length);
  const end = Math.min(at + start + length, bytes.length);
  return joined(bytes.subarray(0, at + start), name, bytes.subarray(end));
}
