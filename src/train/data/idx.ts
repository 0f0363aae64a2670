/** @file IDX files, as MNIST comes (LeCun, Cortes and Burges 1998): pictures and their classes. */
import { plainBytes } from "../../bytes.ts";
import { LimpidError } from "../../errors.ts";
import type { Dataset } from "../../image/dataset.ts";

/** What an IDX file holds. */
export interface IdxArray {
  /** Pictures have [count, rows, columns], classes [count]. */
  readonly dims: readonly number[];
  /** Row-major; a view of the file's bytes. */
  readonly data: Uint8Array;
}

/** The bytes of a file, no longer compressed, and what messages call it. */
export interface IdxFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The third byte of a file whose values are whole numbers in 0..255; MNIST has no other. */
const unsignedBytes = 8;

function badFile(name: string, what: string): LimpidError {
  return new LimpidError("bad-file", `idx: "${name}" ${what}`);
}

/**
 * The array of an IDX file: two zero bytes, the type, the rank, a big-endian uint32 for each dimension, the
 * values. Throws `bad-file` for other bytes, for values of more than one byte, and where the length does not
 * fit the header.
 */
export function decodeIdx({ name, bytes: file }: IdxFile): IdxArray {
  const bytes = plainBytes(file);
  const [zero, alsoZero, type, rank] = bytes;
  if (zero !== 0 || alsoZero !== 0 || type !== unsignedBytes || !rank) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
    throw badFile(
      name,
      `must begin with the bytes 00 00 08 and its rank, got ${start.join(" ") || "an empty file"}. fetch it again.`,
    );
  }
  const header = 4 + 4 * rank;
  if (bytes.length < header) {
    throw badFile(name, `must have a header of ${header} bytes, got ${bytes.length}.`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const dims = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const needed = header + dims.reduce((product, dim) => product * dim, 1);
  if (bytes.length !== needed) {
    throw badFile(
      name,
      `must have ${needed} bytes for [${dims.join(", ")}], got ${bytes.length}. fetch it again.`,
    );
  }
  return { dims, data: bytes.subarray(header) };
}

/** Names of the classes of MNIST, and of the sets that took over its form. */
const digitNames: readonly string[] = Array.from({ length: 10 }, (_, digit) => `${digit}`);

/**
 * The data set of a file of pictures and a file of their classes; pictures are [1, rows, columns] in 0..1.
 * They stay bytes until they are read. Throws `bad-file` where a file is broken, where the two do not belong
 * together, where there is no picture, and for a class that has no name in `classes` (digits by default).
 */
export function idxDataset(
  imageFile: IdxFile,
  labelFile: IdxFile,
  classes: readonly string[] = digitNames,
): Dataset {
  const images = decodeIdx(imageFile);
  const { dims: labelDims, data: labels } = decodeIdx(labelFile);
  const [length = 0, rows = 0, columns = 0] = images.dims;
  if (images.dims.length !== 3 || images.data.length === 0) {
    throw badFile(
      imageFile.name,
      `must hold pictures as [count, rows, columns], got [${images.dims.join(", ")}].`,
    );
  }
  if (labelDims.length !== 1 || labels.length !== length) {
    throw badFile(
      labelFile.name,
      `must hold a class for each of the ${length} pictures in "${imageFile.name}", got [${labelDims.join(", ")}]. take files of one set.`,
    );
  }
  const strange = labels.findIndex((label) => label >= classes.length);
  if (strange >= 0) {
    throw badFile(
      labelFile.name,
      `must hold classes in 0..${classes.length - 1}, got ${labels[strange]} at ${strange}.`,
    );
  }
  const places = rows * columns;
  return {
    classes,
    dims: [1, rows, columns],
    length,
    label: (index) => labels[index]!,
    title: (index) => `picture ${index} of "${imageFile.name}"`,
    read: (index) => {
      const bytes = images.data.subarray(index * places, (index + 1) * places);
      const picture = Float32Array.from(bytes, (byte) => byte / 255);
      return Promise.resolve({ picture, label: labels[index]! });
    },
  };
}
