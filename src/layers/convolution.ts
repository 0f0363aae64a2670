/** @file Convolution, plain, grouped and strided. */
import { LimpidError } from "../errors.ts";
import { drawKernel, filledWith, type Initialization } from "./initialize.ts";
import { activate, passesHalf, type ActivationName } from "./activations.ts";
import type { LayerDescription, LayerKind } from "./layer.ts";
import { sizeOf, windowOf } from "./padding.ts";

/** A kernel's start where a description leaves it open: He's before rectifiers, else Glorot's. */
export function startOf(layer: LayerDescription): Initialization {
  const named = layer["initialization"] as Initialization | undefined;
  const before = layer["activation"] as ActivationName | undefined;
  return named ?? (passesHalf(before) ? "he-normal" : "glorot-uniform");
}

export const conv2d: LayerKind = {
  description: "convolution of [N, C, H, W] with `filters` kernels",
  fields: {
    filters: { kind: "count", isNeeded: true },
    kernel: { kind: "size", isNeeded: true },
    stride: { kind: "size" },
    padding: { kind: "padding" },
    groups: { kind: "count" },
    bias: { kind: "flag" },
    activation: { kind: "activation" },
    initialization: { kind: "initialization" },
  },
  build: (context, input, name, layer) => {
    const { b, seed } = context;
    const filters = layer["filters"] as number;
    const groups = (layer["groups"] ?? 1) as number;
    const window = windowOf(name, layer, input.dims, { size: layer["kernel"], stride: 1 });
    const channels = input.dims[1]!;
    requireGroups(name, groups, channels, filters);
    const [height, width] = sizeOf(layer["kernel"]);
    const dims = [filters, channels / groups, height, width];
    const places = height * width;
    const fans = { in: (channels / groups) * places, out: (filters / groups) * places };
    const kernel = context.parameter(
      `${name}/kernel`,
      () => drawKernel(startOf(layer), dims, fans, seed, name),
      true,
    );
    const hasBias = layer["bias"] !== false;
    const bias = hasBias ? [context.parameter(`${name}/bias`, () => filledWith(0, [filters]))] : [];
    const activation = layer["activation"] as ActivationName | undefined;
    const called = context.valueName(activation ? `${name}/linear` : name);
    const y = b.op("Conv", [input, kernel, ...bias], { ...window, group: groups }, called);
    return activation ? activate(context, y, activation, name) : y;
  },
};

function requireGroups(name: string, groups: number, channels: number, filters: number): void {
  if (channels % groups === 0 && filters % groups === 0) return;
  throw new LimpidError(
    "bad-option",
    `network: groups of "${name}" must divide its ${channels} channels and ${filters} filters, got ${groups}.`,
  );
}
