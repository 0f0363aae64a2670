/** @file What a channel is made of: how its numbers are spread over the picture, what it reads and what reads it. */
import { channelPlanes } from "../../src/activations/layer-values.ts";
import { colorize, scaleFor } from "../../src/image/colormap.ts";
import { LimpidError } from "../../src/errors.ts";
import { plane } from "../../src/image/picture.ts";
import {
  weightsAfter,
  weightsBefore,
  type ChannelWeights,
} from "../../src/network/channel-weights.ts";
import type { ShownDetails, ShownWeights } from "../protocol.ts";
import type { CallContext } from "./calls.ts";
import type { Desk } from "./desk.ts";
import { pixelsOf } from "./pixels.ts";
import { seenLayer, tracedFor } from "./seen-layers.ts";

const mostChannels = 8;
const bins = 24;

/** Throws as `runPicture`, and `bad-option` for a channel that the layer does not have. */
export async function unitDetails(
  desk: Desk,
  { layer, channel }: { readonly layer: string; readonly channel: number },
  call: CallContext,
): Promise<ShownDetails> {
  const traced = await tracedFor(desk);
  const { name, values } = await seenLayer(desk, layer, call);
  const planes = channelPlanes(values);
  if (channel >= planes.length) {
    throw new LimpidError(
      "bad-option",
      `channel: it must be one of 0 to ${planes.length - 1} in "${name}", got ${channel}. choose one of them.`,
    );
  }
  const { data } = planes[channel]!;
  const before = weightsBefore(traced, name, channel, mostChannels);
  const after = weightsAfter(traced, name, channel, mostChannels);
  const largest = [...before, ...after].reduce(
    (most, { kernel }) => kernel.reduce((own, weight) => Math.max(own, Math.abs(weight)), most),
    0,
  );
  return {
    histogram: histogramOf(data),
    before: before.map((weights) => shownWeights(weights, largest)),
    after: after.map((weights) => shownWeights(weights, largest)),
  };
}

function histogramOf(data: Float32Array): ShownDetails["histogram"] {
  let [least, most] = [data[0]!, data[0]!];
  for (const value of data) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const counts = Array<number>(bins).fill(0);
  for (const value of data) {
    const share = most > least ? (value - least) / (most - least) : 0;
    counts[Math.min(Math.floor(share * bins), bins - 1)]! += 1;
  }
  return { least, most, counts };
}

/** All kernels of a panel have one scale. */
function shownWeights(
  { layer, channel, kernel, height, width, size }: ChannelWeights,
  largest: number,
): ShownWeights {
  const scale = scaleFor(Float32Array.of(-largest, largest), { signed: true });
  const picture = colorize(plane(width, height, kernel), scale);
  return { layer, channel, size, kernel: pixelsOf(picture) };
}
