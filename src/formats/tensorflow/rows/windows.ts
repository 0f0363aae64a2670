/** @file Convolutions and pools. */
import type { Tensor } from "../../../graph/tensor.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import {
  convolution,
  depthwiseConvolution,
  pool,
  type PoolKind,
} from "../../channels-last/windows.ts";
import type { Operation } from "../operation.ts";
import { onMaps, spatial, spreadWindowOf, windowOf } from "./data-format.ts";
import { activated, fusedOf } from "./fused.ts";
import type { Row, Rows } from "./row.ts";

/** The weights of input 1: [h, w, in, out], or [h, w, out, in] of transposed ones. */
export function kernelOf(o: Operation): Tensor {
  const kernel = o.constant(1);
  if (kernel.dims.length === 4 && kernel.dims.every((dim) => dim > 0)) return kernel;
  throw o.refused(`must have weights of 4 axes, got [${kernel.dims.join(", ")}]`);
}

function convolved(o: Operation, x: NhwcValue, name: string, bias?: Tensor): NhwcValue {
  const kernel = kernelOf(o);
  const channels = x.dims.at(-1)!;
  const [, , inputs = 0, filters = 0] = kernel.dims;
  const groups = channels / inputs;
  if (!Number.isInteger(groups) || !Number.isInteger(filters / groups)) {
    throw o.refused(`must have weights that fit ${channels} channels, got ${inputs} of ${filters}`);
  }
  requireBias(o, bias, filters);
  const weights = { kernel, groups, ...(bias && { bias }) };
  return convolution(o.b, x, weights, spreadWindowOf(o), name);
}

function convolvedByChannel(o: Operation, x: NhwcValue, name: string, bias?: Tensor): NhwcValue {
  const kernel = kernelOf(o);
  const channels = x.dims.at(-1)!;
  const [, , inputs = 0, multiplier = 0] = kernel.dims;
  if (inputs !== channels) {
    throw o.refused(`must have weights for ${channels} channels, got ${inputs}`);
  }
  requireBias(o, bias, inputs * multiplier);
  const weights = { kernel, ...(bias && { bias }) };
  return depthwiseConvolution(o.b, x, weights, spreadWindowOf(o), name);
}

function requireBias(o: Operation, bias: Tensor | undefined, filters: number): void {
  if (!bias || bias.dims[0] === filters) return;
  throw o.refused(`must have a bias of ${filters} numbers, got ${bias.dims[0]}`);
}

type Convolve = typeof convolved;

const plain =
  (convolve: Convolve): Row =>
  (o) =>
    onMaps(o, (x) => convolve(o, x, o.name));

const fused =
  (convolve: Convolve): Row =>
  (o) => {
    const behind = fusedOf(o);
    return onMaps(o, (x) => activated(o, behind, (name) => convolve(o, x, name, behind.bias)));
  };

const pooled =
  (kind: PoolKind): Row =>
  (o) =>
    onMaps(o, (x) => pool(o.b, x, kind, spatial(o, "ksize"), windowOf(o), o.name));

export const windowRows: Rows = {
  Conv2D: plain(convolved),
  _FusedConv2D: fused(convolved),
  DepthwiseConv2dNative: plain(convolvedByChannel),
  FusedDepthwiseConv2dNative: fused(convolvedByChannel),
  _FusedDepthwiseConv2dNative: fused(convolvedByChannel),
  MaxPool: pooled("max"),
  AvgPool: pooled("average"),
};
