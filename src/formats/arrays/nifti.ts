/** @file NIfTI volumes (.nii, .nii.gz; versions 1 and 2): the numbers, scaled, and how they lie in the body. */
import { plainBytes } from "../../bytes.ts";
import { LimpidError } from "../../errors.ts";
import { expandGzip, isGzip } from "../gzip.ts";
import { requireNumbers, type FileArray, type FileAxis, type VolumePlace } from "./file-array.ts";
import { directionsOf, type Affine } from "./directions.ts";

type Bad = (what: string) => LimpidError;

/** A number's size and how it is read. */
interface NumberKind {
  readonly bytes: number;
  read(view: DataView, at: number, isLittle: boolean): number;
}

/** `datatype` of the header. */
const kinds: ReadonlyMap<number, NumberKind> = new Map([
  [2, { bytes: 1, read: (view, at) => view.getUint8(at) }],
  [4, { bytes: 2, read: (view, at, little) => view.getInt16(at, little) }],
  [8, { bytes: 4, read: (view, at, little) => view.getInt32(at, little) }],
  [16, { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) }],
  [64, { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) }],
  [256, { bytes: 1, read: (view, at) => view.getInt8(at) }],
  [512, { bytes: 2, read: (view, at, little) => view.getUint16(at, little) }],
  [768, { bytes: 4, read: (view, at, little) => view.getUint32(at, little) }],
  [1024, { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)) }],
  [1280, { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) }],
]);

const otherKinds: Readonly<Record<number, string>> = {
  1: "bits",
  32: "complex numbers",
  128: "colours",
  1536: "128-bit floats",
  1792: "complex numbers",
  2048: "complex numbers",
  2304: "colours",
};

/** Where the fields of a version lie, and how long its numbers are. */
interface HeaderLayout {
  readonly headerBytes: number;
  readonly magicAt: number;
  dims(view: DataView, at: number, isLittle: boolean): number;
  readonly dimAt: readonly [start: number, step: number];
  readonly typeAt: number;
  real(view: DataView, at: number, isLittle: boolean): number;
  readonly pixdimAt: readonly [start: number, step: number];
  offset(view: DataView, isLittle: boolean): number;
  readonly slopeAt: readonly [slope: number, intercept: number];
  readonly unitsAt: number;
  form(view: DataView, at: number, isLittle: boolean): number;
  readonly formAt: readonly [qform: number, sform: number];
  readonly quaternionAt: number;
  readonly affineAt: number;
}

const layouts: readonly HeaderLayout[] = [
  {
    headerBytes: 348,
    magicAt: 344,
    dims: (view, at, little) => view.getInt16(at, little),
    dimAt: [40, 2],
    typeAt: 70,
    real: (view, at, little) => view.getFloat32(at, little),
    pixdimAt: [76, 4],
    offset: (view, little) => view.getFloat32(108, little),
    slopeAt: [112, 116],
    unitsAt: 123,
    form: (view, at, little) => view.getInt16(at, little),
    formAt: [252, 254],
    quaternionAt: 256,
    affineAt: 280,
  },
  {
    headerBytes: 540,
    magicAt: 4,
    dims: (view, at, little) => Number(view.getBigInt64(at, little)),
    dimAt: [16, 8],
    typeAt: 12,
    real: (view, at, little) => view.getFloat64(at, little),
    pixdimAt: [104, 8],
    offset: (view, little) => Number(view.getBigInt64(168, little)),
    slopeAt: [176, 184],
    unitsAt: 500,
    form: (view, at, little) => view.getInt32(at, little),
    formAt: [344, 348],
    quaternionAt: 352,
    affineAt: 400,
  },
];

/** Packed volumes expand to no more than this: one of float64 with as many numbers as are read. */
const mostExpandedBytes = 2 ** 30;

/** Whether bytes begin as a volume does, packed or not; a packed one is known by its name alone. */
export function isNifti(bytes: Uint8Array, name: string): boolean {
  return layoutOf(bytes) !== undefined || /\.nii(\.gz)?$/i.test(name);
}

function layoutOf(bytes: Uint8Array) {
  if (bytes.length < 4) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const layout of layouts) {
    for (const isLittle of [true, false]) {
      if (view.getInt32(0, isLittle) === layout.headerBytes) return { layout, isLittle };
    }
  }
  return undefined;
}

/**
 * The volume of a file: [D, H, W], or [C, D, H, W] where there are several volumes (time, moments); the columns of the
 * file, its first axis, are W, as SimpleITK has them, and nothing is turned or flipped. Numbers are
 * `slope * stored + intercept`. After nifti1.h and nifti2.h (nifti.nimh.nih.gov). Throws `bad-file` for other files, cut
 * ones, pairs of .hdr and .img, and what holds no real numbers.
 */
