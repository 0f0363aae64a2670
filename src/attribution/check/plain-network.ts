/** @file A network as it is, neither traced nor differentiated: what checks compare with. */
import type { StopSignal } from "../../errors.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import { toFloat32, type Tensor } from "../../graph/tensor.ts";
import { runDims } from "../../network/batches.ts";
import type { Model } from "../../network/model.ts";
import { repeatRow, rowData } from "../../network/run-rows.ts";
import type { RunOptions, Runtime, Session, Tensors } from "../../runtime/runtime.ts";
import { logitOf } from "../../scores/class-targets.ts";

export interface PlainNetworkOptions {
  /** The model's own unless another is to be compared with. */
  readonly runtime?: Runtime;
  /** A layer that is wanted beside the score. */
  readonly layer?: string;
  readonly signal?: StopSignal;
}

/** What a network as it is makes of a picture. */
interface PlainResult {
  readonly score: number;
  /** Of the numbers that can be explained, signs aside. */
  readonly largest: number;
  readonly layer: Tensor;
}

/** Runs a network as it is, on its own runtime or another, in a session that is opened when it is needed. */
export class PlainNetwork {
  readonly model: Model;
  readonly #runtime: Runtime;
  readonly #graph: Graph;
  readonly #options: RunOptions;
  #session: Session | undefined;

  /** To be closed; `layer` can be asked for. */
  constructor(model: Model, options: PlainNetworkOptions = {}) {
    const { runtime = model.runtime, layer = model.explained, signal } = options;
    const outputs = [...new Set([model.explained, layer])];
    this.model = model;
    this.#runtime = runtime;
    this.#graph = cut(model.graph, {
      outputs: outputs.filter((name) => name !== model.input.name),
    });
    this.#options = signal ? { signal } : {};
  }

  /** The numbers that can be explained of a picture [1, C, H, W]. */
  async numbers(picture: Tensor): Promise<Float32Array> {
    const { explained } = this.model;
    return rowData((await this.#run(picture, { outputs: [explained] }))[explained]!, 0);
  }

  /** The score of a class. */
  async score(picture: Tensor, target: number): Promise<number> {
    return this.#scoreOf(await this.numbers(picture), target);
  }

  /** The score of a class and what the layer holds, the batch of the network's own. */
  async scoreAndLayer(picture: Tensor, target: number, layer: string): Promise<PlainResult> {
    const results = await this.#run(picture);
    const numbers = rowData(results[this.model.explained]!, 0);
    const largest = numbers.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
    return { score: this.#scoreOf(numbers, target), largest, layer: results[layer]! };
  }

  /** What a network that fixes its batch is fed. */
  feeds(picture: Tensor): Tensors {
    const dims = runDims(this.model, picture.dims);
    const fed = repeatRow(toFloat32(picture), dims[0]!, dims.slice(1));
    return { [this.model.input.name]: fed };
  }

  #scoreOf(numbers: Float32Array, target: number): number {
    return logitOf(Array.from(numbers), target, this.model.head.kind);
  }

  async #run(picture: Tensor, options: RunOptions = {}): Promise<Tensors> {
    this.#session ??= await this.#runtime.open(this.#graph, { optimization: "none" });
    return this.#session.run(this.feeds(picture), { ...this.#options, ...options });
  }

  /** Frees what the network takes; whoever asks more of it opens it again. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.release();
  }
}
