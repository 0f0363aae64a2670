/** @file NumPy's .npy files: one array, a small text header before raw bytes. */
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

function bad(what: string): LimpidError {
  return new LimpidError("bad-file", `npy: ${what}. save it with numpy.save.`);
}

/** The array of an .npy file (versions 1 to 3, either byte order, C or Fortran order). Throws `bad-file`. */
export function decodeNpy(bytes: Uint8Array): Tensor {
  if (!magic.every((byte, i) => bytes[i] === byte)) {
    throw bad("the file must start with NumPy's signature, got other bytes");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const long = bytes.length > 6 && bytes[6]! >= 2;
  const start = long ? 12 : 10;
  if (bytes.length < start) throw bad(`the header must be whole, got ${bytes.length} bytes`);
  const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.length)
    throw bad(`the header must end inside the file, got ${bytes.length} bytes`);
  const header = Array.from(bytes.subarray(start, end), (byte) => String.fromCharCode(byte)).join(
    "",
  );
  const { type, big, fortran, dims } = parseHeader(header);
  return readArray(bytes.subarray(end), type, big, fortran, dims);
}

function parseHeader(header: string) {
  const descriptor = /'descr':\s*'([<>|=])([a-z]\d+)'/.exec(header);
  const order = /'fortran_order':\s*(True|False)/.exec(header);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header);
  const type = descriptor ? codes[descriptor[2]!] : undefined;
  if (!descriptor || !type || !order || !shape) {
    throw bad(
      `the header must name a number type, an order and a shape, got ${JSON.stringify(header.trim())}`,
    );
  }
  const dims = shape[1]!
    .split(",")
    .filter((part) => part.trim() !== "")
    .map(Number);
  return { type, big: descriptor[1] === ">", fortran: order[1] === "True", dims };
}

function readArray(
  body: Uint8Array,
  type: Exclude<ElementType, "string">,
  big: boolean,
  fortran: boolean,
  dims: readonly number[],
): Tensor {
  const Type = arrayType(type);
  const count = elementCount(dims);
  const size = Type.BYTES_PER_ELEMENT;
  if (body.byteLength < count * size) {
    throw bad(`shape ${formatShape(dims)} needs ${count * size} bytes, got ${body.byteLength}`);
  }
  const own = body.slice(0, count * size);
  if (big) for (let i = 0; i < own.length; i += size) own.subarray(i, i + size).reverse();
  const data = new Type(own.buffer, 0, count);
  return tensor(type, dims, fortran ? fromFortran(data, dims) : data);
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

/** The tensor as an .npy file, version 1, little-endian, C order. Throws `bad-file` for text and bfloat16. */
export function encodeNpy(value: Tensor): Uint8Array {
  const code = Object.entries(codes).find(([, type]) => type === value.type)?.[0];
  if (!code) throw bad(`the tensor must have a number type of NumPy's, got ${value.type}`);
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
