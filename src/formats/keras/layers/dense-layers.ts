/** @file Products with matrices of weights. */
import { dense } from "../../channels-last/dense.ts";
import { activated } from "./activations.ts";
import { only, readWeights, type LayerKind } from "./layer-kind.ts";

const denseLayer: LayerKind = {
  build: async (call) => {
    const x = only(call);
    const units = call.config.int("units");
    const { kernel, bias } = await readWeights(call, {
      kernel: [x.dims.at(-1)!, units],
      bias: call.config.flag("use_bias", true) ? [units] : undefined,
    });
    const weights = { kernel: kernel!, ...(bias ? { bias } : {}) };
    return activated(call, (name) => dense(call.b, x, weights, name));
  },
};

export const denseLayers: Readonly<Record<string, LayerKind>> = {
  Dense: denseLayer,
};
