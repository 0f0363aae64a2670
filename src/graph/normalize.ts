/** @file Brings models of any opset to the one that everything else knows. */
import { LimpidError } from "../errors.ts";
import { AttributeReader } from "./attributes.ts";
import { OPSET, type Graph, type Node } from "./graph.ts";
import { downgrades } from "./normalize/downgrades.ts";
import { NodeRewriter, type Rewrite } from "./normalize/rewrite.ts";
import { upgrades } from "./normalize/upgrades.ts";
import { vendorRewrites } from "./normalize/vendor.ts";

/** The oldest opset of the standard operators that can be read. */
export const OLDEST_OPSET = 7;

/**
 * The graph with every node written as opset `OPSET` has it. `versions` says which version of each
 * domain the model imports. Nodes that a newer opset brought are written out in older operators where
 * that is exact; what cannot be is left for the gradient or the runtime to refuse by name. Throws
 * `bad-file` for models older than opset 7.
 */
export function normalizeOpset(graph: Graph, versions: ReadonlyMap<string, number>): Graph {
  const version = versions.get("") ?? OPSET;
  if (version < OLDEST_OPSET) {
    throw new LimpidError(
      "bad-file",
      `normalizeOpset: the opset must be ${OLDEST_OPSET} or newer, got ${version}. convert the model with ONNX's version converter.`,
    );
  }
  const rewriter = new NodeRewriter(graph);
  for (const node of graph.nodes)
    rewriteNode(rewriter, withNormalSubgraphs(node, versions), version);
  return rewriter.build();
}

function rewriteNode(rewriter: NodeRewriter, node: Node, version: number): void {
  const rewrite = findRewrite(node, version);
  if (rewrite) rewrite(node, rewriter, new AttributeReader(node), version);
  else rewriter.keep(node);
}

function findRewrite(node: Node, version: number): Rewrite | undefined {
  if (node.domain !== "") return vendorRewrites[node.operator];
  const upgrade = upgrades[node.operator];
  if (upgrade && version < upgrade.until) return upgrade.rewrite;
  return downgrades[node.operator];
}

function withNormalSubgraphs(node: Node, versions: ReadonlyMap<string, number>): Node {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, attribute]) => attribute.kind === "graph")) return node;
  const attributes = entries.map(([name, attribute]) => [
    name,
    attribute.kind === "graph"
      ? { kind: "graph", value: normalizeOpset(attribute.value, versions) }
      : attribute,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) as Node["attributes"] };
}
