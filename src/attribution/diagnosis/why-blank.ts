/** @file Why a map is blank, flat or not finite: the causes that the network and its input show, and what to try. */
import { option, say, type Message } from "../../wording/face.ts";
import type { StopSignal } from "../../errors.ts";
import { elementCount, tensor, type Tensor } from "../../graph/tensor.ts";
import type { ChannelRange } from "../../network/choose-preprocessing.ts";
import type { Model } from "../../network/model.ts";
import { areaHolding } from "./positive-mass.ts";
import { placesOf } from "./place-map.ts";
import { extremes, type Heatmap, type MapWarning, type WarningCause } from "../heatmap.ts";
import { formatPlain, formatShare } from "../../wording/numbers.ts";
import { largest, smallest } from "../../statistics.ts";

export interface ReasonsOptions {
  /** What the preprocessing makes of black and white, one range a channel; unknown by default. */
  readonly expected?: readonly ChannelRange[];
  /** What is said of an input that is the same everywhere; that the file is to blame by default. */
  readonly plain?: Message;
  readonly signal?: StopSignal;
}

/** Causes that say what a map looks like but not why. */
export const appearances: ReadonlySet<WarningCause> = new Set([
  "not-finite",
  "all-zero",
  "constant",
  "flat",
]);

/**
 * The maps of the pictures of `input` [N, C, H, W], map i of picture i, with the causes of what is odd about
 * them after their own warnings. The network runs again only for maps that are blank, flat or not finite.
 */
export async function withReasons(
  model: Model,
  input: Tensor,
  maps: readonly Heatmap[],
  options: ReasonsOptions = {},
): Promise<Heatmap[]> {
  const explained: Heatmap[] = [];
  for (const [row, map] of maps.entries()) {
    const reasons = await reasonsOf(model, pictureOf(input, row), map, options);
    explained.push({ ...map, warnings: [...kept(map.warnings, reasons), ...reasons] });
  }
  return explained;
}

/** Where what is explained cannot change, no layer helps, which the looks of a map advise. */
function kept(own: readonly MapWarning[], reasons: readonly MapWarning[]): readonly MapWarning[] {
  const isHopeless = reasons.some(({ cause }) => cause === "lone-softmax");
  return isHopeless ? own.filter(({ cause }) => !appearances.has(cause)) : own;
}

function pictureOf(input: Tensor, row: number): Tensor {
  if (input.dims[0] === 1) return input;
  const dims = [1, ...input.dims.slice(1)];
  const size = elementCount(dims);
  return tensor("float32", dims, (input.data as Float32Array).slice(row * size, (row + 1) * size));
}

function areFinite(data: Float32Array): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i]!)) return false;
  return true;
}

async function reasonsOf(
  model: Model,
  picture: Tensor,
  map: Heatmap,
  { expected, plain, signal }: ReasonsOptions,
): Promise<MapWarning[]> {
  const data = picture.data as Float32Array;
  const isOdd = map.warnings.some(({ cause }) => appearances.has(cause));
  if (!areFinite(data)) {
    return [reason("input-not-finite", "the input itself holds NaN or infinity: check the file")];
  }
  const reasons = [...rangeReason(picture, expected), ...saturation(model, map)];
  if (!isOdd)
    return [...reasons, ...(isOfSeveral(map, model) ? [] : concentration(map, model.parts))];
  const { loneSoftmaxReason } = await import("./lone-softmax.ts");
  const lone = await loneSoftmaxReason(model, picture, map);
  if (lone) return [...reasons, lone];
  if (isConstant(picture)) {
    const message = "the picture is the same everywhere, so no place can differ: check the file";
    return [...reasons, reason("constant-input", plain ?? message)];
  }
  if (!expected) for (const each of bytesReason(data)) reasons.push(each);
  const { layerReasons } = await import("./stuck-layers.ts");
  const layers = await layerReasons(model, picture, map, signal);
  return [...reasons, ...(layers.length > 0 ? layers : offReason(map))];
}

