/** @file A runtime that is one of two: the processor, and a graphics card in its stead where that computes the same. */
import { isFailure, type LimpidError } from "../../src/errors.ts";
import type { Graph } from "../../src/graph/graph.ts";
import type {
  RunOptions,
  Runtime,
  Session,
  SessionOptions,
  Tensors,
} from "../../src/runtime/runtime.ts";
import { usualLimits, type Limits } from "../../src/wording/limits.ts";
import { isBroken } from "./failures.ts";

export type Side = "processor" | "card";

/** Graphs that the card refuses run on the processor, which `onRefusal` is told. */
export class SwitchedRuntime implements Runtime {
  readonly limits: Limits;
  readonly #processor: Runtime;
  readonly #openCard: () => Promise<Runtime>;
  readonly #onRefusal: (error: LimpidError) => void;
  readonly #refused = new WeakSet<Graph>();
  #card: Runtime | undefined;
  #side: Side = "processor";

  constructor(
    processor: Runtime,
    openCard: () => Promise<Runtime>,
    onRefusal: (error: LimpidError) => void,
  ) {
    this.#processor = processor;
    this.limits = processor.limits ?? usualLimits;
    this.#openCard = openCard;
    this.#onRefusal = onRefusal;
  }

  get name(): string {
    return this.#used.name;
  }

  get side(): Side {
    return this.#side;
  }

  /** What is run from now on runs there. Throws `runtime` where there is no card. */
  async turnTo(side: Side): Promise<void> {
    if (side === "card") this.#card ??= await this.#openCard();
    this.#side = side;
  }

  async open(graph: Graph, options?: SessionOptions): Promise<Session> {
    // What runs once would wait longer for its shaders than for its numbers.
    if (options?.optimization === "none") return this.#processor.open(graph, options);
    return this.#orProcessor(graph, (runtime) => runtime.open(graph, options));
  }

  run(graph: Graph, feeds: Tensors, options?: RunOptions): ReturnType<Runtime["run"]> {
    return this.#orProcessor(graph, (runtime) => runtime.run(graph, feeds, options));
  }

  /** Of both. */
  async release(): Promise<void> {
    await this.#processor.release();
    await this.#card?.release();
  }

  /** Gives back what the side that is not used holds. */
  async releaseOther(): Promise<void> {
    await (this.#side === "card" ? this.#processor : this.#card)?.release();
  }

  get #used(): Runtime {
    return this.#side === "card" ? this.#card! : this.#processor;
  }

  async #orProcessor<T>(graph: Graph, work: (runtime: Runtime) => Promise<T>): Promise<T> {
    const used = this.#used;
    if (used === this.#processor || this.#refused.has(graph)) return work(this.#processor);
    try {
      return await work(used);
    } catch (error) {
      if (!isFailure(error) || isBroken(error)) throw error;
      // What the processor refuses too is no matter of the card.
      const done = await work(this.#processor);
      this.#refused.add(graph);
      this.#onRefusal(error);
      return done;
    }
  }
}
