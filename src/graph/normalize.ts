/** @file Brings models of any opset to the one that everything else knows. */
import { LimpidError } from "../errors.ts";
import { subgraphsOf } from "./inference/subgraphs.ts";
import { OPSET, type Attribute, type Graph, type Node } from "./graph.ts";
import { GraphRewriter, type Step } from "./normalize/graph-rewriter.ts";
import type { Rewrite, RewriteTable } from "./normalize/rewrite.ts";
import type { RewriteTables } from "./normalize/tables.ts";

/** The oldest opset of the standard operators that can be read. */
const OLDEST_OPSET = 1;

/** The newest opset that ONNX Runtime 1.30 reads, and whose differences are known here. */
const NEWEST_OPSET = 26;

/** Which version of each domain a model imports. */
export type OpsetVersions = ReadonlyMap<string, number>;

/** Which version of each domain a model imports, and nodes that came from elsewhere: from a function with imports of its own. */
export interface WrittenVersions {
  readonly versions: OpsetVersions;
  readonly versionsOf: (node: Node) => OpsetVersions | undefined;
}

/**
 * The graph with every node written as opset `OPSET` has it. What opset 21 cannot say is left under a name that no opset has, for the
 * gradient or the runtime to refuse. `tables` may be left out of a graph that `isNormal`. Throws `bad-file` for opsets
 * after 26.
 */
export function normalizeOpset(
  graph: Graph,
  { versions, versionsOf }: WrittenVersions,
  tables: RewriteTables | undefined,
): Graph {
  return normalizeGraph(graph, {
    versionOf: (node) => standardVersion(versionsOf(node) ?? versions),
    tables,
  });
}

/** Whether no node of a graph, or of those inside it, needs a table of rewrites. */
export function isNormal(graph: Graph, written: WrittenVersions): boolean {
  const { versions, versionsOf } = written;
  return graph.nodes.every((node) => {
    const version = (versionsOf(node) ?? versions).get("") ?? OPSET;
    const isCurrent = version === OPSET && !isContrib(node) && !lastVersions.has(node.operator);
    return isCurrent && subgraphsOf(node).every((each) => isNormal(each, written));
  });
}

function standardVersion(versions: OpsetVersions): number {
  const version = versions.get("") ?? OPSET;
  if (version >= OLDEST_OPSET && version <= NEWEST_OPSET) return version;
  throw new LimpidError(
    "bad-file",
    `normalizeOpset: the opset must be ${OLDEST_OPSET} to ${NEWEST_OPSET}, got ${version}. convert the model with ONNX's version converter.`,
  );
}

interface Rewriting {
  readonly versionOf: (node: Node) => number;
  readonly tables: RewriteTables | undefined;
}

function normalizeGraph(graph: Graph, rewriting: Rewriting, outer?: GraphRewriter): Graph {
  const { versionOf, tables } = rewriting;
  const findIn = (node: Node, version: number) => tables && findStep(tables, node, version);
  const rewriter = new GraphRewriter(graph, findIn, outer);
  for (const node of graph.nodes) {
    const version = Math.min(versionOf(node), lastVersions.get(node.operator) ?? NEWEST_OPSET);
    rewriter.take(withNormalSubgraphs(node, rewriting, rewriter), version);
  }
  return rewriter.build();
}

/** Some exporters go on writing operators that an opset dropped; they mean the last version there was. */
const lastVersions: ReadonlyMap<string, number> = new Map([
  ["Scatter", 10],
  ["Upsample", 9],
]);

/** Operators of ONNX Runtime's own, one of which has no domain in files. */
function isContrib({ domain, operator }: Node): boolean {
  return domain === "com.microsoft" || operator === "SimplifiedLayerNormalization";
}

function findStep(
  { contrib, earlyUpgrades, upgrades, downgrades }: RewriteTables,
  node: Node,
  version: number,
): Step | undefined {
  const { operator, domain } = node;
  if (isContrib(node)) {
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

function withNormalSubgraphs(node: Node, rewriting: Rewriting, outer: GraphRewriter): Node {
  const entries = Object.entries(node.attributes);
  if (!entries.some(([, { kind }]) => kind === "graph")) return node;
  const attributes = entries.map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.kind === "graph"
      ? { kind: "graph", value: normalizeGraph(attribute.value, rewriting, outer) }
      : attribute,
  ]);
  return { ...node, attributes: Object.fromEntries(attributes) };
}
