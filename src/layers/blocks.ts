/** @file Layers that hold layers: residual blocks and branches that are joined. */
import { LimpidError } from "../errors.ts";
import { activate, type ActivationName } from "./activations.ts";
import type { LayerDescription, LayerKind } from "./layer.ts";

export const residual: LayerKind = {
  description: "the sum of `layers` and of `shortcut` (the input itself by default)",
  fields: {
    layers: { kind: "layers", isNeeded: true },
    shortcut: { kind: "layers" },
    activation: { kind: "activation" },
  },
  build: (context, input, name, layer) => {
    const { b } = context;
    const branch = context.apply(layer["layers"] as readonly LayerDescription[], input);
    const shortcut = context.apply((layer["shortcut"] ?? []) as readonly LayerDescription[], input);
    requireSame(name, branch.dims, shortcut.dims);
    const activation = layer["activation"] as ActivationName | undefined;
    const called = context.valueName(activation ? `${name}/sum` : name);
    const sum = b.op("Add", [branch, shortcut], {}, called);
    return activation ? activate(context, sum, activation, name) : sum;
  },
};

export const concat: LayerKind = {
  description: "the channels of all `branches` one after the other",
  fields: { branches: { kind: "branches", isNeeded: true } },
  build: (context, input, name, layer) => {
    const branches = (layer["branches"] as readonly (readonly LayerDescription[])[]).map((layers) =>
      context.apply(layers, input),
    );
    const [first, ...others] = branches.map(({ dims }) => [dims[0]!, ...dims.slice(2)]);
    for (const dims of others) requireSame(name, first!, dims);
    return context.b.op("Concat", branches, { axis: 1 }, context.valueName(name));
  },
};

function requireSame(name: string, a: readonly number[], b: readonly number[]): void {
  if (a.join() === b.join()) return;
  throw new LimpidError(
    "bad-option",
    `network: what "${name}" joins must have one shape, got [${a.join(", ")}] and [${b.join(", ")}]. check strides and filters.`,
  );
}
