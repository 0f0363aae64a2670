/** @file Where the gradient of a value ends on its way to the picture. */
import { valuesRead } from "../graph/edit.ts";
import type { Node } from "../graph/graph.ts";
import { hasTrait } from "../graph/operators.ts";
import type { GraphReader } from "./graph-reader.ts";

/**
 * The node at which the gradient of a value ends before it reaches the picture, where there is one on every way; undefined
 * where a slope comes through.
 */
export function gradientStop(reader: GraphReader, output: string): Node | undefined {
  const pictures = new Set(reader.graph.inputs.map(({ name }) => name));
  const [left, seen] = [[output], new Set<string>()];
  let stop: Node | undefined;
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (pictures.has(value)) return undefined;
    const node = reader.makerOf(value);
    if (!node || seen.has(value)) continue;
    seen.add(value);
    if (isFlat(node, value)) stop ??= node;
    else for (const each of slopedInputs(node)) left.push(each);
  }
  return stop;
}

function isFlat(node: Node, value: string): boolean {
  if (hasTrait(node, "flat")) return true;
  if (node.domain !== "") return false;
  const to = node.attributes["to"];
  if (node.operator === "Cast") return to?.kind === "int" && !slopedTypes.has(to.value);
  return node.operator === "TopK" && value === node.outputs[1];
}

/** Numbers that say where, how many or which carry no slope. */
function slopedInputs(node: Node): readonly string[] {
  if (node.operator === "Where") return node.inputs.slice(1);
  return placing.has(node.operator) ? node.inputs.slice(0, 1) : valuesRead(node);
}

/** ONNX's numbers of floats, and of the small whole numbers that gradients pass as those of quantised networks. */
const slopedTypes: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 10, 11, 16]);

const placing: ReadonlySet<string> = new Set(
  "Expand Gather GatherElements GatherND OneHot Pad Reshape Resize Slice Split Squeeze Tile TopK Unsqueeze".split(
    " ",
  ),
);
