/** @file What is explained: a picture made ready for a network, or a tensor as it is. */
import { option, say, type Message } from "../wording/face.ts";
import { LimpidError } from "../errors.ts";
import type { VolumePlace } from "../formats/arrays/file-array.ts";
import { formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import {
  inputSizeOf,
  placeInInput,
  preprocess,
  type CutPicture,
  type Preprocessing,
} from "../image/preprocess.ts";
import type { Rectangle } from "../image/raster.ts";
import { partSeen, seenPartText, type SeenPart } from "../image/seen-part.ts";
import { rangesOf, type ChannelRange } from "../network/choose-preprocessing.ts";
import type { Model } from "../network/model.ts";
import { isOfNumbers, readNumbers } from "./array-source.ts";
import type { JobListener } from "./context.ts";
import type { Platform } from "./platform.ts";
import { readPreprocessing, type ChosenPreparation, type Preparation } from "./preparation.ts";

/** A photo in a network's input. */
interface PlacedPhoto {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Where all of it lies, in pixels of the input; beyond its borders where it is cropped. */
  readonly place: Rectangle;
}

export interface Source {
  /** [N, C, H, W] in the network's own range. */
  readonly input: Tensor;
  /** What the network sees, if the input was a picture. */
  readonly seen: Picture | undefined;
  /** What it was cut out of, where the crop leaves something out. */
  readonly cut?: CutPicture;
  /** The photo's own size, and where all of it lies in pixels of the input; undefined for tensors. */
  readonly photo?: PlacedPhoto;
  /** How the picture was prepared; undefined for tensors. */
  readonly how: Preprocessing | undefined;
  /** How a volume lies, where its file says it. */
  readonly place?: VolumePlace;
  /** The number of its file that stands for places where nothing was measured. */
  readonly nodata?: number;
  /** What the network's preprocessing makes of black and white, one range a channel, where it is known. */
  readonly expected?: readonly ChannelRange[];
  /** What was assumed. */
  readonly note?: Message;
  /** How the picture's preparation was chosen. */
  readonly chosen?: ChosenPreparation;
  /** What was assumed of the numbers of the picture's file. */
  readonly numbers?: Message;
  /** The part of the picture that the crop leaves; undefined where that is all. */
  readonly part?: SeenPart;
  /** That in words. */
  readonly crop?: Message;
  /** Why the input is the same everywhere, where the picture is not. */
  readonly plain?: Message;
}

/** What of an input is told before anything else. */
type AssumedOf = {
  readonly [Key in "note" | "chosen" | "numbers" | "crop"]?: Source[Key] | undefined;
};

type Reader = Pick<Platform, "readBytes" | "readText" | "readPicture">;

/** Reads a picture or a file of numbers. Throws `bad-file`, or `shape-mismatch` if the network takes no pictures. */
export async function readSource(
  platform: Reader,
  model: Model,
  path: string,
  { preprocess: preprocessing, range }: Preparation,
): Promise<Source> {
  if (!isOfNumbers(path, model)) {
    const { note, ...picture } = await platform.readPicture(path, range);
    const how = await readPreprocessing(platform, model, preprocessing, { name: path, picture });
    return { ...pictureSource(model, picture, how), ...(note ? { numbers: note } : {}) };
  }
  const read = await readNumbers(platform, model, path, preprocessing);
  const { value, isPrepared, ...facts } = read;
  const origin = { name: path, preprocessing: isPrepared ? undefined : preprocessing };
  return { ...(await tensorSource(platform, model, value, origin)), ...facts };
}

/** What a tensor is called in messages, and the preprocessing that its numbers come from, if it is known. */
export interface TensorOrigin {
  readonly name: string;
  readonly preprocessing: string | undefined;
}

/** A tensor of float32 or float64 as it is, of the file's own layout turned to channels first. Throws `bad-file` for other elements. */
export async function tensorSource(
  platform: Pick<Platform, "readText">,
  model: Model,
  value: Tensor,
  { name, preprocessing }: TensorOrigin,
): Promise<Source> {
  const { input, note } = inModelLayout(model, asFloats(value, name));
  const { how, chosenBy } = await readPreprocessing(platform, model, preprocessing);
  const expected = chosenBy === "default" ? undefined : rangesOf(how, input.dims[1]);
  return {
    input,
    seen: undefined,
    how: undefined,
    ...(expected ? { expected } : {}),
    ...(note ? { note } : {}),
  };
}

/** Tensors are [N, C, H, W]; one that fits the file's [N, H, W, C] alone is turned. */
function inModelLayout(model: Model, input: Tensor): { input: Tensor; note?: Message } {
  const [, c, h, w] = model.input.dims ?? [];
  const fits = (wanted: readonly (number | string | undefined)[]) =>
    wanted.every((dim, i) => typeof dim !== "number" || dim === input.dims[i + 1]);
  if (!model.isChannelsLast || input.dims.length !== 4 || fits([c, h, w]) || !fits([h, w, c]))
    return { input };
  const note = say`the tensor is read as the network's own [N, H, W, C]`;
  return { input: channelsFirst(input), note };
}

/** Tells of what was assumed of an input. */
export function tellAssumptions(
  { note, chosen, numbers, crop }: AssumedOf,
  { onNote }: JobListener,
): void {
  for (const each of [note, chosen?.compared, numbers, crop])
    if (each !== undefined) onNote?.(each);
}

/** A picture made ready. Throws `shape-mismatch` if the network takes no pictures. */
export function pictureSource(model: Model, picture: Picture, chosen: ChosenPreparation): Source {
  const { how, note, told } = chosen;
  const size = inputSizeOf(how, model.input.dims ?? ["N", "C", "H", "W"]);
  const prepared = preprocess(picture, how, size);
  const input = tensor("float32", prepared.dims, prepared.data);
  const expected = told && rangesOf(told, size.channels);
  return {
    input,
    seen: prepared.seen,
    photo: {
      widthPx: picture.widthPx,
      heightPx: picture.heightPx,
      place: placeInInput(picture, how, size),
    },
    how,
    chosen,
    ...(expected ? { expected } : {}),
    ...(note === undefined ? {} : { note }),
    ...(prepared.cut ? { cut: prepared.cut } : {}),
    ...cutOff(picture, prepared.seen, partSeen(picture, how, size)),
  };
}

const remedy = say`crop the picture yourself, or give ${option("preprocess")} a file with "resize": "pad"`;

/** What of a picture is cut off, for people. */
export function cropNote(part: SeenPart): Message {
  return say`the network sees only ${seenPartText(part)}, the rest is cut off; to see more, ${remedy}`;
}

/** What is to be told of a crop. */
function cutOff(
  whole: Picture,
  seen: Picture,
  part: SeenPart | undefined,
): Pick<Source, "part" | "crop" | "plain"> {
  if (part === undefined) return {};
  const crop = cropNote(part);
  if (!isPlain(seen) || isPlain(whole)) return { part, crop };
  const plain = say`the network sees only ${seenPartText(part)}, which is the same everywhere, so no place can differ; what the crop leaves out is not: ${remedy}`;
  return { part, crop, plain };
}

function isPlain({ data, channels }: Picture): boolean {
  return data.every((value, i) => value === data[i % channels]);
}

/** [N, H, W, C] as [N, C, H, W]. */
function channelsFirst({ dims, data }: Tensor): Tensor {
  const [n, h, w, c] = dims as readonly [number, number, number, number];
  const turned = new Float32Array(data.length);
  for (let i = 0; i < turned.length; i++) {
    const [place, channel] = [Math.floor(i / c), i % c];
    const [row, at] = [Math.floor(place / (h * w)), place % (h * w)];
    turned[(row * c + channel) * h * w + at] = (data as Float32Array)[i]!;
  }
  return tensor("float32", [n, c, h, w], turned);
}

function asFloats(value: Tensor, path: string): Tensor {
  if (value.type === "float32") return value;
  if (value.type === "float64") {
    return tensor("float32", value.dims, Float32Array.from(value.data as Float64Array));
  }
  throw new LimpidError(
    "bad-file",
    `read: "${path}" must hold float32 numbers [N, C, H, W], got ${value.type} ${formatShape(value.dims)}. save it as float32.`,
  );
}
