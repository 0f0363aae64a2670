/** @file Batch normalisation. */
import type { Value } from "../graph/builder.ts";
import { filledWith } from "./initialize.ts";
import { activate, type ActivationName } from "./activations.ts";
import type { LayerContext, LayerKind } from "./layer.ts";

/**
 * Ioffe and Szegedy 2015, algorithms 1 and 2: in training by the batch's mean and variance (over N, H and W),
 * in inference by the running ones, which keep `momentum` of themselves at each step. The running variance is
 * the batch's own, not the unbiased one.
 */
export const batchNorm: LayerKind = {
  description: "batch normalisation of each channel or feature",
  fields: {
    epsilon: { kind: "number" },
    momentum: { kind: "share" },
    activation: { kind: "activation" },
  },
  build: (context, input, name, layer) => {
    const { b, mode } = context;
    const channels = input.dims[1]!;
    const epsilon = (layer["epsilon"] ?? 1e-3) as number;
    const momentum = (layer["momentum"] ?? 0.9) as number;
    const activation = layer["activation"] as ActivationName | undefined;
    const scale = context.parameter(`${name}/scale`, () => filledWith(1, [channels]));
    const offset = context.parameter(`${name}/offset`, () => filledWith(0, [channels]));
    const mean = context.memory(`${name}/mean`, () => filledWith(0, [channels]));
    const variance = context.memory(`${name}/variance`, () => filledWith(1, [channels]));
    const called = context.valueName(activation ? `${name}/linear` : name);
    const y =
      mode === "inference"
        ? b.op("BatchNormalization", [input, scale, offset, mean, variance], { epsilon }, called)
        : byBatch(
            context,
            { input, name, epsilon, momentum, scale, offset, mean, variance },
            called,
          );
    return activation ? activate(context, y, activation, name) : y;
  },
};

interface Normalized {
  readonly input: Value;
  readonly name: string;
  readonly epsilon: number;
  readonly momentum: number;
  readonly scale: Value;
  readonly offset: Value;
  readonly mean: Value;
  readonly variance: Value;
}

function byBatch(context: LayerContext, of: Normalized, called: string): Value {
  const { b } = context;
  const { input, name, epsilon, momentum } = of;
  const channels = input.dims[1]!;
  const axes = input.dims.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const perChannel = input.dims.map((dim, axis) => (axis === 1 ? dim : 1));
  const mean = b.reduceMean(input, axes);
  const centred = b.sub(input, mean);
  const variance = b.reduceMean(b.mul(centred, centred), axes);
  const moved = (old: Value, found: Value) =>
    b.add(b.scale(old, momentum), b.scale(b.reshape(found, [channels]), 1 - momentum));
  context.remember(`${name}/mean`, moved(of.mean, mean));
  context.remember(`${name}/variance`, moved(of.variance, variance));
  const deviation = b.op("Sqrt", [b.add(variance, b.scalar(epsilon))]);
  const gain = b.div(b.reshape(of.scale, perChannel), deviation);
  return b.op("Add", [b.mul(centred, gain), b.reshape(of.offset, perChannel)], {}, called);
}
