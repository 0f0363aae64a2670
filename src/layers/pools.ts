/** @file Pooling over windows and over all places. */
import { elementCount } from "../graph/tensor.ts";
import type { LayerKind } from "./layer.ts";
import { requireSpatial, windowOf } from "./padding.ts";

function windowPool(operator: "MaxPool" | "AveragePool", description: string): LayerKind {
  return {
    description,
    fields: { size: { kind: "size" }, stride: { kind: "size" }, padding: { kind: "padding" } },
    build: ({ b, valueName }, input, name, layer) => {
      const size = layer["size"] ?? 2;
      const window = windowOf(name, layer, input.dims, { size, stride: size });
      return b.op(operator, [input], { ...window }, valueName(name));
    },
  };
}

export const maxPool = windowPool("MaxPool", "the largest number of each window");
export const avgPool = windowPool("AveragePool", "the mean of each window; borders do not count");

export const globalAvgPool: LayerKind = {
  description: "the mean of each channel over all places: [N, C]",
  fields: {},
  build: ({ b, valueName }, input, name) => {
    requireSpatial(name, input.dims);
    const pooled = b.op("GlobalAveragePool", [input]);
    return b.op("Reshape", [pooled, b.ints([-1, input.dims[1]!])], {}, valueName(name));
  },
};

export const flatten: LayerKind = {
  description: "all channels and places as one row: [N, C H W]",
  fields: {},
  build: ({ b, valueName }, input, name) => {
    const features = elementCount(input.dims.slice(1));
    return b.op("Reshape", [input, b.ints([-1, features])], {}, valueName(name));
  },
};
