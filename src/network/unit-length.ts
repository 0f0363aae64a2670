/** @file Whether a node scales numbers to length 1, as the embeddings of networks that compare pictures are. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Node } from "../graph/graph.ts";
import { operatorsWith } from "../graph/operators.ts";
import type { GraphReader } from "./graph-reader.ts";

/** Whether a node gives x / |x|: by a norm, by a root of squares, or by its reciprocal. */
export function scalesToUnitLength(reader: GraphReader, node: Node): boolean {
  const { operator, inputs } = node;
  if (operator === "LpNormalization") return new AttributeReader(node).int("p", 2) === 2;
  if (operator === "Div") return isLengthOf(reader, inputs[1]!, inputs[0]!);
  if (operator !== "Mul") return false;
  return inputs.some((name, i) => {
    const maker = reader.makerOf(name);
    return maker?.operator === "Reciprocal" && isLengthOf(reader, maker.inputs[0]!, inputs[1 - i]!);
  });
}

/** What may stand between a length and its use: it is kept from 0, spread over the numbers, or has its axes otherwise. */
const between: ReadonlySet<string> = new Set(["Add", "Clip", "Expand", "Max", "Tile"]);

function isLengthOf(reader: GraphReader, name: string, of: string): boolean {
  const node = behindKept(reader, name);
  if (node?.operator === "ReduceL2") return node.inputs[0] === of;
  const isRoot =
    node?.operator === "Sqrt" ||
    (node?.operator === "Pow" && reader.scalarOf(node.inputs[1]!) === 0.5);
  const squared = isRoot ? behindKept(reader, node.inputs[0]!) : undefined;
  if (squared?.operator === "ReduceSumSquare") return squared.inputs[0] === of;
  if (squared?.operator !== "ReduceSum") return false;
  const square = reader.makerOf(squared.inputs[0]!);
  if (square?.operator === "Mul") return square.inputs.every((each) => each === of);
  const isSquare = square?.operator === "Pow" && reader.scalarOf(square.inputs[1]!) === 2;
  return isSquare && square.inputs[0] === of;
}

function behindKept(reader: GraphReader, name: string): Node | undefined {
  let node = reader.makerOf(name);
  while (node && (between.has(node.operator) || operatorsWith("shapeOnly").has(node.operator))) {
    const [from] = reader.variablesOf(node);
    node = from === undefined ? undefined : reader.makerOf(from);
  }
  return node;
}
