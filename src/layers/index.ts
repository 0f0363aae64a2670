/** @file THE table of layers that a network can be described with. */
import { activationLayers } from "./activations.ts";
import { concat, residual } from "./blocks.ts";
import { conv2d } from "./convolution.ts";
import { dense, dropout } from "./dense.ts";
import type { LayerKind } from "./layer.ts";
import { batchNorm } from "./normalization.ts";
import { avgPool, flatten, globalAvgPool, maxPool, upsample } from "./pools.ts";

/** Layers by the type that a description names. */
export const layerKinds = {
  conv2d,
  batchNorm,
  maxPool,
  avgPool,
  globalAvgPool,
  upsample,
  flatten,
  dropout,
  dense,
  residual,
  concat,
  ...activationLayers,
} as const satisfies Readonly<Record<string, LayerKind>>;
