/** @file Brings models of any opset to the one that everything else knows. */
import { LimpidError } from "../errors.ts";
import { OPSET, type Attribute, type Graph, type Node } from "./graph.ts";
import { contrib } from "./normalize/contrib.ts";
import { downgrades } from "./normalize/downgrades.ts";
import { earlyUpgrades } from "./normalize/early-upgrades.ts";
import { GraphRewriter, type Step } from "./normalize/graph-rewriter.ts";
import type { Rewrite, RewriteTable } from "./normalize/rewrite.ts";
import { upgrades } from "./normalize/upgrades.ts";

/** The oldest opset of the standard operators that can be read. */
const OLDEST_OPSET = 1;

/** The newest opset that ONNX Runtime 1.30 reads, and whose differences are known here. */
const NEWEST_OPSET = 26;

/** Which version of each domain a model imports. */
export type OpsetVersions = ReadonlyMap<string, number>;

/**
 * The graph with every node written as opset `OPSET` has it. `versions` says which version of each
 * domain the model imports, `versionsOf` that of nodes that came from elsewhere (from a function with
 * imports of its own). What opset 21 cannot say is left under a name that no opset has, for the
 * gradient or the runtime to refuse. Throws `bad-file` for opsets after 26.
 */
export function normalizeOpset(
  graph: Graph,
  versions: OpsetVersions,
  versionsOf: (node: Node) => OpsetVersions | undefined = () => undefined,
): Graph {
  return normalizeGraph(graph, (node) => standardVersion(versionsOf(node) ?? versions));
}

function standardVersion(versions: OpsetVersions): number {
  const version = versions.get("") ?? OPSET;
  if (version >= OLDEST_OPSET && version <= NEWEST_OPSET) return version;
  throw new LimpidError(
    "bad-file",
    `normalizeOpset: the opset must be ${OLDEST_OPSET} to ${NEWEST_OPSET}, got ${version}. convert the model with ONNX's version converter.`,
  );
}

type VersionOf = (node: Node) => number;

function normalizeGraph(graph: Graph, versionOf: VersionOf, outer?: GraphRewriter): Graph {
  const rewriter = new GraphRewriter(graph, findStep, outer);
  for (const node of graph.nodes) {
    const version = Math.min(versionOf(node), lastVersions.get(node.operator) ?? NEWEST_OPSET);
    rewriter.take(withNormalSubgraphs(node, versionOf, rewriter), version);
  }
  return rewriter.build();
}

/** Some exporters go on writing operators that an opset dropped; they mean the last version there was. */
const lastVersions: ReadonlyMap<string, number> = new Map([
  ["Scatter", 10],
  ["Upsample", 9],
]);

function findStep(node: Node, version: number): Step | undefined {
  const { operator, domain } = node;
  if (domain === "com.microsoft" || operator === "SimplifiedLayerNormalization") {
    const rewrite = find(contrib, operator);
    return rewrite && { rewrite, version: OPSET };
  }
  if (domain !== "") return undefined;
  for (let next = version + 1; next <= OPSET; next++) {
    const rewrite = find(earlyUpgrades.get(next) ?? upgrades.get(next), operator);
    if (rewrite) return { rewrite, version: next };
  }
  for (let from = version; from > OPSET; from--) {
    const rewrite = find(downgrades.get(from), operator);
    if (rewrite) return { rewrite, version: from - 1 };
  }
  return undefined;
}

function find(table: RewriteTable | undefined, operator: string): Rewrite | undefined {
  return table && Object.hasOwn(table, operator) ? table[operator] : undefined;
}

function withNormalSubgraphs(node: Node, versionOf: VersionOf, outer: GraphRewriter): Node {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, { kind }]) => kind === "graph")) return node;
  const attributes = entries.map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === "graph"
      ? { kind: "graph", value: normalizeGraph(attribute.value, versionOf, outer) }
      : attribute,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}