function offReason({ logit }: Heatmap): MapWarning[] {
  if (logit !== 0) return [];
  const message =
    "what is explained is itself exactly 0 for this picture, as a unit behind a ReLU that is off: try another unit, place or picture";
  return [reason("dead-unit", message)];
}

function reason(cause: WarningCause, message: string | Message): MapWarning {
  return { cause, message };
}

/** How far beyond its range, and how small a part of it, an input may be: shares of the range. */
const beyondShare = 0.1;
const leastShare = 0.02;

/** Whether the input's numbers are those that the preprocessing would give. */
function rangeReason(picture: Tensor, expected: readonly ChannelRange[] | undefined): MapWarning[] {
  if (!expected || isConstant(picture)) return [];
  const data = picture.data as Float32Array;
  const size = data.length / expected.length;
  const found = expected.map((_, c) => extremes(data.subarray(c * size, (c + 1) * size)));
  const isBeyond = expected.some(({ min, max }, c) => {
    const slack = beyondShare * (max - min);
    return found[c]!.min < min - slack || found[c]!.max > max + slack;
  });
  const isNarrow = expected.every(
    ({ min, max }, c) => found[c]!.max - found[c]!.min < leastShare * (max - min),
  );
  if (!isBeyond && !isNarrow) return [];
  const guess = guessOf(spanOf(found));
  const message = say`the input goes from ${written(spanOf(found))}, where the network's preprocessing gives ${written(spanOf(expected))}${guess}: prepare it so, or say with ${option("preprocess")} how the network wants it`;
  return [reason("input-range", message)];
}

function spanOf(ranges: readonly ChannelRange[]): ChannelRange {
  return {
    min: smallest(ranges.map(({ min }) => min)),
    max: largest(ranges.map(({ max }) => max)),
  };
}

function written({ min, max }: ChannelRange): string {
  return `${formatPlain(min)} to ${formatPlain(max)}`;
}

function guessOf({ min, max }: ChannelRange): string {
  if (min < 0) return "";
  if (max > 2 && max <= 255) return " (it looks like a picture in 0..255)";
  return max <= 1 ? " (it looks like a picture in 0..1)" : "";
}

/** Where nobody said what the network wants: most want small numbers. */
function bytesReason(data: Float32Array): MapWarning[] {
  const isBytes = data.every((value) => value >= 0 && value <= 255 && Number.isInteger(value));
  if (!isBytes || extremes(data).max < 32) return [];
  const message = say`the input looks like a picture in 0..255 as it is, and most networks want smaller numbers: prepare it, or give the picture and ${option("preprocess")}`;
  return [reason("input-range", message)];
}

/** From here on, gradients of a probability p are nothing beside those of its logit: they carry the factor p (1 - p). */
const leastSlope = 1e-3;

function saturation(model: Model, { probability: p }: Heatmap): MapWarning[] {
  if (model.explained === model.logits || p === null || !(p * (1 - p) < leastSlope)) return [];
  const message = say`the probability is ${p > 0.5 ? "nearly 1" : "nearly 0"} (the softmax is saturated), so that hardly anything changes it: explain the logit, without ${option("keep-softmax")}`;
  return [reason("saturated", message)];
}

function isConstant(picture: Tensor): boolean {
  const channels = picture.dims[1]!;
  const data = picture.data as Float32Array;
  const size = data.length / channels;
  return data.every((value, i) => value === data[i - (i % size)]);
}

/** Where half of a map lies in less of the picture than this, the eye finds nothing else. */
const leastArea = 0.005;

/** Whether a map is of several inputs, each of which is looked at by itself. */
function isOfSeveral({ layer }: Heatmap, { parts, input }: Model): boolean {
  return parts.length > 1 && layer === input.name;
}

/** That a map lies in places that are hard to find, if it does. */
export function concentration(map: Heatmap, parts: Model["parts"]): MapWarning[] {
  const whole = parts.length === 1 && parts[0]!.kind === "picture" ? "picture" : "input";
  const area = areaHolding(placesOf(map));
  if (!(area < leastArea)) return [];
  const message = `half of the positive mass lies in ${formatShare(area)} of the ${whole}, beside which the rest looks blank: see its numbers`;
  return [reason("concentrated", message)];
}
