/** @file Which pictures a network takes that scales them itself: the ones of which its scaling makes a usual input. */
import { affineOf, preprocessings, type Preprocessing } from "../image/preprocess.ts";
import type { AffineScaling } from "../image/affine.ts";
import { largest } from "../statistics.ts";

/** What becomes of black, and the way from there to white, a number a channel. */
interface Span {
  readonly black: readonly number[];
  readonly way: readonly number[];
}

function spanOf(how: Preprocessing, channels: 1 | 3): Span {
  const { gain, offset } = affineOf({ ...how, channels: "rgb" }, channels);
  return { black: offset, way: gain };
}

function through({ black, way }: Span, { order, gain, offset }: AffineScaling): Span {
  return {
    black: order.map((from, c) => black[from]! * gain[c]! + offset[c]!),
    way: order.map((from, c) => way[from]! * gain[c]!),
  };
}

const { torchvision, caffe, tf, unit, none } = preprocessings;

/** Its means are those of colours, so that it comes in either order. */
const backwards: Preprocessing = {
  ...torchvision,
  channels: "bgr",
  mean: torchvision.mean.toReversed(),
  std: torchvision.std.toReversed(),
};

/** Half a range to each side of 0. */
const centred: Preprocessing = { ...unit, name: "centred", mean: [0.5] };

/** What first layers are made for; of those with a mean a channel, the other order of colours too. */
const usualInputs: readonly Preprocessing[] = [torchvision, caffe, tf, unit, none, centred];

/** Pairs of which a scaling by a half is all that is known. */
function isVague(from: Preprocessing, to: Preprocessing): boolean {
  return to === centred && from !== none && from !== unit;
}

/**
 * The preprocessing, of `none`, `unit`, `tf` and `torchvision`, whose pictures the scaling makes a usual input;
 * with channels in the order that the means tell. Undefined where none or the scaling itself does nothing.
 */
export function rangeBefore(scaling: AffineScaling, channels: 1 | 3): Preprocessing | undefined {
  if (!changesNumbers(scaling)) return undefined;
  for (const from of [none, unit, tf, torchvision, backwards]) {
    const got = through(spanOf(from, channels), scaling);
    const isKnown = usualInputs.some(
      (to) =>
        !isVague(from, to) &&
        (isLike(got, spanOf(to, channels)) || isLike(got, mirrored(to, channels))),
    );
    if (isKnown) return inOrderTold(from, scaling);
  }
  const roughly = roughRange(scaling);
  return roughly && inOrderTold(roughly, scaling);
}

/** The preprocessing, `none` or `unit`, of whose pictures the scaling makes what another one makes; undefined for neither. */
export function rangeMaking(
  scaling: AffineScaling,
  to: Preprocessing,
  channels: 1 | 3,
): Preprocessing | undefined {
  if (!changesNumbers(scaling)) return undefined;
  const from = [none, unit].find((each) => {
    const got = through(spanOf(each, channels), scaling);
    return isLike(got, spanOf(to, channels)) || isLike(got, mirrored(to, channels));
  });
  return from && inOrderTold(from, scaling);
}

/** Whether the scaling does more than to change the order of channels. */
export function changesNumbers({ gain, offset }: AffineScaling): boolean {
  return gain.some((x) => Math.abs(x - 1) > 1e-3) || offset.some((x) => Math.abs(x) > 1e-3);
}

function mirrored(how: Preprocessing, channels: 1 | 3): Span {
  const { black, way } = spanOf(how, channels);
  return { black: black.toReversed(), way: way.toReversed() };
}

function isLike(a: Span, b: Span): boolean {
  return b.way.every(
    (way, c) =>
      Math.abs(a.way[c]! - way) < 0.03 * way && Math.abs(a.black[c]! - b.black[c]!) < 0.03 * way,
  );
}

/** Means and deviations of other data sets: what is made of 0..255 or 0..1 lies around 0 and is a few units wide. */
function roughRange({ gain, offset }: AffineScaling): Preprocessing | undefined {
  return [none, unit].find((from) => {
    const white = 255 * from.scale;
    return gain.every((factor, c) => {
      const [low, high] = [offset[c]!, offset[c]! + white * factor];
      const width = high - low;
      const isOfBytes = from === none && factor > 0.9 && factor < 1.1 && low < -20;
      const isUsual = (width >= 0.9 && width <= 12) || isOfBytes;
      return isUsual && low <= 0.05 * width && high >= 0.4 * width;
    });
  });
}

/** Means of colours, 0..1: those of most data sets lie as near to ImageNet's. */
const usualMean = [0.485, 0.456, 0.406];
const nearMean = 0.04;

/** With BGR where the means that are taken off are those of photos backwards, by the input's channels. */
function inOrderTold(from: Preprocessing, { order, gain, offset }: AffineScaling): Preprocessing {
  if (gain.length !== 3 || from.mean.length > 1) return from;
  const { black, way } = spanOf(from, 3);
  const means = [0, 0, 0];
  for (const [c, input] of order.entries()) {
    means[input] = (-offset[c]! / gain[c]! - black[input]!) / way[input]!;
  }
  const off = (list: readonly number[]) =>
    largest(list.map((mean, c) => Math.abs(mean - usualMean[c]!)));
  const [forwards, reverse] = [off(means), off(means.toReversed())];
  return reverse < nearMean && reverse < forwards ? { ...from, channels: "bgr" } : from;
}
