/** @file Placeholders that say less than a network needs: what they must be follows from who reads them, or from use. */
import { tensorOf, type Tensor } from "../../graph/tensor.ts";
import type { NodeDescription } from "./description.ts";

/** What a placeholder is taken for where nobody feeds it, and a sentence that says so. */
export interface Assumed {
  readonly value: Tensor;
  readonly note: string;
}

/** Whether the network is trained, and which share dropout keeps, have an answer for everybody who asks later. */
export function assumedValue(node: NodeDescription): Assumed | undefined {
  const dtype = node.attributes.get("dtype");
  const shape = node.attributes.get("shape");
  const isBare = shape?.kind !== "shape" || (shape.value ?? []).length === 0;
  const type = dtype?.kind === "type" ? dtype.value : undefined;
  if (!isBare) return undefined;
  if (type === "BOOL") {
    const note = `"${node.name}" is taken as false: the network is not trained.`;
    return { value: tensorOf("bool", [], [0]), note };
  }
  if (type !== "FLOAT" || !/keep|dropout/i.test(node.name)) return undefined;
  return {
    value: tensorOf("float32", [], [1]),
    note: `"${node.name}" is taken as 1: all is kept.`,
  };
}

const convolutions = new Set(["Conv2D", "_FusedConv2D"]);

/** What leaves the axes of a map, and its channels, as they are. */
const alike = new Set(
  "Add AddV2 Sub Mul RealDiv Cast Identity Pad ResizeBilinear ResizeNearestNeighbor".split(" "),
);

/**
 * The shape of an input, by the weights of the first layer that reads it: [-1, -1, -1, channels] or [-1, features];
 * undefined where no layer tells.
 */
export function shapeByReaders(
  node: NodeDescription,
  nodes: ReadonlyMap<string, NodeDescription>,
  weightsOf: (node: NodeDescription) => readonly number[] | undefined,
): readonly number[] | undefined {
  let reached = new Set([node.name]);
  for (let steps = 0; steps < 10 && reached.size > 0; steps++) {
    const readers = [...nodes.values()].filter(({ inputs }) =>
      inputs.some((input) => reached.has(input.node)),
    );
    for (const reader of readers) {
      const [x, kernel] = reader.inputs;
      const layer = kernel && nodes.get(kernel.node);
      const dims = x && reached.has(x.node) && layer ? weightsOf(layer) : undefined;
      if (convolutions.has(reader.op) && dims?.length === 4) return [-1, -1, -1, dims[2]!];
      if (reader.op === "MatMul" && dims?.length === 2) return [-1, dims[0]!];
    }
    reached = new Set(readers.filter(({ op }) => alike.has(op)).map(({ name }) => name));
  }
  return undefined;
}
