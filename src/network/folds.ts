/** @file Rows and columns that a reshape folds into one axis for a while: normalisations of groups are written so. */
import type { TracedNode } from "../graph/traced-node.ts";
import { leavesInPlace, reshapes } from "./span-rules.ts";
import type { Spans } from "./spans.ts";

/** A value as it was before it was reshaped. */
interface Fold {
  readonly dims: readonly number[];
  readonly spans: Spans;
}

/** What is folded, by the names of values, as nodes are followed in their order. */
export class Folds {
  readonly #of = new Map<string, Fold>();

  /** Follows a node; where it unfolds a value to the shape that it had, what that saw is set in `known`. */
  follow(n: TracedNode, known: Map<string, Spans>): void {
    const { node } = n;
    const to = node.outputs[0]!;
    if (reshapes(node.operator)) this.#reshape(n, to, known);
    else if (leavesInPlace(node.operator)) this.#pass(n, to, known);
  }

  #reshape(n: TracedNode, to: string, known: Map<string, Spans>): void {
    const from = n.node.inputs[0]!;
    const before = this.#of.get(from) ?? { dims: n.in(0), spans: known.get(from) ?? [] };
    if (isShape(n, to, before.dims)) known.set(to, before.spans);
    else this.#of.set(to, before);
  }

  /** Constants, and what is spread over places, move nothing; what is as large must be folded alike. */
  #pass(n: TracedNode, to: string, known: ReadonlyMap<string, Spans>): void {
    const own = n.dimsOf(to) ?? [];
    const read = n.node.inputs.filter((name) => known.has(name) && isShape(n, name, own));
    const [fold, ...others] = read.map((name) => this.#of.get(name));
    const isAlike = others.every((other) => other?.dims.join() === fold?.dims.join());
    if (fold && isAlike) this.#of.set(to, fold);
  }
}

function isShape(n: TracedNode, name: string, dims: readonly number[]): boolean {
  return n.dimsOf(name)?.join() === dims.join();
}
