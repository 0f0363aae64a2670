/** @file THE table of formats that arrays of numbers are read from: what is no photo. */
import { LimpidError } from "../../errors.ts";
import { toFloat32 } from "../../graph/tensor.ts";
import { decodeNpy } from "../npy.ts";
import { decodeBands } from "../tiff/bands.ts";
import { requireNumbers, type FileArray } from "./file-array.ts";
import { decodeNifti, isNifti } from "./nifti.ts";

/** A format of files of numbers. */
interface ArrayFormat {
  readonly name: string;
  readonly endings: readonly string[];
  matches(start: Uint8Array, name: string): boolean;
  /** Throws `bad-file`, behind the name. */
  read(bytes: Uint8Array, name: string): FileArray;
}

const startsWith = (start: Uint8Array, ...codes: readonly number[]) =>
  codes.every((code, i) => start[i] === code);

const arrayFormats: readonly ArrayFormat[] = [
  {
    name: "NumPy array",
    endings: [".npy"],
    matches: (start) => startsWith(start, 0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59),
    read: (bytes, name) => {
      const value = decodeNpy(bytes, name);
      requireNumbers(name, value.dims);
      return { dims: value.dims, data: toFloat32(value), notes: [] };
    },
  },
  {
    name: "NIfTI volume",
    endings: [".nii", ".nii.gz"],
    matches: isNifti,
    read: decodeNifti,
  },
  {
    name: "TIFF of bands",
    endings: [".tif", ".tiff"],
    matches: (start) =>
      [0x2a, 0x2b].some((version) => startsWith(start, 0x49, 0x49, version, 0)) ||
      [0x2a, 0x2b].some((version) => startsWith(start, 0x4d, 0x4d, 0, version)),
    read: decodeBands,
  },
];

/** A DICOM file has its name behind 128 bytes that may hold anything. */
const dicomAt = 128;

/** Whether bytes are a DICOM file. */
function isDicom(bytes: Uint8Array): boolean {
  return startsWith(bytes.subarray(dicomAt), 0x44, 0x49, 0x43, 0x4d);
}

/** Whether a file is read, or refused with advice, as numbers: by its first bytes (256 of them) and its name. */
export function isArrayFile(start: Uint8Array, name: string): boolean {
  return arrayFormats.some((one) => one.matches(start.subarray(0, 16), name)) || isDicom(start);
}

/** The array of a file in any format of the table. Throws `bad-file` for one of no format or a broken one. */
export function readArray(bytes: Uint8Array, name: string): FileArray {
  const format = arrayFormats.find((one) => one.matches(bytes.subarray(0, 16), name));
  if (format) return format.read(bytes, name);
  if (isDicom(bytes)) {
    throw new LimpidError(
      "bad-file",
      `read: "${name}" must be a NumPy array, a NIfTI volume or a TIFF, got a DICOM file. convert the series to NIfTI first, for example with dcm2niix.`,
    );
  }
  throw new LimpidError(
    "bad-file",
    `read: "${name}" must be ${arrayFormats.map((one) => `a ${one.name}`).join(" or ")}, got bytes of another kind.`,
  );
}
