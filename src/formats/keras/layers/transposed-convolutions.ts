/** @file Transposed convolutions over one, two and three axes. */
import {
  transposedConvolution,
  type TransposedWindow,
} from "../../channels-last/transposed-convolution.ts";
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

function windowOf(call: LayerCall, axes: number): TransposedWindow {
  const { config } = call;
  const strides = config.sizes("strides", axes, 1);
  const window = {
    strides,
    dilations: config.sizes("dilation_rate", axes, 1),
    padding: config.choice("padding", ["valid", "same"], "valid"),
  };
  if (!config.has("output_padding")) return window;
  const given = config.ints("output_padding");
  const outputPadding = given.length === 1 ? Array<number>(axes).fill(given[0]!) : given;
  const fits = outputPadding.every((more, axis) => more >= 0 && more < strides[axis]!);
  if (outputPadding.length === axes && fits) return { ...window, outputPadding };
  throw refused(
    call,
    `"output_padding" must be below the strides of ${axes} axes, got [${given.join(", ")}]`,
  );
}

function transposedOver(axes: number): LayerKind {
  return {
    build: async (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const { b, config } = call;
      const filters = config.int("filters");
      if (config.int("groups", 1) !== 1) throw refused(call, `"groups" must be 1`);
      const window = windowOf(call, axes);
      const { kernel, bias } = await readWeights(call, {
        kernel: [...config.sizes("kernel_size", axes), filters, channelsOf(call, x)],
        bias: config.flag("use_bias", true) ? [filters] : undefined,
      });
      const weights = { kernel: kernel!, ...(bias ? { bias } : {}) };
      return activated(call, (name) =>
        inDataFormat(call, x, (held) => transposedConvolution(b, held, weights, window, name)),
      );
    },
  };
}

export const transposedLayers: Readonly<Record<string, LayerKind>> = {
  Conv1DTranspose: transposedOver(1),
  Conv2DTranspose: transposedOver(2),
  Conv3DTranspose: transposedOver(3),
};
