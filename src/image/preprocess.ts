/** @file How a picture becomes a network's input, and back. */
import { LimpidError } from "../errors.ts";
import { toGrey, toRgb, type Picture } from "./picture.ts";
import { centreCrop, resizePicture } from "./resize.ts";

/** What happens to pixels: `(value * scale - mean) / std` in the order of `channels`. */
export interface Preprocessing {
  readonly name: string;
  /** `crop` scales the shorter side to `size / cropShare` and cuts the centre out; `stretch` ignores proportions. */
  readonly resize: "crop" | "stretch";
  /** Share of the scaled picture's shorter side that is kept, 0.875 for 224 of 256. */
  readonly cropShare: number;
  readonly channels: "rgb" | "bgr" | "grey";
  /** Factor on 0..255 values. */
  readonly scale: number;
  /** One number, or one a channel in the order of `channels`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

const crop = { resize: "crop", cropShare: 0.875 } as const;

/** THE table of known preprocessings. */
export const preprocessings = {
  /** PyTorch's model zoo and most of ONNX's. */
  torchvision: {
    name: "torchvision",
    ...crop,
    channels: "rgb",
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  /** Caffe's networks: BGR, 0..255, minus the mean of ImageNet. */
  caffe: {
    name: "caffe",
    ...crop,
    channels: "bgr",
    scale: 1,
    mean: [104, 117, 123],
    std: [1, 1, 1],
  },
  /** TensorFlow's and Keras' MobileNet and Inception: -1..1. */
  tf: { name: "tf", ...crop, channels: "rgb", scale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] },
  /** 0..1. */
  unit: { name: "unit", ...crop, channels: "rgb", scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
  /** 0..255. */
  none: { name: "none", ...crop, channels: "rgb", scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
} as const satisfies Readonly<Record<string, Preprocessing>>;

/** The preprocessing of a name. Throws `bad-option` for an unknown one. */
export function preprocessingOf(name: string): Preprocessing {
  if (Object.hasOwn(preprocessings, name))
    return preprocessings[name as keyof typeof preprocessings];
  throw new LimpidError(
    "bad-option",
    `preprocess: the name must be one of ${Object.keys(preprocessings).join(", ")} or a .json file, got "${name}".`,
  );
}

/** A preprocessing written as JSON; fields left out are those of `unit`. Throws `bad-file` where a field is wrong. */
export function parsePreprocessing(text: string, where: string): Preprocessing {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LimpidError("bad-file", `${where}: the preprocessing must be JSON, got other text.`, {
      cause,
    });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new LimpidError(
      "bad-file",
      `${where}: the preprocessing must be a JSON object, got ${JSON.stringify(value)}.`,
    );
  }
  const merged = { ...preprocessings.unit, name: where, ...value } as Preprocessing;
  checkField(where, "resize", merged.resize, ["crop", "stretch"]);
  checkField(where, "channels", merged.channels, ["rgb", "bgr", "grey"]);
  const count = merged.channels === "grey" ? 1 : 3;
  return {
    ...merged,
    cropShare: checkNumber(where, "cropShare", merged.cropShare),
    scale: checkNumber(where, "scale", merged.scale),
    mean: checkList(where, "mean", merged.mean, count),
    std: checkList(where, "std", merged.std, count),
  };
}

function checkField(where: string, field: string, value: string, allowed: readonly string[]): void {
  if (allowed.includes(value)) return;
  throw new LimpidError(
    "bad-file",
    `${where}: "${field}" must be one of ${allowed.join(", ")}, got ${JSON.stringify(value)}.`,
  );
}

function checkNumber(where: string, field: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value) && value > 0) return value;
  throw new LimpidError(
    "bad-file",
    `${where}: "${field}" must be a positive number, got ${JSON.stringify(value)}.`,
  );
}

function checkList(where: string, field: string, value: unknown, count: number): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const numbers = list.filter((x): x is number => typeof x === "number" && Number.isFinite(x));
  if (numbers.length === list.length && (list.length === count || list.length === 1)) {
    return list.length === count ? numbers : Array<number>(count).fill(numbers[0]!);
  }
  if (numbers.length === 3 && count === 1) return [numbers[0]!];
  throw new LimpidError(
    "bad-file",
    `${where}: "${field}" must be ${count} numbers, got ${JSON.stringify(value)}.`,
  );
}

/** Spatial size and channels that a network takes. */
export interface InputSize {
  readonly channels: 1 | 3;
  readonly heightPx: number;
  readonly widthPx: number;
}

/** What a network sees of a picture. */
export interface PreparedInput {
  /** [channels, heightPx, widthPx] in the network's own range. */
  readonly data: Float32Array;
  /** The part of the picture that the network sees, at its own size. */
  readonly seen: Picture;
}

/** The picture as a network's input. One-channel networks get its luma. */
export function preprocess(source: Picture, how: Preprocessing, size: InputSize): PreparedInput {
  const fitted = fit(source, how, size);
  const seen = size.channels === 1 ? toGrey(fitted) : toRgb(fitted);
  const { gain, offset, order } = affineOf(how, size.channels);
  const plane = size.heightPx * size.widthPx;
  const data = new Float32Array(size.channels * plane);
  for (let c = 0; c < size.channels; c++) {
    for (let i = 0; i < plane; i++) {
      const value = seen.data[i * size.channels + order[c]!]! / 255;
      data[c * plane + i] = value * gain[c]! + offset[c]!;
    }
  }
  return { data, seen };
}

function fit(source: Picture, how: Preprocessing, size: InputSize): Picture {
  const { widthPx, heightPx } = size;
  if (how.resize === "stretch") return resizePicture(source, widthPx, heightPx);
  const exact = source.widthPx === widthPx && source.heightPx === heightPx;
  if (exact) return source;
  const cover = Math.max(
    widthPx / how.cropShare / source.widthPx,
    heightPx / how.cropShare / source.heightPx,
  );
  const scaled = resizePicture(
    source,
    Math.max(Math.round(source.widthPx * cover), widthPx),
    Math.max(Math.round(source.heightPx * cover), heightPx),
  );
  return centreCrop(scaled, widthPx, heightPx);
}

/** The same as one line a channel: `input[c] = picture[order[c]] * gain[c] + offset[c]` for pictures in 0..1. */
export interface AffineInput {
  readonly order: readonly number[];
  readonly gain: readonly number[];
  readonly offset: readonly number[];
}

export function affineOf(how: Preprocessing, channels: 1 | 3): AffineInput {
  const indices = Array.from({ length: channels }, (_, c) => c);
  return {
    order: how.channels === "bgr" && channels === 3 ? [2, 1, 0] : indices,
    gain: indices.map((c) => (255 * how.scale) / how.std[c]!),
    offset: indices.map((c) => -how.mean[c]! / how.std[c]!),
  };
}
