/** @file Random numbers for every input of a network, whatever its types and shapes. */
import { LimpidError } from "../../errors.ts";
import type { Graph, ValueInfo } from "../../graph/graph.ts";
import { toHalf } from "../../graph/half.ts";
import { requireRoom } from "../../graph/limits/within-limits.ts";
import { inputLayout } from "../../graph/input-layout.ts";
import { elementCount, tensorOf, type ElementType, type Tensor } from "../../graph/tensor.ts";
import { randomStream, type RandomStream } from "../../random.ts";
import type { Tensors } from "../../runtime/runtime.ts";
import type { Limits } from "../../wording/limits.ts";

/** What open axes of a picture are taken for. */
const usual = { batch: 1, channels: 3, sidePx: 224 } as const;

/**
 * One picture's worth for a network of a picture, ones for other open axes. Throws `over-limit`, and `bad-file` for inputs whose type or
 * rank is not told, and for those of text.
 */
export function randomFeeds(graph: Graph, seed: number, limits: Limits): Tensors {
  const isLast = inputLayout(graph)?.channels === "last";
  const feeds: Record<string, Tensor> = {};
  for (const info of graph.inputs) {
    const random = randomStream("convert", seed, info.name);
    feeds[info.name] = randomTensor(info, isLast, random, limits);
  }
  return feeds;
}

function randomTensor(
  info: ValueInfo,
  isLast: boolean,
  random: RandomStream,
  limits: Limits,
): Tensor {
  const { name, type, dims } = info;
  if (type === undefined || type === "string" || type === "bfloat16" || dims === undefined) {
    throw new LimpidError(
      "bad-file",
      `convert: input "${name}" must have a shape and a type of numbers, got ${type ?? "none"}.`,
    );
  }
  const open =
    dims.length === 4
      ? isLast
        ? [usual.batch, usual.sidePx, usual.sidePx, usual.channels]
        : [usual.batch, usual.channels, usual.sidePx, usual.sidePx]
      : dims.map(() => 1);
  const sizes = dims.map((size, axis) => (typeof size === "number" ? size : open[axis]!));
  requireRoom(`convert: input "${name}"`, sizes, limits);
  const draw = drawOf(type, random);
  const numbers = Array.from({ length: elementCount(sizes) }, draw);
  if (type === "float16") return toHalf(tensorOf("float32", sizes, numbers));
  return tensorOf(type, sizes, numbers);
}

/** Normal numbers, or a few small whole ones: larger ones may be no index of anything. */
function drawOf(type: ElementType, random: RandomStream): () => number {
  if (type.startsWith("float")) return () => random.normal();
  return () => random.below(2);
}
