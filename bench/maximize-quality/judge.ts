/** @file What networks say of pictures. */
import { tensor } from "../../src/graph/tensor.ts";
import type { Graph } from "../../src/graph/graph.ts";
import type { Session } from "../../src/runtime/runtime.ts";
import { sidePx, type StudiedNetwork } from "./networks.ts";

/** A value of a network, computed for one picture after the other. */
export class Judge {
  readonly #graph: Graph;
  readonly #session: Session;
  readonly #value: string;
  readonly #dims: readonly number[];

  private constructor(graph: Graph, session: Session, value: string, dims: readonly number[]) {
    this.#graph = graph;
    this.#session = session;
    this.#value = value;
    this.#dims = dims;
  }

  /** Of pictures of a side in pixels. */
  static async of({ model }: StudiedNetwork, value: string, side: number = sidePx): Promise<Judge> {
    const dims = [1, 3, side, side];
    const graph = await model.part([value], dims);
    return new Judge(graph, await model.runtime.open(graph), value, dims);
  }

  /** Mean over places of every channel, or every class of logits, of one picture [3, side, side]. */
  async channels(input: Float32Array): Promise<Float64Array> {
    const feeds = { [this.#graph.inputs[0]!.name]: tensor("float32", this.#dims, input) };
    const found = (await this.#session.run(feeds))[this.#value]!;
    const count = found.dims[1]!;
    const places = found.data.length / count;
    const data = found.data as Float32Array;
    return Float64Array.from({ length: count }, (_, c) => {
      let total = 0;
      for (let i = c * places; i < (c + 1) * places; i++) total += data[i]!;
      return total / places;
    });
  }

  release(): Promise<void> {
    return this.#session.release();
  }
}

/** Softmax probability of one class. */
export function probability(logits: Float64Array, index: number): number {
  const highest = Math.max(...logits);
  let total = 0;
  for (const logit of logits) total += Math.exp(logit - highest);
  return Math.exp(logits[index]! - highest) / total;
}

/** Place of a class among all, 0 for the highest logit. */
export function rank(logits: Float64Array, index: number): number {
  return logits.filter((logit) => logit > logits[index]!).length;
}
