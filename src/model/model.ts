/** @file A network made ready for questions: its input, its logits, and its graph traced at any input size. */
import { LimpidError } from "../errors.ts";
import { cut } from "../graph/edit.ts";
import type { Graph, ValueInfo } from "../graph/graph.ts";
import { headOf, type Head } from "../graph/head.ts";
import { elementCount, formatShape, tensor } from "../graph/tensor.ts";
import { trace } from "../graph/trace.ts";
import type { Runtime } from "../runtime/runtime.ts";

export interface ModelOptions {
  /** Explain the probabilities of a final softmax or sigmoid instead of its logits. */
  readonly keepActivation?: boolean;
}

/** Side of pictures for networks that leave it open. */
const usualSidePx = 224;

/** A network with one picture as input. */
export class Model {
  readonly graph: Graph;
  readonly runtime: Runtime;
  readonly input: ValueInfo;
  readonly head: Head;
  readonly #traces = new Map<string, Promise<Graph>>();

  /** Throws `bad-file` if the network has no input of a picture's shape. */
  constructor(graph: Graph, runtime: Runtime, options: ModelOptions = {}) {
    this.graph = graph;
    this.runtime = runtime;
    this.input = pictureInput(graph);
    this.head = headOf(graph, options.keepActivation);
  }

  /** The input shape [N, C, H, W] with what the network leaves open filled in; `pictures` is N where it is open. */
  inputDims(pictures = 1): readonly [number, number, number, number] {
    const [n, c, h, w] = this.input.dims ?? [];
    return [
      typeof n === "number" && n > 0 ? n : pictures,
      sizeOr(c, 3),
      sizeOr(h, usualSidePx),
      sizeOr(w, usualSidePx),
    ];
  }

  /** The largest batch that one run takes: 1 where the network fixes it. */
  get batchLimit(): number {
    const [n] = this.input.dims ?? [];
    return typeof n === "number" && n > 0 ? n : Number.POSITIVE_INFINITY;
  }

  /** The shape of one run for pictures of shape [N, C, H, W]: N is the network's own where it fixes it. */
  batchDims(dims: readonly number[]): readonly number[] {
    return Number.isFinite(this.batchLimit) ? [this.batchLimit, ...dims.slice(1)] : dims;
  }

  /**
   * The graph traced at an input shape [N, C, H, W], with the logits as its only output. Throws
   * `shape-mismatch` if the network takes no such input.
   */
  async at(dims: readonly number[]): Promise<Graph> {
    this.#checkDims(dims);
    const key = dims.join();
    const known = this.#traces.get(key);
    if (known) return known;
    const traced = this.#trace(dims);
    this.#traces.set(key, traced);
    return traced;
  }

  async #trace(dims: readonly number[]): Promise<Graph> {
    const explained = cut(this.graph, { outputs: [this.head.logits] });
    const zeros = tensor("float32", dims, new Float32Array(elementCount(dims)));
    return trace(explained, { [this.input.name]: zeros }, async (probe, feeds) => {
      const session = await this.runtime.open(probe, { optimization: "none" });
      try {
        return await session.run(feeds);
      } finally {
        await session.release();
      }
    });
  }

  #checkDims(dims: readonly number[]): void {
    const wanted = this.input.dims ?? dims;
    const fits =
      dims.length === wanted.length &&
      wanted.every((dim, axis) => typeof dim === "string" || dim === dims[axis]);
    if (fits) return;
    throw new LimpidError(
      "shape-mismatch",
      `model: input "${this.input.name}" must have shape ${formatShape(wanted)}, got ${formatShape(dims)}.`,
    );
  }
}

function sizeOr(dim: number | string | undefined, fallback: number): number {
  return typeof dim === "number" && dim > 0 ? dim : fallback;
}

function pictureInput(graph: Graph): ValueInfo {
  const [input, ...others] = graph.inputs;
  if (!input || others.length > 0) {
    const names = graph.inputs.map((info) => `"${info.name}"`).join(", ") || "none";
    throw new LimpidError("bad-file", `model: the network must have one input, got ${names}.`);
  }
  const rank = input.dims?.length ?? 4;
  if (rank !== 4 || (input.type !== undefined && input.type !== "float32")) {
    throw new LimpidError(
      "bad-file",
      `model: input "${input.name}" must be float32 [N, C, H, W], got ${input.type} ${formatShape(input.dims ?? [])}.`,
    );
  }
  return input;
}
