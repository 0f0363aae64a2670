/** @file Graphs that begin with the file of a picture: what decodes and resizes it is done outside, before the graph. */
import type { InputReference, NodeDescription } from "./description.ts";

const decoders = new Set(["DecodeJpeg", "DecodePng", "DecodeBmp", "DecodeImage"]);

/** What may stand between a decoder and the step that brings all pictures to one size. */
const between = new Set(["Cast", "ExpandDims", "Identity"]);

/** Nodes, and what was left out of them. */
export interface WithoutDecoding {
  readonly nodes: readonly NodeDescription[];
  readonly notes: readonly string[];
}

/** The nodes, with an input of 0 to 255 in the place of a resize that a decoder leads to. */
export function withoutDecoding(nodes: readonly NodeDescription[]): WithoutDecoding {
  const named = new Map(nodes.map((node) => [node.name, node]));
  const notes: string[] = [];
  const left = new Set<NodeDescription>();
  const changed = nodes.map((node) => {
    const before = node.op === "ResizeBilinear" ? decodedBy(node.inputs[0], named) : undefined;
    const size = before && sizeOf(node.inputs[1], named);
    if (!size) return node;
    for (const one of before) left.add(one);
    notes.push(
      `Pictures are decoded and brought to ${size[1]} x ${size[0]} pixels outside of the network: the nodes before "${node.name}" are left out.`,
    );
    const shape = { kind: "shape", value: [-1, ...size, 3] } as const;
    const dtype = { kind: "type", value: "FLOAT" } as const;
    const attributes = new Map(Object.entries({ shape, dtype }));
    return { name: node.name, op: "Placeholder", inputs: [], attributes };
  });
  return { nodes: changed.filter((node) => !left.has(node)), notes };
}

/** The nodes from a decoder and what it decodes on to the one that is read; undefined if no decoder leads there. */
function decodedBy(
  reference: InputReference | undefined,
  named: ReadonlyMap<string, NodeDescription>,
): readonly NodeDescription[] | undefined {
  const found: NodeDescription[] = [];
  let node = reference && named.get(reference.node);
  while (node && found.length < 10) {
    found.push(node);
    const [first] = node.inputs;
    const source = first && named.get(first.node);
    if (decoders.has(node.op)) return source ? [...found, source] : found;
    if (!between.has(node.op)) return undefined;
    node = source;
  }
  return undefined;
}

/** The height and width of a constant. */
function sizeOf(
  reference: InputReference | undefined,
  named: ReadonlyMap<string, NodeDescription>,
): readonly [number, number] | undefined {
  const value = reference && named.get(reference.node)?.attributes.get("value");
  if (value?.kind !== "tensor" || value.value.type !== "int32") return undefined;
  const [h, w] = value.value.data as Int32Array;
  return value.value.dims.length === 1 && h && w ? [h, w] : undefined;
}
