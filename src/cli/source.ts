/** @file What is explained: a picture made ready for a network, or a tensor as it is. */
import { LimpidError } from "../errors.ts";
import { decodeNpy } from "../formats/npy.ts";
import { formatShape, tensor, type Tensor } from "../graph/tensor.ts";
import type { Picture } from "../image/picture.ts";
import {
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
    return {
      input: asFloats(decodeNpy(await readBytes(path)), path),
      seen: undefined,
      how: undefined,
    };
  }
  const picture = await readPicture(path);
  const { how, note } = await choosePreprocessing(model, preprocessing);
  const size = inputSizeOf(how, model.input.dims ?? ["N", "C", "H", "W"]);
  const prepared = preprocess(picture, how, size);
  const input = tensor("float32", prepared.dims, prepared.data);
  return { input, seen: prepared.seen, how, ...(note === undefined ? {} : { note }) };
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
  const stored = model.graph.metadata.get("limpid.preprocessing");
  if (stored !== undefined) {
    return { how: channelsFirst(parsePreprocessing(stored, "model metadata")) };
  }
  const how = model.input.dims?.[1] === 1 ? preprocessings.unit : preprocessings.torchvision;
  const note = `the model does not say how its input is prepared; assumed --preprocess ${how.name}`;
  return { how, note };
}

/** Every model takes its input channels first by now. */
function channelsFirst(how: Preprocessing): Preprocessing {
  return { ...how, layout: "nchw" };
}
