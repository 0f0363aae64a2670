/** @file Dequantising that is written out: whole numbers that weights gave, times the scale of what was quantised. */
import type { Node } from "../graph/graph.ts";
import { operatorsWith } from "../graph/operators.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { GraphReader } from "./graph-reader.ts";

/** More nodes than anybody writes between a product of whole numbers and what is made of it, or in a scale. */
const mostNodes = 12;

const wholeProducts: ReadonlySet<string> = new Set([
  "ConvInteger",
  "MatMulInteger",
  "MatMulInteger16",
]);

/** The inputs of a node that a run computes; of what dequantises the whole numbers alone, as the scale is a part of the weights. */
export function factorsOf(reader: GraphReader, node: Node): readonly string[] {
  const variables = reader.variablesOf(node);
  if (node.operator !== "Mul" || variables.length !== 2) return variables;
  const [whole, scale] = isWhole(reader, variables[0]!) ? variables : variables.toReversed();
  return isWhole(reader, whole!) && isScale(reader, scale!) ? [whole!] : variables;
}

/** Whether a value is what weights gave of whole numbers, maybe in another shape, or times a scale already. */
function isWhole(reader: GraphReader, value: string): boolean {
  let name = value;
  for (let step = 0; step < mostNodes; step++) {
    const node = reader.makerOf(name);
    if (!node) return false;
    if (wholeProducts.has(node.operator)) return true;
    const passed = isKept(node) ? node.inputs[0] : scaledBy(reader, node);
    if (passed === undefined) return false;
    name = passed;
  }
  return false;
}

function isKept({ operator }: Node): boolean {
  return operator === "Transpose" || operatorsWith("shapeOnly").has(operator);
}

/** The other factor of a product with a scale. */
function scaledBy(reader: GraphReader, { operator, inputs }: Node): string | undefined {
  if (operator !== "Mul") return undefined;
  const others = inputs.filter((name) => !isScale(reader, name));
  return others.length === 1 ? others[0] : undefined;
}

/** Whether a value is made of constants and of what quantises while the network runs: its scale, or the ends of its range. */
function isScale(reader: GraphReader, value: string): boolean {
  const [left, seen] = [[value], new Set<string>()];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (name === "" || seen.has(name) || reader.isConstant(name)) continue;
    if (seen.size === mostNodes) return false;
    seen.add(name);
    const node = reader.makerOf(name);
    if (node?.operator === "DynamicQuantizeLinear" && node.outputs[1] === name) continue;
    if (!node || !(isKept(node) || inScales.has(node.operator))) return false;
    if (!ends.has(node.operator)) for (const input of node.inputs) left.push(input);
  }
  return true;
}

/** The ends of a range. */
const ends: ReadonlySet<string> = new Set(["ReduceMax", "ReduceMin"]);

/** What scales are computed by from the ends of a range. */
const inScales: ReadonlySet<string> = new Set([...ends, ..."Abs Div Max Mul Neg Sub".split(" ")]);

/** The weights of the convolution that gives a value, a bias and quantisation aside. */
export function convolutionBefore(reader: GraphReader, value: string): Tensor | undefined {
  let name: string | undefined = value;
  for (let step = 0; step < mostNodes && name !== undefined; step++) {
    const node = reader.makerOf(name);
    if (!node) return undefined;
    const at = weightsAt.get(node.operator);
    if (at !== undefined) return quantizedOf(reader, node.inputs[at]!);
    name = behindBias(reader, node);
  }
  return undefined;
}

/** Where convolutions have their weights. */
const weightsAt: ReadonlyMap<string, number> = new Map([
  ["Conv", 1],
  ["ConvInteger", 1],
  ["QLinearConv", 3],
]);

/** A constant, or that of which it is dequantised. */
function quantizedOf(reader: GraphReader, name: string): Tensor | undefined {
  const isDequantized = !reader.constantOf(name) && reader.isConstant(name);
  return reader.constantOf(isDequantized ? reader.makerOf(name)!.inputs[0]! : name);
}

function behindBias(reader: GraphReader, node: Node): string | undefined {
  const { operator, inputs } = node;
  if (operator === "QuantizeLinear" || operator === "DequantizeLinear" || isKept(node))
    return inputs[0];
  const [first, ...others] = factorsOf(reader, node);
  const isPlain = (operator === "Add" || operator === "Mul") && others.length === 0;
  return isPlain && (operator === "Add" || isWhole(reader, first!)) ? first : undefined;
}
