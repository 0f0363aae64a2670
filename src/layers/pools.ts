/** @file Pooling over windows and over all places, and its reverse. */
import { elementCount } from "../graph/tensor.ts";
import type { LayerKind } from "./layer.ts";
import { requireSpatial, sizeOf, windowOf } from "./padding.ts";

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

export const upsample: LayerKind = {
  description: "each place repeated `size` times down and across, 2 by default",
  fields: { size: { kind: "size" } },
  build: ({ b, valueName }, input, name, layer) => {
    requireSpatial(name, input.dims);
    const [down, across] = sizeOf(layer["size"] ?? 2);
    const scales = b.constant([1, 1, down, across], [4]);
    const how = {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    };
    return b.op("Resize", [input, null, scales], how, valueName(name));
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
