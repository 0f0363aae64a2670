/** @file How a picture becomes a network's input, and back. */
import { LimpidError } from "../errors.ts";
import { interleaved, planar, scaleInto, type AffineScaling } from "./affine.ts";
import { toGrey, toRgb, type Picture } from "./picture.ts";
import { centreOf, crop, filled, paste, type Rectangle } from "./raster.ts";
import { resizePicture, type ResizeFilter } from "./resize.ts";

/** What happens to a picture: it is fitted to the input's size, then `(value * scale - mean) / std`. */
export interface Preprocessing {
  readonly name: string;
  /**
   * `crop`: the shorter side is scaled to `input size / cropShare` and the centre is cut out; `stretch`:
   * proportions are given up; `pad`: the whole picture, with borders of `border`. With `crop`, a picture of just the input's size is taken as it is.
   */
  readonly resize: "crop" | "stretch" | "pad";
  /** Share of the scaled picture's shorter side that `crop` keeps: 0.875 is 224 of 256. */
  readonly cropShare: number;
  /** Grey of the borders of `pad`, 0..255; left out, what the network sees as 0, as near as a colour comes to it. */
  readonly border?: number;
  /** Where `pad` puts the picture; left out, in the middle. */
  readonly corner?: "top-left";
  readonly filter: ResizeFilter;
  /** [heightPx, widthPx] for networks that leave their input's size open. */
  readonly size?: readonly [number, number];
  /** The order in which the network takes them; `grey` is luma, repeated for networks of three channels. */
  readonly channels: "rgb" | "bgr" | "grey";
  /** Factor on 0..255 values. */
  readonly scale: number;
  /** One number, or one a channel in the order of `channels`. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  readonly layout: "nchw" | "nhwc";
}

const usual = {
  resize: "crop",
  cropShare: 0.875,
  filter: "bilinear",
  channels: "rgb",
  mean: [0],
  std: [1],
  layout: "nchw",
} as const satisfies Partial<Preprocessing>;

/** THE table of known preprocessings. Where nothing else is said, the shorter side is scaled to 8/7 of the input, and the centre cut out. */
export const preprocessings = {
  /** PyTorch's model zoo and most of ONNX's. */
  torchvision: {
    ...usual,
    name: "torchvision",
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  },
  /** Caffe's networks: BGR, 0..255, minus the mean of ImageNet. */
  caffe: { ...usual, name: "caffe", channels: "bgr", scale: 1, mean: [104, 117, 123] },
  /** TensorFlow's and Keras' MobileNet and Inception: -1..1. */
  tf: { ...usual, name: "tf", scale: 1 / 127.5, mean: [1] },
  /** 0..1. */
  unit: { ...usual, name: "unit", scale: 1 / 255 },
  /** 0..255. */
  none: { ...usual, name: "none", scale: 1 },
  /** Detectors of Ultralytics: 0..1, the whole picture in the middle of grey borders. */
  letterbox: { ...usual, name: "letterbox", scale: 1 / 255, resize: "pad", border: 114 },
  /** YOLOX: BGR, 0..255, the whole picture at the top left of grey borders. */
  yolox: {
    ...usual,
    name: "yolox",
    scale: 1,
    channels: "bgr",
    resize: "pad",
    border: 114,
    corner: "top-left",
  },
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

/** Spatial size and channels that a network takes. */
export interface InputSize {
  readonly channels: 1 | 3;
  readonly heightPx: number;
  readonly widthPx: number;
}

/** Side of pictures for networks that leave it open and a preprocessing that does not say. */
const usualSidePx = 224;

/**
 * The size of a network's input [N, C, H, W] (or [N, H, W, C], as `how.layout` says), with open sides filled
 * in from `how.size`. Throws `shape-mismatch` if no picture fits it, `bad-option` if `how` wants another size.
 */
export function inputSizeOf(
  how: Preprocessing,
  dims: readonly (number | string | undefined)[],
): InputSize {
  const [, ...inner] = dims;
  const [channels, height, width] = how.layout === "nchw" ? inner : [inner[2], inner[0], inner[1]];
  const known = typeof channels === "number" && channels > 0 ? channels : 3;
  if (dims.length !== 4 || (known !== 1 && known !== 3)) {
    throw new LimpidError(
      "shape-mismatch",
      `preprocess: a picture needs a network whose input is ${how.layout === "nchw" ? "[N, C, H, W]" : "[N, H, W, C]"} with 1 or 3 channels, got [${dims.join(", ")}]. give a .npy tensor.`,
    );
  }
  return { channels: known, heightPx: sideOf(how, height, 0), widthPx: sideOf(how, width, 1) };
}

function sideOf(how: Preprocessing, dim: number | string | undefined, axis: 0 | 1): number {
  const asked = how.size?.[axis];
  if (typeof dim !== "number" || dim <= 0) return asked ?? usualSidePx;
  if (asked === undefined || asked === dim) return dim;
  throw new LimpidError(
    "bad-option",
    `preprocess: "size" must be the network's ${axis === 0 ? "height" : "width"} ${dim}, got ${asked}. leave it out.`,
  );
}

/** A picture, and the part of it that a network sees. */
export interface CutPicture {
  /** Scaled so that the part has the size of the network's input: grey or RGB, as what is seen. */
  readonly whole: Picture;
  /** In pixels of `whole`. */
  readonly part: Rectangle;
}

/** What a network sees of a picture. */
export interface PreparedInput {
  /** [1, channels, heightPx, widthPx], or [1, heightPx, widthPx, channels] if the layout is `nhwc`. */
  readonly dims: readonly [number, number, number, number];
  /** The input of shape `dims`, in the network's own range. */
  readonly data: Float32Array;
  /** The part of the picture that the network sees, at its own size: grey or RGB, before the arithmetic. */
  readonly seen: Picture;
  /** What `seen` was cut out of, where something is left out. */
  readonly cut?: CutPicture;
}

/** The picture as a network's input. Networks of one channel get its luma. */
export function preprocess(source: Picture, how: Preprocessing, size: InputSize): PreparedInput {
  const coloured = size.channels === 3 && how.channels !== "grey";
  const shown = coloured ? toRgb(source) : toGrey(source);
  const { whole, part } = fit(shown, how, size);
  const inChannels = size.channels === 3 ? toRgb(whole) : whole;
  const seen = part ? crop(inChannels, part) : inChannels;
  const data = new Float32Array(seen.data.length);
  const places = size.heightPx * size.widthPx;
  const scaling = affineOf(how, size.channels);
  scaleInto(
    interleaved(seen.data, size.channels),
    numbersOf(data, how, size),
    places,
    scaling,
    255,
  );
  const cut = part && { cut: { whole: inChannels, part } };
  return { dims: dimsOf(how, size), data, seen, ...cut };
}

/** The picture of a network's input: `preprocess` backwards. Colours outside of 0..255 are clipped. Throws `shape-mismatch`. */
export function toPicture(data: Float32Array, how: Preprocessing, size: InputSize): Picture {
  const { channels, widthPx, heightPx } = size;
  const places = heightPx * widthPx;
  if (data.length !== channels * places) {
    throw new LimpidError(
      "shape-mismatch",
      `preprocess: an input [${dimsOf(how, size).join(", ")}] needs ${channels * places} numbers, got ${data.length}.`,
    );
  }
  const { gain, offset, order } = affineOf(how, channels);
  const pixels = new Uint8Array(data.length);
  const { channelStep, placeStep } = numbersOf(data, how, size);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < places; i++) {
      const value = (255 * (data[c * channelStep + i * placeStep]! - offset[c]!)) / gain[c]!;
      pixels[i * channels + order[c]!] = Math.min(Math.max(Math.round(value), 0), 255);
    }
  }
  return { widthPx, heightPx, channels, data: pixels };
}

