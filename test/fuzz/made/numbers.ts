/** @file Numbers of the corpus: .npy, safetensors, IDX, archives. */
import { zipSync } from "fflate";
import { gzipSync } from "node:zlib";
import { SetRecord } from "../../../src/activations/set-record.ts";
import { encodeNpy } from "../../../src/formats/npy.ts";
import { encodeSafetensors } from "../../../src/formats/safetensors.ts";
import { tensor, tensorOf, type Tensor } from "../../../src/graph/tensor.ts";
import { encodeCheckpoint } from "../../../src/train/checkpoint.ts";
import { niftiFile, type NiftiForm } from "../../nifti-file.ts";
import { tiffFile, type TiffForm } from "../../tiff-file.ts";
import { bytesOf } from "../corpus.ts";
import { setPlan, setRecipe } from "./set-plan.ts";

type Files = Readonly<Record<string, Uint8Array>>;

function counted(dims: readonly number[]): Tensor {
  const count = dims.reduce((product, dim) => product * dim, 1);
  return tensorOf(
    "float32",
    dims,
    Array.from({ length: count }, (_, i) => i / 4),
  );
}

const bytes = tensor("uint8", [7], Uint8Array.from([1, 2, 3, 4, 5, 6, 7]));
const wide = tensor("int64", [2, 2], BigInt64Array.from([1n, -2n, 3n, 2n ** 60n]));

export function npyFiles(): Files {
  const columns = encodeNpy(counted([2, 3]));
  const header = new TextDecoder("latin1").decode(columns.subarray(0, 128));
  const fortran = bytesOf(header.replace("False", "True ").replace("'<f4'", "'>f4'"));
  return {
    "floats.npy": encodeNpy(counted([1, 3, 4, 4])),
    "scalar.npy": encodeNpy(counted([])),
    "bytes.npy": encodeNpy(bytes),
    "wide.npy": encodeNpy(wide),
    "half.npy": encodeNpy(tensor("float16", [3], Uint16Array.of(0x3c00, 0xbc00, 0x4000))),
    "columns.npy": Uint8Array.from([
      ...columns.subarray(0, 10),
      ...fortran.subarray(10),
      ...columns.subarray(128),
    ]),
  };
}

const score = { loss: 0.5, accuracy: 0.75, examples: 8 };

function checkpoint(): Uint8Array {
  const tensors = {
    "parameter/w": counted([2, 2]),
    "slot/w/0": counted([2, 2]),
    "memory/mean": counted([3]),
  };
  return encodeCheckpoint({
    kind: { seed: 1, batchSize: 4, batchesPerEpoch: 2, optimizer: "adam", loss: "crossEntropy" },
    batch: 1,
    sums: { loss: 1.5, correct: 3, examples: 4, seconds: 0.1, stepSeconds: 0.05 },
    history: [
      { epoch: 1, rate: 0.01, training: score, heldOut: score, seconds: 0.2, stepSeconds: 0.1 },
    ],
    best: { epoch: 1, score, tensors: { "parameter/w": counted([2, 2]) } },
    tensors,
  });
}

function activationsState(): Uint8Array {
  const record = new SetRecord(setPlan);
  for (let picture = 0; picture < 3; picture++)
    record.add(picture, { conv: counted([1, 2, 3, 3]), logits: counted([1, 4]) }, 0);
  record.next = 3;
  record.broken.set(2, "it is cut short");
  return record.encode(setRecipe);
}

export function safetensorsFiles(): Files {
  return {
    "plain.safetensors": encodeSafetensors(
      { a: counted([2, 3]), b: bytes, "c/d": wide },
      { format: "pt" },
    ),
    "checkpoint.safetensors": checkpoint(),
    "activations-state.safetensors": activationsState(),
  };
}

function idx(dims: readonly number[]): Uint8Array {
  const header = new Uint8Array(4 + 4 * dims.length);
  header.set([0, 0, 8, dims.length]);
  for (const [i, dim] of dims.entries()) new DataView(header.buffer).setUint32(4 + 4 * i, dim);
  const count = dims.reduce((product, dim) => product * dim, 1);
  const data = Array.from({ length: count }, (_, i) =>
    dims.length === 1 ? i % 10 : (i * 3) % 256,
  );
  return Uint8Array.from([...header, ...data]);
}

export function idxFiles(): Files {
  return { "pictures.idx": idx([12, 8, 8]), "labels.idx": idx([12]) };
}

export function gzipFiles(): Files {
  return { "pictures.gz": new Uint8Array(gzipSync(idx([12, 8, 8]))) };
}

export function zipFiles(): Files {
  const entries = {
    "set/a/one.jpg": bytesOf("one ".repeat(30)),
    "set/a/two.jpg": bytesOf("two"),
    "set/b/three.jpeg": bytesOf("three"),
    "set/read.me": bytesOf("no picture"),
  };
  const mtime = "2026-01-01T00:00:00";
  return {
    "packed.zip": zipSync(entries, { mtime }),
    "stored.zip": zipSync(entries, { level: 0, mtime }),
  };
}

const bands: TiffForm = {
  dims: [5, 6, 7],
  values: Array.from({ length: 5 * 6 * 7 }, (_, i) => (i * 37) % 200),
  type: "u16",
  isLittle: true,
  isBig: false,
  isPlanar: false,
  rowsOfStrip: 4,
  packing: "none",
  predictor: 1,
  nodata: "-9999",
};

/** Pictures of five bands. */
export function bandFiles(): Files {
  return {
    "strips.tif": tiffFile(bands),
    "tiles.tif": tiffFile({ ...bands, tile: [16, 16], packing: "deflate", predictor: 2 }),
    "big.tif": tiffFile({ ...bands, isBig: true, type: "f32", predictor: 3, packing: "packbits" }),
    "planar.tif": tiffFile({ ...bands, isPlanar: true, isLittle: false, type: "i16" }),
  };
}

const volume: NiftiForm = {
  sizes: [4, 3, 2],
  type: "int16",
  version: 1,
  isLittle: true,
  slope: 2,
  intercept: -1,
  spacing: [1, 1, 3],
};

/** Volumes, one of them packed. */
export function volumeFiles(): Files {
  const second = niftiFile({ ...volume, version: 2, isLittle: false, type: "float64" });
  return {
    "first.nii": niftiFile(volume),
    "second.nii": second,
    "moments.nii.gz": new Uint8Array(gzipSync(niftiFile({ ...volume, sizes: [3, 3, 2, 2] }))),
  };
}
