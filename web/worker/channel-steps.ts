/** @file How a channel's numbers come about for the picture: what it reads, by which kernels, and what follows. */
import { layerValues } from "../../src/activations/layer-values.ts";
import { toFloat32, type Tensor } from "../../src/graph/tensor.ts";
import {
  channelSteps,
  type ChannelSteps,
  type ReadChannel,
} from "../../src/network/channel-steps.ts";
import { formatCount } from "../../src/wording/numbers.ts";
import type { FollowedChannel, ShownSteps } from "../steps-protocol.ts";
import type { Desk } from "./desk.ts";
import { layersOn, tracedFor } from "./seen-layers.ts";

/** What a page has room for: 64 MiB of numbers. */
const mostNumbers = 2 ** 24;

/** Throws as `layersOn` and `layerValues`. */
export async function followedChannel(
  desk: Desk,
  { layer, channel }: { readonly layer: string; readonly channel: number },
): Promise<ShownSteps> {
  const traced = await tracedFor(desk);
  const [observed] = await layersOn(desk, [layer]);
  if (observed!.layout) {
    return refused(`"${layer}" holds its channels last, as tokens have them, and no window slides`);
  }
  const steps = channelSteps(traced, observed!.name, channel);
  if ("refused" in steps) return refused(steps.refused);
  const [rows, columns] = steps.windows.input;
  const count = steps.reads.length * rows * columns;
  if (count > mostNumbers) {
    return refused(
      `"${layer}" reads ${formatCount(count)} numbers, more than the page has room for`,
    );
  }
  return { ...(await withValues(desk, steps)), layer: observed!.name, channel };
}

function refused(reason: string): ShownSteps {
  return { isFollowed: false, reason: `${reason}.` };
}

type Followed = Omit<FollowedChannel, "layer" | "channel">;

async function withValues(desk: Desk, steps: ChannelSteps): Promise<Followed> {
  const { model } = desk.open;
  const { input } = desk.looked.source;
  const read = steps.reads.map((each) => each.layer);
  const wanted = [steps.value, ...steps.stages.map(({ value }) => value), ...read];
  const names = [...new Set(wanted)].filter((name) => name !== model.input.name);
  const values = new Map(await layerValues(model, names, input));
  values.set(model.input.name, { ...input, dims: input.dims.slice(1) });
  const of = (name: string, channel: number) => channelOf(values.get(name)!, channel);
  const ranked = rankedReads(steps.reads);
  return {
    isFollowed: true,
    kind: steps.kind,
    operator: steps.operator,
    windows: steps.windows,
    bias: steps.bias,
    countsOutside: steps.countsOutside,
    isDense: steps.isDense,
    reads: ranked.map(({ layer, channel, size }) => ({ layer, channel, size })),
    maps: joined(ranked.map(({ layer, channel }) => of(layer, channel))),
    kernels: joined(ranked.flatMap(({ kernel }) => (kernel ? [kernel] : []))),
    values: Float32Array.from(of(steps.value, steps.channel)),
    stages: steps.stages.map(({ operator, formula, value, channel }) => ({
      operator,
      formula,
      values: Float32Array.from(of(value, channel)),
    })),
  };
}

/** The largest kernels first. */
function rankedReads(reads: readonly ReadChannel[]) {
  const sized = reads.map((read) => ({
    ...read,
    size: lengthOf(read.kernel),
  }));
  return sized.toSorted((a, b) => b.size - a.size);
}

/** Euclidean; 0 without a kernel. */
function lengthOf(kernel: Float32Array | undefined): number {
  return Math.sqrt(kernel?.reduce((sum, weight) => sum + weight * weight, 0) ?? 0);
}

/** One channel of values [C, ...]. */
function channelOf(value: Tensor, channel: number): Float32Array {
  const numbers = toFloat32(value);
  const places = numbers.length / value.dims[0]!;
  return numbers.subarray(channel * places, (channel + 1) * places);
}

function joined(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
