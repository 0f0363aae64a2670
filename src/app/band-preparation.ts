/** @file How pictures of many bands become a network's input: as they are stored, or as a file says for each band. */
import * as v from "valibot";
import { LimpidError } from "../errors.ts";
import type { FileArray } from "../formats/arrays/file-array.ts";
import { plane, type Plane } from "../image/picture.ts";
import { resizePlane } from "../image/resize.ts";
import { extremes } from "../attribution/heatmap.ts";
import { formatNumber } from "../wording/numbers.ts";
import { option, say, type Message } from "../wording/face.ts";
import { readJson, shownJson } from "../wording/read-json.ts";

const finite = v.pipe(v.number(), v.finite());
const overZero = v.pipe(finite, v.gtValue(0));
const each = <Item extends typeof finite | typeof overZero>(item: Item) =>
  v.union([item, v.pipe(v.array(item), v.minLength(1))]);

/** A number for all bands, or one a band. */
const schema = v.strictObject({
  scale: v.optional(finite, 1),
  mean: v.optional(each(finite), 0),
  std: v.optional(each(overZero), 1),
  resize: v.optional(v.picklist(["crop", "stretch"])),
});

/** `(number * scale - mean) / std`, and how another size is fitted; without a way another size is refused. */
export type BandPreparation = v.InferOutput<typeof schema>;

const asStored: BandPreparation = { scale: 1, mean: 0, std: 1 };

/** Of a .json file's text, or of the name "none". Throws `bad-option` for other names, `bad-file` for other texts. */
export async function readBandPreparation(
  asked: string | undefined,
  readText: (path: string) => Promise<string>,
): Promise<BandPreparation> {
  if (asked === undefined || asked === "none") return asStored;
  if (!asked.toLowerCase().endsWith(".json")) {
    throw new LimpidError(
      "bad-option",
      say`${option("preprocess")}: for bands it must be none or a .json file, got "${asked}". give a file with "scale", "mean" and "std", one number or one a band.`,
    );
  }
  const read = readJson(await readText(asked));
  const parsed = "fault" in read ? undefined : v.safeParse(schema, read.value);
  if (parsed?.success) return parsed.output;
  const got = "fault" in read ? read.fault : shownJson(read.value);
  throw new LimpidError(
    "bad-file",
    `preprocess: "${asked}" must hold "scale", "mean", "std" over 0 (a number, or one a band) and "resize" (crop or stretch) alone, got ${got}.`,
  );
}

/** A picture of bands made ready, [channels, height, width], and what is to be told of it. */
export interface PreparedBands {
  readonly dims: readonly [number, number, number];
  readonly data: Float32Array;
  readonly notes: readonly Message[];
}

/** Sides that a network takes; undefined where it leaves them open. */
export type BandSides = readonly [height: number | undefined, width: number | undefined];

/**
 * The bands at the network's size, prepared. Throws `bad-option` for as many means or deviations as there are not bands,
 * and for another size where nothing says how it is fitted.
 */
export function prepareBands(
  name: string,
  array: FileArray,
  how: BandPreparation,
  sides: BandSides,
): PreparedBands {
  const [channels, height, width] = array.dims as readonly [number, number, number];
  const [mean, std] = [perBand("mean", how.mean, channels), perBand("std", how.std, channels)];
  const size = [sides[0] ?? height, sides[1] ?? width] as const;
  const isFitted = size[0] !== height || size[1] !== width;
  if (isFitted && how.resize === undefined) throw otherSize(name, [height, width], size);
  const places = size[0] * size[1];
  const data = new Float32Array(channels * places);
  for (let band = 0; band < channels; band++) {
    const own = array.data.subarray(band * height * width, (band + 1) * height * width);
    const source = plane(width, height, own);
    const fitted = isFitted ? fit(source, size, how.resize!, array.nodata) : own;
    for (let i = 0; i < places; i++) {
      data[band * places + i] = (fitted[i]! * how.scale - mean[band]!) / std[band]!;
    }
  }
  return { dims: [channels, ...size], data, notes: notesOf(name, array, how, isFitted) };
}

function perBand(
  field: string,
  given: number | readonly number[],
  channels: number,
): readonly number[] {
  const list = typeof given === "number" ? [given] : given;
  if (list.length === 1) return Array.from({ length: channels }, () => list[0]!);
  if (list.length === channels) return list;
  throw new LimpidError(
    "bad-option",
    `preprocess: "${field}" must be one number or one for each of the ${channels} bands, got ${list.length}.`,
  );
}

/** Places without data are not mixed with their neighbours. */
function fit(
  source: Plane,
  [height, width]: readonly [number, number],
  how: "crop" | "stretch",
  nodata?: number,
): Float32Array {
  const filter = nodata === undefined ? "bilinear" : "nearest";
  if (how === "stretch") return resizePlane(source, width, height, { filter }).data;
  const share = Math.max(width / source.widthPx, height / source.heightPx);
  const [wide, high] = [source.widthPx, source.heightPx].map((side) =>
    Math.round(side * share),
  ) as [number, number];
  const scaled = resizePlane(source, Math.max(wide, width), Math.max(high, height), { filter });
  const [left, top] = [(scaled.widthPx - width) >> 1, (scaled.heightPx - height) >> 1];
  const cut = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * scaled.widthPx + left;
    cut.set(scaled.data.subarray(from, from + width), y * width);
  }
  return cut;
}

function otherSize(name: string, got: readonly number[], wanted: readonly number[]): LimpidError {
  return new LimpidError(
    "bad-option",
    say`read: "${name}" must be ${wanted.join(" x ")} (height x width) as the network's input, got ${got.join(" x ")}. cut a tile of that size, or give ${option("preprocess")} a file with "resize": "crop" or "stretch".`,
  );
}

function notesOf(
  name: string,
  { dims, data, nodata }: FileArray,
  how: BandPreparation,
  isFitted: boolean,
): readonly Message[] {
  const { min, max } = extremes(
    nodata === undefined ? data : data.filter((value) => value !== nodata),
  );
  const range = `${formatNumber(min)} to ${formatNumber(max)}`;
  const isStored = how === asStored;
  const holes =
    nodata === undefined
      ? 0
      : data.reduce((count, value) => (Object.is(value, nodata) ? count + 1 : count), 0);
  return [
    isStored
      ? say`"${name}" has ${dims[0]!} bands of numbers from ${range}, which are fed as they are stored; ${option("preprocess", "FILE")} gives a scale, and a mean and a deviation a band`
      : say`the ${dims[0]!} bands of "${name}" (${range}) are scaled as ${option("preprocess")} says`,
    ...(isFitted ? [say`its bands are fitted to the network's size by "${how.resize!}"`] : []),
    ...(holes > 0
      ? [
          say`${Math.max((100 * holes) / data.length, 0.1).toFixed(1)} % of its numbers are ${nodata!}, which stands for no data; they are fed like all others`,
        ]
      : []),
  ];
}
