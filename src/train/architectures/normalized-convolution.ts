/** @file A convolution with batch normalisation, as several small networks are made of. */
import type { LayerDescription } from "../../layers/layer.ts";

/** A 3 x 3 convolution without bias, batch normalisation and ReLU; the layer is called `name`. */
export function normalizedConvolution(
  name: string,
  filters: number,
  stride = 1,
): readonly LayerDescription[] {
  return [
    {
      type: "conv2d",
      name: `${name}/kernels`,
      filters,
      kernel: 3,
      stride,
      padding: stride === 1 ? "same" : 1,
      bias: false,
      initialization: "he-normal",
    },
    { type: "batchNorm", name, activation: "relu" },
  ];
}
