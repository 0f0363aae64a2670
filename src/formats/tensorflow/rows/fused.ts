/** @file Operations that end in a bias and an activation, which TensorFlow's optimiser has put into one node. */
import { binary, unary } from "../../channels-last/elementwise.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { Tensor } from "../../../graph/tensor.ts";
import type { Operation } from "../operation.ts";
import { sixCapped } from "./activations.ts";

/** What is fused behind the linear part. */
export interface Fused {
  /** [channels]. */
  readonly bias?: Tensor;
  readonly activation?: string;
  /** Which input holds slopes, for `Prelu`. */
  readonly slopes: number;
}

/** The fused operations of a node whose own inputs are two. */
export function fusedOf(o: Operation): Fused {
  const [...fused] = o.attribute("fused_ops", "texts") ?? [];
  const hasBias = fused[0] === "BiasAdd";
  const [activation, ...more] = hasBias ? fused.slice(1) : fused;
  if (more.length > 0 || fused.includes("FusedBatchNorm")) {
    throw o.refused(`must be fused with a bias and an activation alone, got ${fused.join(", ")}`);
  }
  return {
    ...(hasBias && { bias: biasOf(o) }),
    ...(activation !== undefined && activation !== "Linear" && { activation }),
    slopes: hasBias ? 3 : 2,
  };
}

function biasOf(o: Operation): Tensor {
  const bias = o.constant(2);
  if (bias.dims.length === 1) return bias;
  throw o.refused(`must have a bias of one axis, got ${bias.dims.length}`);
}

/** The linear part by its own name, and the activated value by the node's. */
export function activated(
  o: Operation,
  { activation, slopes }: Fused,
  linear: (name: string) => NhwcValue,
): NhwcValue {
  if (activation === undefined) return linear(o.name);
  const x = linear(o.b.freeName(`${o.name}/linear`));
  switch (activation) {
    case "Relu":
    case "Elu":
    case "Sigmoid":
    case "Tanh":
      return unary(o.b, activation, x, o.name);
    case "Relu6":
      return sixCapped(o, x);
    case "LeakyRelu":
      return unary(o.b, activation, x, o.name, { alpha: o.value("leakyrelu_alpha", 0.2) });
    case "Prelu":
      return binary(o.b, "PRelu", [x, o.x(slopes)], o.name);
    default:
      throw o.refused(`must be fused with an activation that is known, got ${activation}`);
  }
}
