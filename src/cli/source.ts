/** @file What is explained: a picture made ready for a network, or a tensor as it is. */
import type { ChannelRange } from "../attribution/why-blank.ts";
import { LimpidError } from "../errors.ts";
import { decodeNpy } from "../formats/npy.ts";
import { formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import {
  affineOf,
  inputSizeOf,
  preprocess,
  preprocessingOf,
  preprocessings,
  type Preprocessing,
} from "../image/preprocess.ts";
import { parsePreprocessing } from "../image/preprocessing-file.ts";
import type { Model } from "../model/model.ts";
import { readPicture } from "../node/codecs.ts";
import { readBytes, readText } from "../node/files.ts";

export interface Source {
  /** [N, C, H, W] in the network's own range. */
  readonly input: Tensor;
  /** What the network sees, if the input was a picture. */
  readonly seen: Picture | undefined;
  /** How the picture was prepared; undefined for tensors. */
  readonly how: Preprocessing | undefined;
  /** What the network's preprocessing makes of black and white, one range a channel, where it is known. */
  readonly expected?: readonly ChannelRange[];
  /** What was assumed. */
  readonly note?: string;
}

/** Reads a picture or an .npy file. Throws `bad-file`, or `shape-mismatch` if the network takes no pictures. */
export async function readSource(
  model: Model,
  path: string,
  preprocessing: string | undefined,
): Promise<Source> {
  if (path.toLowerCase().endsWith(".npy")) {
    const input = asFloats(decodeNpy(await readBytes(path)), path);
    const known = preprocessing !== undefined || storedPreprocessing(model) !== undefined;
    const { how: wanted } = await choosePreprocessing(model, preprocessing);
    return {
      input,
      seen: undefined,
      how: undefined,
      ...(known ? rangesOf(wanted, input.dims[1]) : {}),
    };
  }
  const picture = await readPicture(path);
  const { how, note } = await choosePreprocessing(model, preprocessing);
  const size = inputSizeOf(how, model.input.dims ?? ["N", "C", "H", "W"]);
  const prepared = preprocess(picture, how, size);
  const input = tensor("float32", prepared.dims, prepared.data);
  const stored = storedPreprocessing(model);
  return {
    input,
    seen: prepared.seen,
    how,
    ...(stored === undefined ? {} : rangesOf(stored, size.channels)),
    ...(note === undefined ? {} : { note }),
  };
}

/** What the model's metadata says. */
function storedPreprocessing(model: Model): Preprocessing | undefined {
  const stored = model.graph.metadata.get("limpid.preprocessing");
  return stored === undefined
    ? undefined
    : channelsFirst(parsePreprocessing(stored, "model metadata"));
}

/** What a preprocessing makes of black and white; nothing is known of other channels than those of pictures. */
function rangesOf(
  how: Preprocessing,
  channels: number | undefined,
): { readonly expected?: readonly ChannelRange[] } {
  if (channels !== 1 && channels !== 3) return {};
  const { gain, offset } = affineOf(how, channels);
  const expected = gain.map((factor, c) => {
    const ends = [offset[c]!, offset[c]! + factor];
    return { min: Math.min(...ends), max: Math.max(...ends) };
  });
  return { expected };
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

/** A preprocessing, and what was assumed to choose it. */
export interface ChosenPreprocessing {
  readonly how: Preprocessing;
  readonly note?: string;
}

/** What the user says, else what the model's metadata says, else what most networks take, which the note says. */
export async function choosePreprocessing(
  model: Model,
  asked: string | undefined,
): Promise<ChosenPreprocessing> {
  if (asked?.toLowerCase().endsWith(".json")) {
    return { how: channelsFirst(parsePreprocessing(await readText(asked), asked)) };
  }
  if (asked !== undefined) return { how: preprocessingOf(asked) };
  const stored = storedPreprocessing(model);
  if (stored) return { how: stored };
  const how = model.input.dims?.[1] === 1 ? preprocessings.unit : preprocessings.torchvision;
  const note = `the model does not say how its input is prepared; assumed --preprocess ${how.name}`;
  return { how, note };
}

/** Every model takes its input channels first by now. */
function channelsFirst(how: Preprocessing): Preprocessing {
  return { ...how, layout: "nchw" };
}
