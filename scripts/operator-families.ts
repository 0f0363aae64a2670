/** @file The operators that gradients pass through, by family, for documents. */
import { activations } from "../src/autodiff/rules/activations.ts";
import { arithmetic } from "../src/autodiff/rules/arithmetic.ts";
import { blocks } from "../src/autodiff/rules/blocks.ts";
import { convolution } from "../src/autodiff/rules/convolution.ts";
import { einsum } from "../src/autodiff/rules/einsum.ts";
import { elementwise } from "../src/autodiff/rules/elementwise.ts";
import { gatherScatter } from "../src/autodiff/rules/gather-scatter.ts";
import { rules } from "../src/autodiff/rules/index.ts";
import { linearAlgebra } from "../src/autodiff/rules/linear-algebra.ts";
import { losses } from "../src/autodiff/rules/losses.ts";
import { movement } from "../src/autodiff/rules/movement.ts";
import { normalization } from "../src/autodiff/rules/normalization.ts";
import { ordering } from "../src/autodiff/rules/ordering.ts";
import { padding } from "../src/autodiff/rules/pad.ts";
import { pooling } from "../src/autodiff/rules/pooling.ts";
import { quantization } from "../src/autodiff/rules/quantization.ts";
import { rectifier } from "../src/autodiff/rules/rectifier.ts";
import { reductions } from "../src/autodiff/rules/reductions.ts";
import { resampling } from "../src/autodiff/rules/resampling.ts";
import { reshaping } from "../src/autodiff/rules/reshaping.ts";
import { softmax } from "../src/autodiff/rules/softmax.ts";

const families: Readonly<Record<string, object>> = {
  convolutions: convolution,
  "pooling, LRN": pooling,
  activations: { ...activations, ...rectifier },
  softmax,
  normalisation: normalization,
  "matrix products": { ...linearAlgebra, ...einsum },
  "number by number": { ...arithmetic, ...elementwise },
  "sums and extremes": { ...reductions, ...ordering },
  "shape and order": { ...movement, ...reshaping, ...blocks, ...padding },
  indices: gatherScatter,
  resampling,
  quantisation: quantization,
  losses,
};

/** Operators with a gradient rule, sorted, by family. An operator of no family named here is with `others`. */
export function operatorFamilies(): Readonly<Record<string, readonly string[]>> {
  const named = Object.entries(families).map(
    ([family, table]) => [family, Object.keys(table).sort()] as const,
  );
  const known = new Set(named.flatMap(([, operators]) => operators));
  const others = Object.keys(rules)
    .filter((operator) => !known.has(operator))
    .sort();
  return Object.fromEntries(others.length > 0 ? [...named, ["others", others]] : named);
}
