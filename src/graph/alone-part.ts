/** @file Networks of several inputs made to take one of them, with the others held. */
import type { Graph, ValueInfo } from "./graph.ts";
import type { PartPlace } from "./part-place.ts";
import { constant, nodeOf, prefixed, spread, type AddedNodes } from "./added-nodes.ts";

/** The name of the input that holds the whole picture, in which a part's own places are replaced. */
export const restName = "inputs/rest";

/**
 * The graph of a picture [N, C, H, W] with an input for one part of it, [N, c, rows, columns], and one of the whole
 * picture [1, C, H, W], whose other parts are fed to every run.
 */
export function withPartAlone(
  graph: Graph,
  name: string,
  place: PartPlace,
  dims: readonly number[],
): Graph {
  const [picture, ...others] = graph.inputs;
  const [, c, h, w] = dims as [number, number, number, number];
  const { firstChannel, channels, rows, columns } = place;
  const batch = picture!.dims?.[0] ?? "N";
  const input: ValueInfo = {
    name: `${name}/alone`,
    type: "float32",
    dims: [batch, channels, rows, columns],
  };
  const rest: ValueInfo = { name: restName, type: "float32", dims: [1, c, h, w] };
  const before: AddedNodes = { nodes: [], constants: new Map() };
  const all = `${restName}/all`;
  spread(before, { picture: input.name, held: restName, to: all, rank: 4 });
  const padded = `${input.name}/padded`;
  const pads = constant(before, `${padded}/pads`, [0, 0, 0, 0, 0, 0, h - rows, w - columns]);
  before.nodes.push(nodeOf("Pad", [input.name, pads], padded));
  const cut = (to: string, from: number, until: number): readonly string[] => {
    if (from === until) return [];
    const [starts, ends, axes] = [from, until, 1].map((at, i) =>
      constant(before, `${to}/cut-${i}`, [at]),
    );
    before.nodes.push(nodeOf("Slice", [all, starts!, ends!, axes!], to));
    return [to];
  };
  const end = firstChannel + channels;
  const pieces = [
    ...cut(`${restName}/before`, 0, firstChannel),
    padded,
    ...cut(`${restName}/behind`, end, c),
  ];
  before.nodes.push(nodeOf("Concat", pieces, picture!.name, { axis: { kind: "int", value: 1 } }));
  return prefixed(graph, before, [input, ...others, rest]);
}
