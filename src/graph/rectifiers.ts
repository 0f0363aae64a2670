/** @file What a rectifier is: ReLU, and ReLU6, which files write as Clip. */
import type { Node } from "./graph.ts";
import { toNumbers, type Tensor } from "./tensor.ts";

const relu6Bounds = [0, 6] as const;

/** Bounds of a `Clip` node's rectified form: `constantOf(i)` is the constant of input i, if it is one. */
export function isRelu6(constantOf: (input: number) => ArrayLike<number> | undefined): boolean {
  return relu6Bounds.every((bound, i) => constantOf(i + 1)?.[0] === bound);
}

/** True for `Relu` and for ReLU6, that is `Clip` with the constant bounds 0 and 6. */
export function isRectifier(node: Node, constants: ReadonlyMap<string, Tensor>): boolean {
  if (node.domain !== "") return false;
  if (node.operator === "Relu") return true;
  if (node.operator !== "Clip") return false;
  return isRelu6((i) => {
    const known = constants.get(node.inputs[i] ?? "");
    return known && toNumbers(known);
  });
}
