/** @file Gradient rules of all operators that are not usual between the last layers and the score. */
import { activations } from "./activations.ts";
import { blocks } from "./blocks.ts";
import { convolution } from "./convolution.ts";
import { einsum } from "./einsum.ts";
import { elementwise } from "./elementwise.ts";
import { gatherScatter } from "./gather-scatter.ts";
import { losses } from "./losses.ts";
import { movement } from "./movement.ts";
import { normalization } from "./normalization.ts";
import { ordering } from "./ordering.ts";
import { padding } from "./pad.ts";
import { pooling } from "./pooling.ts";
import { quantization } from "./quantization.ts";
import { resampling } from "./resampling.ts";

export const otherRules = {
  ...activations,
  ...blocks,
  ...convolution,
  ...einsum,
  ...elementwise,
  ...gatherScatter,
  ...losses,
  ...movement,
  ...normalization,
  ...ordering,
  ...padding,
  ...pooling,
  ...quantization,
  ...resampling,
};
