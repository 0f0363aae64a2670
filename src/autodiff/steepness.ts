/** @file Where gradients can be infinite though all values are numbers. */
import { hasTrait, type OperatorTrait } from "../graph/operators.ts";
import type { Node } from "../graph/graph.ts";
import type { ElementType } from "../graph/tensor.ts";

const gentleTraits: readonly OperatorTrait[] = [
  "linear",
  "weights",
  "moves",
  "bounded",
  "activation",
  "sums",
];

const otherGentle: ReadonlySet<string> = new Set(["LogSoftmax", "LRN", "Mul"]);

/**
 * Whether a node can make an infinite gradient of a finite one, as a root at 0 does and a quotient, or a half-precision
 * number that overflows. Of what is not known to be gentle it is taken to be so.
 */
export function isSteep(node: Node, types: readonly ElementType[]): boolean {
  if (types.some((type) => type === "float16" || type === "bfloat16")) return true;
  const isGentle =
    gentleTraits.some((trait) => hasTrait(node, trait)) ||
    (node.domain === "" && otherGentle.has(node.operator));
  return !isGentle;
}
