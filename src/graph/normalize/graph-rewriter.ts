/** @file Collects the nodes of a graph as they are rewritten, step by step, to the opset that everything else knows. */
import { valuesRead } from "../edit.ts";
import { subgraphsOf } from "../inference/subgraphs.ts";
import type { Graph, Node } from "../graph.ts";
import type { Tensor } from "../tensor.ts";
import { outputFacts, type Facts } from "./facts.ts";
import { rewriteNode, type Rewrite } from "./rewrite.ts";

/** The next rewrite on a node's way to the normal opset, and the opset that it leads to. */
export interface Step {
  readonly rewrite: Rewrite;
  readonly version: number;
}

/** Finds the next step of a node that stands at an opset; undefined if it has arrived. */
export type FindStep = (node: Node, version: number) => Step | undefined;

const unknown: Facts = {};

/** One graph under rewriting; subgraphs have a rewriter of their own inside this one. */
export class GraphRewriter {
  readonly #graph: Graph;
  readonly #findStep: FindStep;
  readonly #outer: GraphRewriter | undefined;
  readonly #nodes: Node[] = [];
  readonly #initializers: Map<string, Tensor>;
  readonly #facts = new Map<string, Facts>();
  readonly #names: Set<string>;
  readonly #read: ReadonlySet<string>;

  constructor(graph: Graph, findStep: FindStep, outer?: GraphRewriter) {
    this.#graph = graph;
    this.#findStep = findStep;
    this.#outer = outer;
    this.#initializers = new Map(graph.initializers);
    for (const { name, type, dims } of graph.inputs)
      this.#facts.set(name, { type, rank: dims?.length });
    this.#names = outer?.names ?? new Set();
    for (const name of namesOf(graph)) this.#names.add(name);
    this.#read = new Set([
      ...graph.nodes.flatMap(valuesRead),
      ...graph.outputs.map((output) => output.name),
    ]);
  }

  /** Names that are taken, in subgraphs too. */
  get names(): Set<string> {
    return this.#names;
  }

  /** Takes a node that stands at an opset, and all that it is rewritten to. */
  take(node: Node, version: number): void {
    const step = this.#findStep(node, version);
    if (!step) {
      this.#accept(node);
      return;
    }
    rewriteNode(step.rewrite, node, version, {
      emit: (next) => this.take(next, step.version),
      accept: (next) => this.#accept(next),
      uniqueName: (hint) => this.#uniqueName(hint),
      setConstant: (name, value) => this.#initializers.set(name, value),
      constantOf: (name) => this.constantOf(name),
      factsOf: (name) => this.factsOf(name),
      isRead: (name) => this.#read.has(name),
    });
  }

  constantOf(name: string): Tensor | undefined {
    return this.#initializers.get(name) ?? this.#outer?.constantOf(name);
  }

  factsOf(name: string): Facts {
    const facts = this.#facts.get(name);
    if (facts) return facts;
    const constant = this.#initializers.get(name);
    if (constant) return { type: constant.type, rank: constant.dims.length };
    return this.#outer?.factsOf(name) ?? unknown;
  }

  /** The graph of all nodes taken. */
  build(): Graph {
    return { ...this.#graph, nodes: this.#nodes, initializers: this.#initializers };
  }

  #accept(node: Node): void {
    this.#nodes.push(node);
    const facts = outputFacts(node, this);
    for (const [i, output] of node.outputs.entries()) this.#facts.set(output, facts[i] ?? unknown);
  }

  #uniqueName(hint: string): string {
    let name = hint;
    for (let i = 1; this.#names.has(name); i++) name = `${hint}_${i}`;
    this.#names.add(name);
    return name;
  }
}

/** The names of a graph's values and nodes, those of its subgraphs included. */
function namesOf(graph: Graph): string[] {
  const subgraphs = graph.nodes.flatMap(subgraphsOf);
  return [
    ...graph.initializers.keys(),
    ...graph.inputs.map((input) => input.name),
    ...graph.nodes.flatMap((node) => [node.name, ...node.outputs]),
    ...subgraphs.flatMap(namesOf),
  ];
}
