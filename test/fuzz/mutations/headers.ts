/** @file Mutations of files with a text before their numbers: .npy, safetensors, raw pictures. */
import { crc32, gunzipSync, gzipSync } from "node:zlib";
import { readJson } from "../../../src/wording/read-json.ts";
import { joined, type Draw, type Mutation } from "./draw.ts";
import { mutateBytes } from "./bytes.ts";
import { changedJson } from "./json.ts";
import { changedText } from "./text.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** Of .npy: words of the header, its length, the version. */
export const mutateNpy: Mutation = (bytes, draw) => {
  if (bytes.length < 10 || draw.chance(0.25)) return mutateBytes(bytes, draw);
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const header = decoder.decode(bytes.subarray(10, 10 + length));
  const text = encoder.encode(changedHeader(header, draw));
  const start = bytes.slice(0, 10);
  const told = draw.chance(0.9) ? text.length : draw.integer();
  new DataView(start.buffer).setUint16(8, told, true);
  return joined(start, text, bytes.subarray(10 + length));
};

const types = [
  "<f4",
  ">f4",
  "<f8",
  "<f2",
  "|u1",
  "<i8",
  "<u8",
  "|b1",
  "<c8",
  "|O",
  "<U3",
  "f4",
  "<f16",
  "=i4",
  ">i2",
  "|V4",
  "<M8[s]",
] as const;

function changedHeader(header: string, draw: Draw): string {
  switch (draw.below(5)) {
    case 0:
      return header.replace(/'descr': *'[^']*'/, `'descr': '${draw.of(types)}'`);
    case 1:
      return header.replace(/\(([^)]*)\)/, (_, inner: string) => `(${changedText(inner, draw)})`);
    case 2:
      return header.replace(
        /\([^)]*\)/,
        `(${Array.from({ length: draw.below(9) }, () => draw.integer()).join(", ")},)`,
      );
    case 3:
      return header.replace(/True|False/, (word) => (word === "True" ? "False" : "True"));
    default:
      return changedText(header, draw);
  }
}

/** Of safetensors: the JSON header, offsets and shapes in it, its length. */
export const mutateSafetensors: Mutation = (bytes, draw) => {
  if (bytes.length < 8 || draw.chance(0.2)) return mutateBytes(bytes, draw);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Math.min(Number(view.getBigUint64(0, true)), bytes.length - 8);
  const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const text = encoder.encode(
    draw.chance(0.5) ? otherEntry(header, draw) : changedJson(header, draw),
  );
  const start = new Uint8Array(8);
  const told = draw.chance(0.93) ? BigInt(text.length) : draw.wide();
  new DataView(start.buffer).setBigInt64(0, told, true);
  return joined(start, text, bytes.subarray(8 + length));
};

const dtypes = [
  "F64",
  "F32",
  "F16",
  "BF16",
  "I64",
  "I8",
  "U8",
  "BOOL",
  "F8_E4M3",
  "C64",
  "",
] as const;

/** A header whose offsets, shapes or types are others, or whose metadata hold another text. */
function otherEntry(header: string, draw: Draw): string {
  const read = readJson(header);
  if ("fault" in read) return changedText(header, draw);
  const value = read.value as Record<string, Record<string, unknown>>;
  const names = Object.keys(value ?? {});
  if (names.length === 0) return header;
  const name = draw.of(names);
  const entry = value[name]!;
  if (typeof entry !== "object" || entry === null) return changedJson(header, draw);
  if (name === "__metadata__") {
    const keys = Object.keys(entry);
    const key = keys.length > 0 ? draw.of(keys) : "format";
    return JSON.stringify({
      ...value,
      [name]: { ...entry, [key]: changedJson(String(entry[key]), draw) },
    });
  }
  const other = draw.of([
    () => ({ data_offsets: [draw.integer(), draw.integer()] }),
    () => ({ shape: Array.from({ length: draw.below(6) }, () => draw.integer()) }),
    () => ({ dtype: draw.of(dtypes) }),
    () => value[draw.of(names)]!,
  ])();
  return JSON.stringify({ ...value, [name]: { ...entry, ...other } });
}

/** Of a text line before bytes. */
export const mutateLine: Mutation = (bytes, draw) => {
  const end = bytes.indexOf(10);
  if (end < 0 || draw.chance(0.3)) return mutateBytes(bytes, draw);
  const line = changedText(decoder.decode(bytes.subarray(0, end)), draw);
  return joined(encoder.encode(line), bytes.subarray(end));
};

/** Of IDX: type, rank and sizes, a header for more bytes than there are. */
export const mutateIdx: Mutation = (bytes, draw) => {
  if (bytes.length < 16 || draw.chance(0.3)) return mutateBytes(bytes, draw);
  const result = bytes.slice();
  const view = new DataView(result.buffer);
  if (draw.chance(0.3)) view.setUint8(2 + draw.below(2), draw.below(16));
  else view.setUint32(4 + 4 * draw.below(Math.max(1, Math.min(bytes[3]!, 3))), draw.integer());
  return result;
};

/** Of gzip: what is packed, the header's flags, the end; one archive behind the other. */
export function mutateGzip(inner: Mutation): Mutation {
  return (bytes, draw) => {
    if (draw.chance(0.4)) return mutateBytes(bytes, draw);
    if (draw.chance(0.1)) return joined(bytes, bytes.slice(draw.below(bytes.length)));
    if (draw.chance(0.1)) return packed(new Uint8Array(2 ** draw.of([10, 20, 23])), draw);
    let plain: Uint8Array;
    try {
      plain = gunzipSync(bytes, { maxOutputLength: 2 ** 20 });
    } catch {
      return mutateBytes(bytes, draw);
    }
    return packed(inner(plain, draw), draw);
  };
}

function packed(plain: Uint8Array, draw: Draw): Uint8Array {
  const result = new Uint8Array(gzipSync(plain, { level: draw.of([0, 1, 9]) }));
  if (draw.chance(0.2)) {
    const view = new DataView(result.buffer, result.length - 8);
    if (draw.chance(0.5)) view.setUint32(0, crc32(plain) + draw.below(2), true);
    else view.setUint32(4, draw.integer(), true);
  }
  return result;
}
