/** @file What an operator of the float64 interpreter is. */
import type { AttributeReader } from "../../src/graph/attributes.ts";
import type { Node } from "../../src/graph/graph.ts";
import type { NdArray } from "./ndarray.ts";

/** Inputs of a node; those left out are undefined. */
export type OperatorInputs = readonly (NdArray | undefined)[];

/** Computes one node as the ONNX specification says at opset 21: one array an output. */
export type ReferenceOperator = (
  inputs: OperatorInputs,
  attributes: AttributeReader,
  node: Node,
) => readonly NdArray[];

/** Operators by name. */
export type OperatorTable = Readonly<Record<string, ReferenceOperator>>;

/** Input `i`. Throws if it was left out. */
export function required(inputs: OperatorInputs, i: number): NdArray {
  const input = inputs[i];
  if (!input) throw new Error(`input ${i} was left out`);
  return input;
}

/** The numbers of input `i`, or `fallback` if it was left out. */
export function numbers(
  inputs: OperatorInputs,
  i: number,
  fallback: readonly number[] = [],
): readonly number[] {
  const input = inputs[i];
  return input ? Array.from(input.data) : fallback;
}
