/** @file Files of numbers that are no photos: arrays, volumes and pictures of many bands, as a network takes them. */
import { decodeNpy } from "../formats/npy.ts";
import { readArray } from "../formats/arrays/index.ts";
import type { VolumePlace } from "../formats/arrays/file-array.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import type { Model } from "../network/model.ts";
import { say, type Message } from "../wording/face.ts";
import { prepareBands, readBandPreparation } from "./band-preparation.ts";
import type { InputFile } from "./input-file.ts";
import type { ArrayOrder } from "./part-values.ts";
import type { Platform } from "./platform.ts";

/** The numbers of a file, and what its format says of them. */
export interface ArraySource {
  readonly value: Tensor;
  readonly order: ArrayOrder;
  /** What was assumed of them. */
  readonly numbers?: Message;
  readonly place?: VolumePlace;
  readonly nodata?: number;
  /** Whether the numbers are prepared already. */
  readonly isPrepared: boolean;
}

/** Whether a file holds numbers as they are fed, and no photo that is prepared: by its name, and what the network takes. */
export function isOfNumbers(path: string, { parts }: Pick<Model, "parts">): boolean {
  if (/\.(npy|nii|nii\.gz|dcm)$/i.test(path)) return true;
  const takesPhotos = parts.some(
    ({ kind, channels }) =>
      kind === "picture" && (channels === 1 || channels === 3 || typeof channels === "string"),
  );
  return /\.tiff?$/i.test(path) && !takesPhotos;
}

/** Reads such a file. Throws as `readArray`, `readBandPreparation` and `prepareBands`. */
export async function readNumbers(
  platform: Pick<Platform, "readText">,
  { parts }: Pick<Model, "parts">,
  { name: path, readBytes }: Pick<InputFile, "name" | "readBytes">,
  preprocess: string | undefined,
): Promise<ArraySource> {
  const bytes = await readBytes();
  if (/\.npy$/i.test(path)) {
    return { value: decodeNpy(bytes, path), order: "of the file", isPrepared: false };
  }
  const array = readArray(bytes, path);
  const facts = {
    ...(array.place ? { place: array.place } : {}),
    ...(array.nodata === undefined ? {} : { nodata: array.nodata }),
    order: "channels first",
    isPrepared: true,
  } as const;
  const notes = array.notes.map((note) => say`of "${path}" ${note}`);
  if (array.axes?.join("") !== "CHW") {
    const dims = array.dims.length === 3 ? [1, 1, ...array.dims] : [1, ...array.dims];
    return { value: tensor("float32", dims, array.data), ...joined(notes), ...facts };
  }
  const how = await readBandPreparation(preprocess, (file) => platform.readText(file));
  const [height, width] = parts.find(({ kind }) => kind === "picture")?.sides ?? [];
  const fixed = (side: unknown) => (typeof side === "number" ? side : undefined);
  const { dims, data, notes: more } = prepareBands(path, array, how, [fixed(height), fixed(width)]);
  return { value: tensor("float32", [1, ...dims], data), ...joined([...notes, ...more]), ...facts };
}

/** All that was assumed, as one sentence. */
function joined(notes: readonly Message[]): Pick<ArraySource, "numbers"> {
  const [first, ...others] = notes;
  if (!first) return {};
  return { numbers: others.reduce((all, note) => say`${all}; ${note}`, first) };
}
