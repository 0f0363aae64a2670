/** @file Normalisation by stored statistics, and by neighbours. */
import { batchNormalization } from "../../channels-last/normalization.ts";
import { channelsFirst, heldFirst, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import type { Operation } from "../operation.ts";
import { onMaps } from "./data-format.ts";
import type { Row, Rows } from "./row.ts";

/** One number a channel as input `i`. */
function ofChannels(o: Operation, i: number, channels: number): Tensor {
  const value = o.constant(i);
  if (value.dims.length === 1 && value.dims[0] === channels) return value;
  throw o.refused(
    `must have ${channels} numbers as input ${i}, got [${value.dims.join(", ")}]`,
    "export it for inference, with its statistics",
  );
}

function normalized(o: Operation, x: NhwcValue, order: readonly [number, number, number, number]) {
  const channels = x.dims.at(-1)!;
  const [scale, shift, mean, variance] = order.map((i) => ofChannels(o, i, channels));
  const epsilon = o.value("epsilon", o.value("variance_epsilon", 1e-4));
  const weights = { scale: scale!, shift: shift!, mean: mean!, variance: variance!, epsilon };
  return batchNormalization(o.b, x, weights, o.name);
}

const fused: Row = (o) => {
  // TensorFlow's own default is training, which no file leaves to a default.
  if (o.truth("is_training")) {
    throw o.refused(
      "must normalise by stored statistics, got those of each batch",
      "export it for inference",
    );
  }
  return onMaps(o, (x) => normalized(o, x, [1, 2, 3, 4]));
};

/** `t, mean, variance, beta, gamma`, of the first versions. */
const early: Row = (o) => onMaps(o, (x) => normalized(o, x, [4, 3, 1, 2]));

const byNeighbours: Row = (o) =>
  onMaps(o, (x) => {
    const size = 2 * o.value("depth_radius", 5) + 1;
    const attributes = {
      size,
      bias: o.value("bias", 1),
      alpha: o.value("alpha", 1) * size,
      beta: o.value("beta", 0.5),
    };
    return heldFirst(o.b.op("LRN", [channelsFirst(o.b, x)], attributes, o.name));
  });

export const normalizationRows: Rows = {
  FusedBatchNorm: fused,
  FusedBatchNormV2: fused,
  FusedBatchNormV3: fused,
  BatchNormWithGlobalNormalization: early,
  LRN: byNeighbours,
};
