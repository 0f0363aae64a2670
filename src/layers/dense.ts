/** @file Dense layers and dropout. */
import { LimpidError } from "../errors.ts";
import { drawKernel, filledWith } from "./initialize.ts";
import { activate, type ActivationName } from "./activations.ts";
import { startOf } from "./convolution.ts";
import type { LayerKind } from "./layer.ts";

export const dense: LayerKind = {
  description: "every feature to every unit: [N, features] to [N, units]",
  fields: {
    units: { kind: "count", isNeeded: true },
    bias: { kind: "flag" },
    activation: { kind: "activation" },
    initialization: { kind: "initialization" },
  },
  build: (context, input, name, layer) => {
    const { b, seed } = context;
    if (input.dims.length !== 2) {
      throw new LimpidError(
        "bad-option",
        `network: "${name}" must follow a layer with rows [N, features], got [${input.dims.join(", ")}]. put flatten or globalAvgPool before it.`,
      );
    }
    const units = layer["units"] as number;
    const features = input.dims[1]!;
    const fans = { in: features, out: units };
    const kernel = context.parameter(
      `${name}/kernel`,
      () => drawKernel(startOf(layer), [features, units], fans, seed, name),
      true,
    );
    const bias =
      layer["bias"] === false
        ? []
        : [context.parameter(`${name}/bias`, () => filledWith(0, [units]))];
    const activation = layer["activation"] as ActivationName | undefined;
    const called = context.valueName(activation ? `${name}/linear` : name);
    const y = b.op("Gemm", [input, kernel, ...bias], {}, called);
    return activation ? activate(context, y, activation, name) : y;
  },
};

/** Random bytes have so many values. */
const levels = 256;

/**
 * Srivastava et al. 2014, with what stays scaled up in training so that inference does nothing. The share is
 * taken to the nearest 1/256, and what stays is scaled by that.
 */
export const dropout: LayerKind = {
  description: "sets a share of the numbers to 0 in training, and scales the others up",
  fields: { share: { kind: "share", isNeeded: true } },
  build: ({ b, mode, random, valueName }, input, name, layer) => {
    const dropped = Math.round((layer["share"] as number) * levels);
    if (mode === "inference" || dropped === 0) return input;
    const bytes = b.cast(random(name, input.dims), "int32");
    const stays = b.op("GreaterOrEqual", [bytes, b.scalar(dropped, "int32")]);
    const factor = b.where(stays, b.scalar(levels / (levels - dropped)), b.scalar(0));
    return b.op("Mul", [input, factor], {}, valueName(name));
  },
};
