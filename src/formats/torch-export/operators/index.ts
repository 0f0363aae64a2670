/** @file THE table of PyTorch's operators: what each is in ONNX, by its name in `torch.ops.aten`. */
import type { RuleTable } from "../call.ts";
import { activations } from "./activations.ts";
import { convolutions } from "./convolution.ts";
import { creation } from "./creation.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { linearAlgebra } from "./linear-algebra.ts";
import { normalizations } from "./normalization.ts";
import { overwriting } from "./overwriting.ts";
import { parts } from "./parts.ts";
import { pools } from "./pooling.ts";
import { reductions } from "./reductions.ts";
import { resampling } from "./resampling.ts";
import { shapes } from "./shapes.ts";
import { windows } from "./windows.ts";

export const torchOperators: RuleTable = {
  ...activations,
  ...convolutions,
  ...creation,
  ...elementwise,
  ...indexing,
  ...linearAlgebra,
  ...normalizations,
  ...overwriting,
  ...parts,
  ...pools,
  ...reductions,
  ...resampling,
  ...shapes,
  ...windows,
};
