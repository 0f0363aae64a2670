/** @file The numbers of a `Const` node, as the type that the node says. */
import {
  mostAxes,
  tensor,
  tensorOf,
  toFloat32,
  toNumbers,
  type Tensor,
} from "../../graph/tensor.ts";
import { badGraph, elementTypes, type NodeDescription } from "./description.ts";

/** The tensor of a node, from the weights by its name or from its attribute. Throws `bad-file` for one without. */
export function constantNode(node: NodeDescription, weights: ReadonlyMap<string, Tensor>): Tensor {
  const value = node.attributes.get("value");
  const found = weights.get(node.name) ?? (value?.kind === "tensor" ? value.value : undefined);
  if (!found) throw badGraph(`constant "${node.name}" must have its numbers in the file, got none`);
  if (found.dims.length > mostAxes) {
    throw badGraph(`constant "${node.name}" must have at most ${mostAxes} axes, got more`);
  }
  const dtype = node.attributes.get("dtype");
  const type = dtype?.kind === "type" ? elementTypes[dtype.value] : undefined;
  return type && found.type !== "string" ? ofType(found, type) : found;
}

/** The tensor with its numbers as another type. */
export function ofType(value: Tensor, type: Tensor["type"]): Tensor {
  if (value.type === type || type === "string") return value;
  if (type === "float32") return tensor(type, value.dims, toFloat32(value));
  if (type === "float16" || type === "bfloat16") return value;
  const numbers = toNumbers(value);
  if (type === "bool")
    return tensorOf(
      type,
      value.dims,
      numbers.map((number) => (number ? 1 : 0)),
    );
  return tensorOf(type, value.dims, numbers);
}
