/** @file NumPy's .npy files: one array, a small text header before raw bytes. */
import { plainBytes } from "../bytes.ts";
import { LimpidError } from "../errors.ts";
import {
  arrayType,
  elementCount,
  formatShape,
  tensor,
  type ElementType,
  type Tensor,
} from "../graph/tensor.ts";

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

const codes: Readonly<Record<string, Exclude<ElementType, "string">>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b1: "bool",
};

/** Makes the errors of one file. */
type Bad = (what: string) => LimpidError;

function badFile(name: string | undefined): Bad {
  const where = name === undefined ? "npy" : `npy: "${name}"`;
  return (what) => new LimpidError("bad-file", `${where}: ${what}. save it with numpy.save.`);
}

/**
 * The array of an .npy file (versions 1 to 3, either byte order, C or Fortran order), row by row. `name` is
 * for messages. Throws `bad-file` for other files, cut ones, and arrays of anything but real numbers.
 */
export function decodeNpy(file: Uint8Array, name?: string): Tensor {
  const bad = badFile(name);
  const { header, body } = partsOf(file, bad);
  return readArray(body, parseHeader(header, bad), bad);
}

/**
 * The pickle in an .npy file of a Python object, which NumPy makes of what is no array; undefined for arrays of
 * anything else. Throws `bad-file` for other files, and cut ones.
 */
export function pickleOfNpy(file: Uint8Array, name?: string): Uint8Array | undefined {
  const { header, body } = partsOf(file, badFile(name));
  return /'descr':\s*'\|?O\d*'/.test(header) ? body : undefined;
}

/** The array that NumPy's own pickle of it tells of: `descriptor` is as in .npy files, `<f4`. Throws as `decodeNpy`. */
export function arrayOfNumpy(
  descriptor: string,
  dims: readonly number[],
  isFortran: boolean,
  body: Uint8Array,
  name?: string,
): Tensor {
  const bad = badFile(name);
  const type = typeOf(descriptor.slice(1));
  if (!type) throw bad(`an array must hold real numbers, got "${descriptor}"`);
  return readArray(body, { type, isBigEndian: descriptor.startsWith(">"), isFortran, dims }, bad);
}

/** The header's text, and what is behind it. */
function partsOf(
  file: Uint8Array,
  bad: Bad,
): { readonly header: string; readonly body: Uint8Array } {
  const bytes = plainBytes(file);
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    throw bad("the file must start with NumPy's signature, got other bytes");
  }
  const version = bytes[6] ?? 0;
  if (bytes.length >= 8 && (version < 1 || version > 3)) {
    throw bad(`the format's version must be 1 to 3, got ${version}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) throw bad(`the header must be whole, got ${bytes.length} bytes`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (start + length > bytes.length) {
    throw bad(`the header needs ${length} bytes, got ${bytes.length - start}`);
  }
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  return { header, body: bytes.subarray(start + length) };
}

function typeOf(code: string): Exclude<ElementType, "string"> | undefined {
  return Object.hasOwn(codes, code) ? codes[code] : undefined;
}

interface Header {
  readonly type: Exclude<ElementType, "string">;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly dims: readonly number[];
}

/** Reads the Python dictionary that NumPy writes; of Python 2, numbers that end in L too. */
function parseHeader(header: string, bad: Bad): Header {
  const descriptor = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const shape = /'shape':\s*\(([\dL,\s]*)\)/.exec(header);
  const type = typeOf(descriptor?.[2] ?? "");
  const dims = shape?.[1]!
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => Number(part.replace("L", "")));
  if (!descriptor || !type || !order || !dims?.every(Number.isSafeInteger)) {
    const shown = JSON.stringify(header.trim().slice(0, 200));
    throw bad(`the header must name real numbers, their order and a shape, got ${shown}`);
  }
  return { type, isBigEndian: descriptor[1] === ">", isFortran: order[1] === "True", dims };
}

function readArray(body: Uint8Array, header: Header, bad: Bad): Tensor {
  const { type, dims } = header;
  const Type = arrayType(type);
  const count = elementCount(dims);
  const size = Type.BYTES_PER_ELEMENT;
  if (!(count * size <= body.byteLength)) {
    throw bad(`shape ${formatShape(dims)} needs ${count * size} bytes, got ${body.byteLength}`);
  }
  const own = body.slice(0, count * size);
  if (header.isBigEndian) {
    for (let i = 0; i < own.length; i += size) own.subarray(i, i + size).reverse();
  }
  const data = new Type(own.buffer, 0, count);
  return tensor(type, dims, header.isFortran ? fromFortran(data, dims) : data);
}

/** Column-major elements in row-major order. */
function fromFortran<T extends { slice(): T; length: number; [index: number]: number | bigint }>(
  data: T,
  dims: readonly number[],
): T {
  const result = data.slice();
  const index = dims.map(() => 0);
  for (let i = 0; i < data.length; i++) {
    let offset = 0;
    for (let axis = dims.length - 1; axis >= 0; axis--)
      offset = offset * dims[axis]! + index[axis]!;
    result[i] = data[offset]!;
    for (let axis = dims.length - 1; axis >= 0 && ++index[axis]! === dims[axis]; axis--)
      index[axis] = 0;
  }
  return result;
}

/** The tensor as an .npy file, version 1, little-endian, C order. Throws `bad-option` for text and bfloat16. */
export function encodeNpy(value: Tensor): Uint8Array {
  const code = Object.keys(codes).find((known) => codes[known] === value.type);
  if (code === undefined) {
    throw new LimpidError(
      "bad-option",
      `npy: the tensor must have a number type that NumPy has, got ${value.type}. convert it to float32.`,
    );
  }
  const mark = code.endsWith("1") ? "|" : "<";
  const shape = value.dims.length === 1 ? `${value.dims[0]},` : value.dims.join(", ");
  const text = `{'descr': '${mark}${code}', 'fortran_order': False, 'shape': (${shape}), }`;
  const total = Math.ceil((10 + text.length + 1) / 64) * 64;
  const { buffer, byteOffset, byteLength } = value.data as Float32Array;
  const file = new Uint8Array(total + byteLength).fill(0x20, 0, total);
  file.set([...magic, 1, 0], 0);
  new DataView(file.buffer).setUint16(8, total - 10, true);
  for (let i = 0; i < text.length; i++) file[10 + i] = text.charCodeAt(i);
  file[total - 1] = 0x0a;
  file.set(new Uint8Array(buffer, byteOffset, byteLength), total);
  return file;
}
