/** @file What the outputs of an If see, where its branches leave every element of what they read in its place. */
import { producers, type Graph } from "../graph/graph.ts";
import type { TracedNode } from "../graph/traced-node.ts";
import { leavesInPlace } from "./span-rules.ts";
import { joined, type Spans } from "./spans.ts";

/** Spans of output number `output` of an If from those of the values outside; undefined where a branch moves places. */
export function branchSpans(
  n: TracedNode,
  output: number,
  known: ReadonlyMap<string, Spans>,
): Spans | undefined {
  const sizes = n.dimsOf(n.node.outputs[output] ?? "");
  const branches = Object.values(n.node.attributes).flatMap((attribute) =>
    attribute.kind === "graph" ? [attribute.value] : [],
  );
  const read = branches.map((branch) => readInPlace(branch, branch.outputs[output]?.name));
  if (!sizes || read.includes(undefined)) return undefined;
  const placed = read.flatMap((names) =>
    [...(names ?? [])].flatMap((name) => {
      const spans = known.get(name);
      return spans && n.dimsOf(name)?.join() === sizes.join() ? [spans] : [];
    }),
  );
  return sizes.map((_, axis) => joined(placed.map((spans) => spans[axis])));
}

/** The values outside that a branch's output is made of, element by element; undefined where it is made otherwise. */
function readInPlace(branch: Graph, output: string | undefined): ReadonlySet<string> | undefined {
  const makers = producers(branch);
  const outside = new Set<string>();
  const left = [output ?? ""];
  const seen = new Set(left);
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const node = makers.get(name);
    if (!node) {
      outside.add(name);
      continue;
    }
    if (node.domain !== "" || !leavesInPlace(node.operator)) return undefined;
    const unseen = node.inputs.filter((read) => !seen.has(read));
    for (const read of unseen) seen.add(read);
    for (const each of unseen) left.push(each);
  }
  return outside;
}