export function decodeNifti(file: Uint8Array, name: string): FileArray {
  const bad: Bad = (what) => new LimpidError("bad-file", `nifti: "${name}" ${what}.`);
  const bytes = isGzip(file) ? expandGzip(file, mostExpandedBytes) : plainBytes(file);
  const found = layoutOf(bytes);
  if (!found || bytes.length < found.layout.headerBytes) {
    throw bad(`must start with a whole header of NIfTI, got ${bytes.length} bytes of another kind`);
  }
  const header = readHeader(bytes, found.layout, found.isLittle, bad);
  const { dims, kind } = header;
  const count = requireNumbers(name, dims);
  if (!(header.offset + count * kind.bytes <= bytes.length)) {
    throw bad(
      `must hold ${count * kind.bytes} bytes of numbers from byte ${header.offset} on, got ${bytes.length} bytes in all. check that it is complete`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = new Float32Array(count);
  const { slope, intercept, offset, isLittle } = header;
  for (let i = 0, at = offset; i < count; i++, at += kind.bytes) {
    data[i] = kind.read(view, at, isLittle) * slope + intercept;
  }
  const axes: readonly FileAxis[] = dims.length === 4 ? ["C", "D", "H", "W"] : ["D", "H", "W"];
  return { dims, data, axes, place: header.place, notes: notesOf(header) };
}

interface Header {
  readonly dims: readonly number[];
  readonly kind: NumberKind;
  readonly isLittle: boolean;
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly place: VolumePlace;
}

function readHeader(bytes: Uint8Array, layout: HeaderLayout, isLittle: boolean, bad: Bad): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = new TextDecoder("latin1").decode(
    bytes.subarray(layout.magicAt, layout.magicAt + 3),
  );
  if (/^ni[12]$/.test(magic)) {
    throw bad(
      "must hold its numbers itself, got a header whose numbers lie in an .img file. save both as one .nii file",
    );
  }
  if (!/^n\+[12]$/.test(magic))
    throw bad("must be marked n+1 or n+2, got an ANALYZE header. save it as .nii");
  const type = view.getInt16(layout.typeAt, isLittle);
  const kind = kinds.get(type);
  if (!kind) {
    throw bad(
      `must hold real numbers, got ${otherKinds[type] ?? `data type ${type}`}. save it as float32`,
    );
  }
  const offset = layout.offset(view, isLittle);
  if (!(Number.isSafeInteger(offset) && offset >= layout.headerBytes)) {
    throw bad(
      `must hold its numbers behind the header of ${layout.headerBytes} bytes, got byte ${offset}`,
    );
  }
  const [slopeAt, interceptAt] = layout.slopeAt;
  const slope = layout.real(view, slopeAt, isLittle);
  const intercept = layout.real(view, interceptAt, isLittle);
  const isScaled = Number.isFinite(slope) && slope !== 0;
  return {
    dims: dimsOf(view, layout, isLittle, bad),
    kind,
    isLittle,
    offset,
    slope: isScaled ? slope : 1,
    intercept: isScaled && Number.isFinite(intercept) ? intercept : 0,
    place: placeOf(view, layout, isLittle),
  };
}

/** [D, H, W] or [C, D, H, W]: the file's own sizes backwards. */
function dimsOf(view: DataView, layout: HeaderLayout, isLittle: boolean, bad: Bad): number[] {
  const [start, step] = layout.dimAt;
  const field = (i: number) => layout.dims(view, start + i * step, isLittle);
  const rank = field(0);
  const sizes = rank >= 1 && rank <= 7 ? Array.from({ length: rank }, (_, i) => field(i + 1)) : [];
  if (sizes.length === 0 || !sizes.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw bad(`must have 1 to 7 axes with a size each, got ${rank} axes [${sizes.join(", ")}]`);
  }
  const [width = 1, height = 1, depth = 1, ...others] = sizes;
  const more = others.filter((size) => size > 1);
  if (more.length > 1)
    throw bad(
      `must have at most one axis besides width, height and depth, got [${sizes.join(", ")}]. cut it first`,
    );
  return [...more, depth, height, width];
}

const units: Readonly<Record<number, string>> = { 1: "m", 2: "mm", 3: "µm" };

function placeOf(view: DataView, layout: HeaderLayout, isLittle: boolean): VolumePlace {
  const [start, step] = layout.pixdimAt;
  const size = (i: number) => {
    const value = Math.abs(layout.real(view, start + i * step, isLittle));
    return Number.isFinite(value) && value > 0 ? value : 1;
  };
  const affine = affineOf(view, layout, isLittle, [size(1), size(2), size(3)]);
  const towards = affine && directionsOf(affine);
  return {
    spacing: [size(3), size(2), size(1)],
    unit: units[view.getUint8(layout.unitsAt) & 7] ?? "",
    ...(towards ? { towards: [towards[2], towards[1], towards[0]] } : {}),
  };
}

/** The `sform`, else the `qform`: what nibabel and ITK-SNAP take. */
function affineOf(
  view: DataView,
  layout: HeaderLayout,
  isLittle: boolean,
  size: readonly [number, number, number],
): Affine | undefined {
  const step = layout.pixdimAt[1];
  const real = (at: number) => layout.real(view, at, isLittle);
  const [qform, sform] = layout.formAt.map((at) => layout.form(view, at, isLittle));
  if (sform! > 0) {
    return [0, 1, 2].map((row) =>
      [0, 1, 2].map((column) => real(layout.affineAt + (4 * row + column) * step)),
    );
  }
  if (!(qform! > 0)) return undefined;
  const [b, c, d] = [0, 1, 2].map((i) => real(layout.quaternionAt + i * step)) as [
    number,
    number,
    number,
  ];
  const a = Math.sqrt(Math.max(1 - b * b - c * c - d * d, 0));
  const side = real(layout.pixdimAt[0]) < 0 ? -1 : 1;
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
  ];
  return rotation.map(([x, y, z]) => [x! * size[0], y! * size[1], z! * size[2] * side]);
}

function notesOf({ dims, place }: Header): readonly string[] {
  const order = dims.length === 4 ? "[volume, slice, row, column]" : "[slice, row, column]";
  const where = place.towards
    ? `, growing to ${place.towards.map((letter) => directionNames[letter]).join(", ")}`
    : ", of which the file does not say where they grow to";
  return [`axes are ${order} as in the file${where}; nothing is turned`];
}

const directionNames: Readonly<Record<string, string>> = {
  R: "right",
  L: "left",
  A: "anterior",
  P: "posterior",
  S: "superior",
  I: "inferior",
};
