/** @file Normalisation of the maker's last axis by stored statistics. */
import type { GraphBuilder } from "../../graph/builder.ts";
import { tensor, toFloat32, type Tensor } from "../../graph/tensor.ts";
import { channelsFirst, heldFirst, type NhwcValue } from "./nhwc-value.ts";
import { rowsForFlat } from "./permuted-tensor.ts";

/** One number a channel each, [C]; scale 1 and shift 0 where they are left out. */
export interface NormalizationWeights {
  readonly scale?: Tensor;
  readonly shift?: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly epsilon: number;
}

/** `(x - mean) / sqrt(variance + epsilon) * scale + shift`, each channel by its own numbers; the result is called `name`. */
export function batchNormalization(
  b: GraphBuilder,
  x: NhwcValue,
  { mean, variance, epsilon, scale, shift }: NormalizationWeights,
  name: string,
): NhwcValue {
  const channels = mean.dims[0]!;
  const same = (value: number) =>
    tensor("float32", [channels], new Float32Array(channels).fill(value));
  const rows = { scale: scale ?? same(1), shift: shift ?? same(0), mean, variance };
  const named = Object.entries(rows).map(([row, numbers]) =>
    b.initializer(`${name}/${row}`, x.held === "flat" ? ofFlat(numbers, x) : ofChannels(numbers)),
  );
  // The operator of ONNX has channels on axis 1.
  const value = x.dims.length > 2 ? channelsFirst(b, x) : x.value;
  const result = b.op("BatchNormalization", [value, ...named], { epsilon }, name);
  return x.dims.length > 2 ? heldFirst(result) : { ...x, value: result };
}

function ofChannels(numbers: Tensor): Tensor {
  return tensor("float32", numbers.dims, toFloat32(numbers));
}

/** Features in the order in which a flattened map lies in the graph. */
function ofFlat(numbers: Tensor, { flattened }: NhwcValue): Tensor {
  const column = { ...numbers, dims: [numbers.dims[0]!, 1] };
  return { ...rowsForFlat(column, flattened!), dims: numbers.dims };
}
