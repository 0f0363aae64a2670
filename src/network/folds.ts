/** @file Rows and columns that a reshape folds into one axis for a while: normalisations of groups are written so. */
import type { TracedNode } from "../graph/traced-node.ts";
import { leavesInPlace, reshapes } from "./span-rules.ts";
import { joined, type Spans } from "./spans.ts";

/** What a value saw in the shapes that it had before, by these: its elements are still in the same order. */
type Fold = ReadonlyMap<string, Spans>;

/** What is folded, by the names of values, as nodes are followed in their order. */
export class Folds {
  readonly #of = new Map<string, Fold>();

  /** Follows a node; where it unfolds a value to a shape that it had, what that saw is set in `known`. */
  follow(n: TracedNode, known: Map<string, Spans>): void {
    const { node } = n;
    const to = node.outputs[0]!;
    if (reshapes(node.operator)) this.#reshape(n, to, known);
    else if (leavesInPlace(node.operator)) this.#pass(n, to, known);
  }

  #reshape(n: TracedNode, to: string, known: Map<string, Spans>): void {
    const from = n.node.inputs[0]!;
    const before = new Map(this.#of.get(from));
    before.set(shapeOf(n, from), known.get(from) ?? []);
    this.#of.set(to, before);
    const unfolded = before.get(shapeOf(n, to));
    if (unfolded) known.set(to, unfolded);
  }

  /** Constants, and what is spread over places, move nothing; of values as large all must be folded. */
  #pass(n: TracedNode, to: string, known: ReadonlyMap<string, Spans>): void {
    const read = n.node.inputs.filter(
      (name) => known.has(name) && shapeOf(n, name) === shapeOf(n, to),
    );
    const [first, ...others] = read.map((name) => this.#of.get(name) ?? new Map<string, Spans>());
    const shared = [...(first ?? [])].flatMap(([shape, spans]) => {
      const all = [spans, ...others.map((other) => other.get(shape))];
      const isShared = all.every((each) => each !== undefined);
      return isShared
        ? [[shape, spans.map((_, i) => joined(all.map((each) => each[i])))] as const]
        : [];
    });
    if (shared.length > 0) this.#of.set(to, new Map(shared));
  }
}

function shapeOf(n: TracedNode, name: string): string {
  return n.dimsOf(name)?.join() ?? "";
}
