/** @file Convolutions over one, two and three axes. */
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import { convolution, depthwiseConvolution, type Window } from "../../channels-last/windows.ts";
import { activated } from "./activations.ts";
import { channelsOf, inDataFormat } from "./data-format.ts";
import {
  only,
  readWeights,
  refused,
  requireRank,
  type LayerCall,
  type LayerKind,
} from "./layer-kind.ts";

/** The window of a layer over `axes` spatial axes. */
function windowOf(call: LayerCall, axes: number): Window & { readonly size: readonly number[] } {
  const { config } = call;
  const size = config.sizes("kernel_size", axes);
  const dilations = config.sizes("dilation_rate", axes, 1);
  const padding = config.choice("padding", ["valid", "same", "causal"], "valid");
  const window = { size, strides: config.sizes("strides", axes, 1), dilations };
  if (padding !== "causal") return { ...window, padding };
  if (axes !== 1) throw refused(call, `"padding" must be "causal" over one axis alone`);
  return { ...window, padding: [[dilations[0]! * (size[0]! - 1), 0]] };
}

function convolutionOver(axes: number): LayerKind {
  return {
    build: async (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const { b, config } = call;
      const groups = config.int("groups", 1);
      const filters = config.int("filters");
      const { size, ...window } = windowOf(call, axes);
      const perGroup = channelsOf(call, x) / groups;
      const { kernel, bias } = await readWeights(call, {
        kernel: [...size, perGroup, filters],
        bias: config.flag("use_bias", true) ? [filters] : undefined,
      });
      const weights = { kernel: kernel!, groups, ...(bias ? { bias } : {}) };
      return activated(call, (name) =>
        inDataFormat(call, x, (held) => convolution(b, held, weights, window, name)),
      );
    },
  };
}

function depthwiseOver(axes: number): LayerKind {
  return {
    build: async (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const { b, config } = call;
      const multiplier = config.int("depth_multiplier", 1);
      const channels = channelsOf(call, x);
      const { size, ...window } = windowOf(call, axes);
      const { depthwise_kernel: kernel, bias } = await readWeights(call, {
        depthwise_kernel: [...size, channels, multiplier],
        bias: config.flag("use_bias", true) ? [channels * multiplier] : undefined,
      });
      const weights = { kernel: kernel!, ...(bias ? { bias } : {}) };
      return activated(call, (name) =>
        inDataFormat(call, x, (held) => depthwiseConvolution(b, held, weights, window, name)),
      );
    },
  };
}

function separableOver(axes: number): LayerKind {
  return {
    build: async (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const { b, config } = call;
      const filters = config.int("filters");
      const channels = channelsOf(call, x);
      const multiplier = config.int("depth_multiplier", 1);
      const { size, ...window } = windowOf(call, axes);
      const ones = size.map(() => 1);
      const read = await readWeights(call, {
        depthwise_kernel: [...size, channels, multiplier],
        pointwise_kernel: [...ones, channels * multiplier, filters],
        bias: config.flag("use_bias", true) ? [filters] : undefined,
      });
      const mixed = { kernel: read.pointwise_kernel!, ...(read.bias ? { bias: read.bias } : {}) };
      const build = (held: NhwcValue, name: string) => {
        const kernel = read.depthwise_kernel!;
        const apart = depthwiseConvolution(
          b,
          held,
          { kernel },
          window,
          b.freeName(`${name}/depthwise`),
        );
        return convolution(b, apart, mixed, { strides: ones, padding: "valid" }, name);
      };
      return activated(call, (name) => inDataFormat(call, x, (held) => build(held, name)));
    },
  };
}

export const convolutionLayers: Readonly<Record<string, LayerKind>> = {
  Conv1D: convolutionOver(1),
  Conv2D: convolutionOver(2),
  Conv3D: convolutionOver(3),
  DepthwiseConv1D: depthwiseOver(1),
  DepthwiseConv2D: depthwiseOver(2),
  SeparableConv1D: separableOver(1),
  SeparableConv2D: separableOver(2),
};
