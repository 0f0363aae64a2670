/** @file The rows of every family. */
import type { ForwardRows, GradientRows } from "../row.ts";
import * as activations from "./activations.ts";
import * as convolution from "./convolution.ts";
import * as detection from "./detection.ts";
import * as elementwise from "./elementwise.ts";
import * as linearAlgebra from "./linear-algebra.ts";
import * as logic from "./logic.ts";
import * as losses from "./losses.ts";
import * as movement from "./movement.ts";
import * as normalization from "./normalization.ts";
import * as pooling from "./pooling.ts";
import * as quantization from "./quantization.ts";
import * as random from "./random.ts";
import * as reductions from "./reductions.ts";
import * as resampling from "./resampling.ts";
import * as softmax from "./softmax.ts";

interface FamilyRows {
  readonly gradientRows: GradientRows;
  readonly forwardRows: ForwardRows;
}

/** The row tables by family; `test/rules/FAMILY.test.ts` runs each. */
export const families: Readonly<Record<string, FamilyRows>> = {
  activations,
  convolution,
  detection,
  elementwise,
  "linear-algebra": linearAlgebra,
  logic,
  losses,
  movement,
  normalization,
  pooling,
  quantization,
  random,
  reductions,
  resampling,
  softmax,
};
