/** @file THE table: operator -> gradient rule, merged from the families; and the operators whose gradient is zero. */
import type { RuleTable } from "../rule.ts";
import { activations } from "./activations.ts";
import { blocks } from "./blocks.ts";
import { convolution } from "./convolution.ts";
import { elementwise } from "./elementwise.ts";
import { gatherScatter } from "./gather-scatter.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { losses } from "./losses.ts";
import { movement } from "./movement.ts";
import { normalization } from "./normalization.ts";
import { padding } from "./pad.ts";
import { pooling } from "./pooling.ts";
import { quantization } from "./quantization.ts";
import { reductions } from "./reductions.ts";
import { resampling } from "./resampling.ts";
import { softmax } from "./softmax.ts";

/** Every operator that a gradient can pass through. */
export const rules: RuleTable = {
  ...activations,
  ...blocks,
  ...convolution,
  ...elementwise,
  ...gatherScatter,
  ...linearAlgebra,
  ...losses,
  ...movement,
  ...normalization,
  ...padding,
  ...pooling,
  ...quantization,
  ...reductions,
  ...resampling,
  ...softmax,
};