function dimsOf(how: Preprocessing, size: InputSize): readonly [number, number, number, number] {
  const { channels, heightPx, widthPx } = size;
  return how.layout === "nchw"
    ? [1, channels, heightPx, widthPx]
    : [1, heightPx, widthPx, channels];
}

/** Where the numbers of the input lie. */
function numbersOf(
  data: Float32Array,
  how: Preprocessing,
  { channels, heightPx, widthPx }: InputSize,
) {
  return how.layout === "nchw" ? planar(data, heightPx * widthPx) : interleaved(data, channels);
}

/** A picture scaled to an input's size, and the part of it that is cut out, unless it is all. */
interface Fitted {
  readonly whole: Picture;
  readonly part?: Rectangle;
}

function fit(source: Picture, how: Preprocessing, size: InputSize): Fitted {
  const { widthPx, heightPx } = size;
  if (source.widthPx === widthPx && source.heightPx === heightPx) return { whole: source };
  if (how.resize === "stretch")
    return { whole: resizePicture(source, widthPx, heightPx, how.filter) };
  return how.resize === "crop" ? cropped(source, how, size) : { whole: padded(source, how, size) };
}

/** A line scaled by its shorter side would fill the memory; large inputs may need more. */
const largestPixels = 2 ** 24;
const largestShare = 8;
const longestSide = 2 ** 16;

/** The part of a picture that a network sees, in pixels of the picture; all of it where nothing is cut off. */
export function seenPart(source: Picture, how: Preprocessing, size: InputSize): Rectangle {
  const { widthPx, heightPx } = source;
  const isWhole = widthPx === size.widthPx && heightPx === size.heightPx;
  if (how.resize !== "crop" || isWhole) return { left: 0, top: 0, widthPx, heightPx };
  const [width, height] = scaledSize(source, how, size);
  const seenWidth = Math.round((size.widthPx / width) * widthPx);
  const seenHeight = Math.round((size.heightPx / height) * heightPx);
  return {
    left: Math.round((widthPx - seenWidth) / 2),
    top: Math.round((heightPx - seenHeight) / 2),
    widthPx: seenWidth,
    heightPx: seenHeight,
  };
}

