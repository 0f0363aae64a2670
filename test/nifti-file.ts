/** @file Writes NIfTI volumes, for tests. */

export const niftiTypes = [
  "uint8",
  "int16",
  "int32",
  "float32",
  "float64",
  "int8",
  "uint16",
  "uint32",
  "int64",
  "uint64",
] as const;

/** How a file is written: its numbers count from 0 to 99, again and again. */
export interface NiftiForm {
  /** Columns first, as the file has them. */
  readonly sizes: readonly number[];
  readonly type: (typeof niftiTypes)[number];
  readonly version: 1 | 2;
  readonly isLittle: boolean;
  readonly slope: number;
  readonly intercept: number;
  /** Other numbers. */
  readonly values?: readonly number[];
  readonly spacing?: readonly number[];
  /** Rows of the sform. */
  readonly affine?: readonly (readonly number[])[];
  /** b, c, d of the qform. */
  readonly quaternion?: readonly number[];
  readonly isMirrored?: boolean;
}

const codes = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  float64: 64,
  int8: 256,
  uint16: 512,
  uint32: 768,
  int64: 1024,
  uint64: 1280,
} as const;
const bytes = {
  uint8: 1,
  int16: 2,
  int32: 4,
  float32: 4,
  float64: 8,
  int8: 1,
  uint16: 2,
  uint32: 4,
  int64: 8,
  uint64: 8,
} as const;

/** The file, not packed. */
export function niftiFile(form: NiftiForm): Uint8Array {
  const { sizes, type, version, isLittle } = form;
  const count = sizes.reduce((product, size) => product * size, 1);
  const start = version === 1 ? 352 : 544;
  const file = new Uint8Array(start + count * bytes[type]);
  const view = new DataView(file.buffer);
  const real = (at: number, value: number) =>
    version === 1 ? view.setFloat32(at, value, isLittle) : view.setFloat64(at, value, isLittle);
  const step = version === 1 ? 4 : 8;
  const dims = [sizes.length, ...sizes];
  const pixdim = [form.isMirrored ? -1 : 1, ...(form.spacing ?? [])];
  view.setInt32(0, version === 1 ? 348 : 540, isLittle);
  file.set([0x6e, 0x2b, 0x30 + version, 0], version === 1 ? 344 : 4);
  for (const [i, dim] of dims.entries()) {
    if (version === 1) view.setInt16(40 + 2 * i, dim, isLittle);
    else view.setBigInt64(16 + 8 * i, BigInt(dim), isLittle);
  }
  view.setInt16(version === 1 ? 70 : 12, codes[type], isLittle);
  for (const [i, size] of pixdim.entries()) real((version === 1 ? 76 : 104) + step * i, size);
  if (version === 1) view.setFloat32(108, start, isLittle);
  else view.setBigInt64(168, BigInt(start), isLittle);
  real(version === 1 ? 112 : 176, form.slope);
  real(version === 1 ? 116 : 184, form.intercept);
  view.setUint8(version === 1 ? 123 : 500, 2);
  const form2 = (at: number, value: number) =>
    version === 1 ? view.setInt16(at, value, isLittle) : view.setInt32(at, value, isLittle);
  if (form.quaternion) form2(version === 1 ? 252 : 344, 1);
  if (form.affine) form2(version === 1 ? 254 : 348, 1);
  for (const [i, value] of (form.quaternion ?? []).entries())
    real((version === 1 ? 256 : 352) + step * i, value);
  for (const [i, value] of (form.affine ?? []).flat().entries())
    real((version === 1 ? 280 : 400) + step * i, value);
  for (let i = 0; i < count; i++)
    put(view, start + i * bytes[type], type, form.values?.[i] ?? i % 100, isLittle);
  return file;
}

function put(
  view: DataView,
  at: number,
  type: NiftiForm["type"],
  value: number,
  isLittle: boolean,
): void {
  switch (type) {
    case "uint8":
      return view.setUint8(at, value);
    case "int8":
      return view.setInt8(at, value);
    case "int16":
      return view.setInt16(at, value, isLittle);
    case "uint16":
      return view.setUint16(at, value, isLittle);
    case "int32":
      return view.setInt32(at, value, isLittle);
    case "uint32":
      return view.setUint32(at, value, isLittle);
    case "float32":
      return view.setFloat32(at, value, isLittle);
    case "float64":
      return view.setFloat64(at, value, isLittle);
    case "int64":
      return view.setBigInt64(at, BigInt(value), isLittle);
    case "uint64":
      return view.setBigUint64(at, BigInt(value), isLittle);
  }
}
