/** @file The walk over a graph before it runs: sizes of all values, what is alive together, and how long it takes. */
import { valuesRead } from "../edit.ts";
import type { Graph, Node } from "../graph.ts";
import { elementCount } from "../tensor.ts";
import type { Bodies, Step, Taken, WalkBody } from "./bodies.ts";
import type { Budget } from "./budget.ts";
import { bytesOf, isFixed, KnownValues, unknownValue, type Known } from "./known-values.ts";
import { madeBy } from "./node-sizes.ts";
import { requireSafe } from "./requirements.ts";
import { NeedsRun, SizedNode } from "./sized-node.ts";
import { secondsOf } from "./work.ts";

/** Operators that go round. */
const loops: ReadonlySet<string> = new Set(["Loop", "Scan"]);

/** Values that a run has told already, by name. */
export type Found = ReadonlyMap<string, Known>;

/** What is the same for a graph and those inside it. */
interface WalkContext {
  readonly budget: Budget;
  readonly found: Found;
  readonly bodies: Bodies | undefined;
}

/** One graph, or one inside another. */
export class Walk {
  readonly graph: Graph;
  readonly values: KnownValues;
  readonly budget: Budget;
  readonly #isInner: boolean;
  readonly #found: Found;
  readonly #bodies: Bodies | undefined;
  readonly #reads: readonly (readonly string[])[];
  readonly #lastReader = new Map<string, number>();
  readonly #bytes = new Map<string, number>();
  readonly #kept: ReadonlySet<string>;
  #live = 0;
  #most = 0;
  #constantLive = 0;
  #seconds = 0;
  #constantSeconds = 0;

  /** `bodies`: what follows graphs inside of this one; undefined for a graph without any. */
  constructor(graph: Graph, { budget, found, bodies }: WalkContext, outer?: KnownValues) {
    this.graph = graph;
    this.#bodies = bodies;
    this.budget = budget;
    this.#found = found;
    this.#isInner = outer !== undefined;
    this.values = new KnownValues(graph.initializers, outer);
    this.#kept = new Set(graph.outputs.map(({ name }) => name));
    this.#reads = graph.nodes.map(valuesRead);
    for (const [i, names] of this.#reads.entries()) {
      for (const name of names) this.#lastReader.set(name, i);
    }
  }

  /**
   * Goes through all nodes; inputs are what is `fed`. Throws `over-limit` where it takes too much, `bad-file` for nodes
   * that must not run, and `NeedsRun` for a value of this graph that only a run tells.
   */
  go(fed: ReadonlyMap<string, Known>): Taken {
    for (const [name, known] of fed) this.#keep(name, known);
    for (const [i, node] of this.graph.nodes.entries()) this.#step(node, i);
    return { bytes: this.#most, seconds: this.#seconds };
  }

  #step(node: Node, i: number): void {
    this.budget.countStep(node);
    const n = new SizedNode(node, this.values, this.#reads[i]!);
    const { made, bytes, seconds } = this.#takenBy(n);
    const known = node.outputs.map((name, at) => this.#found.get(name) ?? made[at] ?? unknownValue);
    for (const [at, name] of node.outputs.entries()) if (name) this.#keep(name, known[at]!);
    this.#most = Math.max(this.#most, this.#live + bytes);
    this.#seconds += seconds;
    if (known.every(isFixed)) {
      this.#constantSeconds += seconds;
      this.budget.checkConstantMemory(node, this.#constantLive + bytes);
      this.budget.checkConstantTime(node, this.#constantSeconds);
    }
    this.budget.checkMemory(node, this.#live + bytes);
    if (loops.has(node.operator)) this.budget.checkLoop(node, seconds);
    this.budget.checkTime(node, this.#seconds);
    for (const name of this.#reads[i]!) if (this.#lastReader.get(name) === i) this.#free(name);
    for (const name of node.outputs) if (!this.#lastReader.has(name)) this.#free(name);
  }

  #takenBy(n: SizedNode): Step {
    try {
      requireSafe(n);
      const step = this.#bodies?.madeByBodies(n, this.#walkBody);
      if (step) return step;
      const made = madeBy(n);
      const elements = made.reduce((sum, { dims }) => sum + (dims ? elementCount(dims) : 0), 0);
      return { made, bytes: 0, seconds: secondsOf(n, { elements }) };
    } catch (error) {
      if (!(error instanceof NeedsRun) || !this.#isInner || !this.values.isOwn(error.value))
        throw error;
      throw n.refusal(
        "what it makes must have a size that is known before it runs",
        `"${error.value}"`,
        "fix the size and export the model again",
      );
    }
  }

  readonly #walkBody: WalkBody = (body, fed) => {
    const { budget } = this;
    const inner = new Walk(body, { budget, found: this.#found, bodies: this.#bodies }, this.values);
    return { ...inner.go(fed), values: inner.values };
  };

  #keep(name: string, known: Known): void {
    this.values.set(name, known);
    const bytes = bytesOf(known);
    this.#bytes.set(name, bytes);
    this.#live += bytes;
    if (isFixed(known)) this.#constantLive += bytes;
  }

  #free(name: string): void {
    const bytes = this.#bytes.get(name);
    if (bytes === undefined || this.#kept.has(name)) return;
    this.#bytes.delete(name);
    this.#live -= bytes;
    if (isFixed(this.values.of(name))) this.#constantLive -= bytes;
  }
}