/**
 * Where all of a picture lies in the pixels of the network's input: beyond its borders where it is cropped, and within
 * them where it is padded.
 */
export function placeInInput(
  source: Pick<Picture, "widthPx" | "heightPx">,
  how: Preprocessing,
  size: InputSize,
): Rectangle {
  const { widthPx, heightPx } = size;
  const isWhole = source.widthPx === widthPx && source.heightPx === heightPx;
  if (isWhole || how.resize === "stretch") return { left: 0, top: 0, widthPx, heightPx };
  if (how.resize === "pad") return placeInBorders(source, how, size);
  const [width, height] = scaledSize(source, how, size);
  const part = centreOf({ widthPx: width, heightPx: height }, widthPx, heightPx);
  return { left: -part.left, top: -part.top, widthPx: width, heightPx: height };
}

/** Width and height before the crop: the longer side is rounded down, so that square inputs are torchvision's to the byte. */
function scaledSize(
  source: Pick<Picture, "widthPx" | "heightPx">,
  how: Preprocessing,
  size: InputSize,
): readonly [number, number] {
  const width = Math.round(size.widthPx / how.cropShare);
  const height = Math.round(size.heightPx / how.cropShare);
  const isTall = source.widthPx * height <= source.heightPx * width;
  return isTall
    ? [width, Math.trunc((width * source.heightPx) / source.widthPx)]
    : [Math.trunc((height * source.widthPx) / source.heightPx), height];
}

function cropped(source: Picture, how: Preprocessing, size: InputSize): Fitted {
  const [width, height] = scaledSize(source, how, size);
  const most = Math.max(largestPixels, largestShare * size.widthPx * size.heightPx);
  if (width * height > most || Math.max(width, height) > longestSide) {
    throw tooLarge(source, how, width, height);
  }
  const whole = resizePicture(source, width, height, how.filter);
  const part = centreOf(whole, size.widthPx, size.heightPx);
  return width === part.widthPx && height === part.heightPx ? { whole } : { whole, part };
}

function tooLarge(
  { widthPx, heightPx }: Picture,
  { cropShare }: Preprocessing,
  width: number,
  height: number,
): LimpidError {
  const isLine = Math.max(widthPx / heightPx, heightPx / widthPx) > 16;
  return new LimpidError(
    "bad-option",
    isLine
      ? `preprocess: a picture that is cropped must not be a mere line, got ${widthPx} x ${heightPx}. use "resize": "pad" or cut it first.`
      : `preprocess: a picture that is cropped must not be scaled to ${width} x ${height} before, got a "cropShare" of ${cropShare}. use a larger one.`,
  );
}

function padded(source: Picture, how: Preprocessing, size: InputSize): Picture {
  const { left, top, widthPx, heightPx } = placeInBorders(source, how, size);
  const inner = resizePicture(source, widthPx, heightPx, how.filter);
  const colour =
    how.border === undefined
      ? zeroColour(how, source.channels)
      : new Uint8Array(source.channels).fill(how.border);
  const ground = filled(size.widthPx, size.heightPx, source.channels, colour);
  paste(ground, inner, left, top);
  return ground;
}

/** Where a picture lies between the borders of `pad`. */
function placeInBorders(
  source: Pick<Picture, "widthPx" | "heightPx">,
  { corner }: Preprocessing,
  size: InputSize,
): Rectangle {
  const share = Math.min(size.widthPx / source.widthPx, size.heightPx / source.heightPx);
  const widthPx = Math.max(Math.round(source.widthPx * share), 1);
  const heightPx = Math.max(Math.round(source.heightPx * share), 1);
  return {
    left: corner === "top-left" ? 0 : Math.floor((size.widthPx - widthPx) / 2),
    top: corner === "top-left" ? 0 : Math.floor((size.heightPx - heightPx) / 2),
    widthPx,
    heightPx,
  };
}

/** The colour that is nearest to 0 in the network's range. */
function zeroColour(how: Preprocessing, channels: Picture["channels"]): Uint8Array {
  const { order, offset, gain } = affineOf(how, channels === 1 ? 1 : 3);
  const colour = new Uint8Array(channels);
  for (const [c, to] of order.entries()) {
    colour[to] = Math.round(255 * Math.min(Math.max(-offset[c]! / gain[c]!, 0), 1));
  }
  return colour;
}

/** The arithmetic of a preprocessing; networks of one channel get the mean of what three channels would get. */
export function affineOf(how: Preprocessing, channels: 1 | 3): AffineScaling {
  const indices = Array.from({ length: channels }, (_, c) => c);
  const mean = perChannel(how.mean, channels);
  const std = perChannel(how.std, channels);
  return {
    order: how.channels === "bgr" && channels === 3 ? [2, 1, 0] : indices,
    gain: indices.map((c) => (255 * how.scale) / std[c]!),
    offset: indices.map((c) => -mean[c]! / std[c]!),
  };
}

function perChannel(values: readonly number[], channels: 1 | 3): readonly number[] {
  if (values.length === channels) return values;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Array<number>(channels).fill(mean);
}
