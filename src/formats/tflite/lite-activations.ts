/** @file Activations that operators of TensorFlow Lite end in, by their numbers. */
import type { InputReference } from "../tensorflow/description.ts";
import type { LiteAttributes, LiteOperation } from "./lite-writer.ts";

/** Makes the part before the activation, by the name that it must have. */
export type MakePart = (
  named: (
    op: string,
    inputs: readonly InputReference[],
    attributes?: LiteAttributes,
  ) => InputReference,
) => InputReference;

const names = ["", "Relu", "RELU_N1_TO_1", "Relu6", "Tanh"] as const;

/** What is activated is called `NAME/linear`, the result as the operator's output. */
export function activatedResult(o: LiteOperation, number: number, make: MakePart): InputReference {
  const name = names[number];
  if (name === undefined) throw o.refused(`must end in an activation that is known, got ${number}`);
  if (name === "") return make((op, inputs, attributes) => o.result(op, inputs, attributes));
  const linear = make((op, inputs, attributes) => o.step("linear", op, inputs, attributes));
  if (name !== "RELU_N1_TO_1") return o.result(name, [linear]);
  return o.result("ClipByValue", [linear, o.float("low", -1), o.float("high", 1)]);
}
