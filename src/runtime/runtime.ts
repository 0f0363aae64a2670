/** @file What executes graphs: one interface, with adapters for ONNX Runtime in Node and on the web. */
import type { StopSignal } from "../errors.ts";
import type { Graph } from "../graph/graph.ts";
import type { Limits } from "../wording/limits.ts";
import type { Tensor } from "../graph/tensor.ts";

/** Tensors by value name. */
export type Tensors = Readonly<Record<string, Tensor>>;

export interface RunOptions {
  /** Checked before and after each run; an abort throws `LimpidError` with code `aborted`. */
  readonly signal?: StopSignal;
  /** Names of the graph outputs to compute; all of them by default. */
  readonly outputs?: readonly string[];
}

export interface SessionOptions {
  /**
   * `"full"` (default) optimises for many runs; `"none"` opens fast and keeps no second copy of the
   * weights: right for a graph that is run once, as in a trace.
   */
  readonly optimization?: "full" | "none";
  /**
   * Outputs that stay on the graphics card, where the runtime computes on one: their `data` cannot be read, and each is to be fed
   * to one later run of the same runtime, which frees it. Elsewhere they are tensors like others.
   */
  readonly resident?: readonly string[];
}

/** A compiled graph. */
export interface Session {
  /**
   * Runs the graph. Outputs are fresh tensors that belong to the caller; `float16` ones hold bits. Calls
   * that overlap are answered one after the other. Throws `shape-mismatch` unless the feeds are exactly
   * the graph's inputs, `bad-option` for an output that it does not have, `runtime` if the run fails.
   */
  run(feeds: Tensors, options?: RunOptions): Promise<Record<string, Tensor>>;
  /** Frees what the session holds; further runs throw. */
  release(): Promise<void>;
}

/** Executes graphs with one execution provider. */
export interface Runtime {
  /** For messages: `"onnxruntime-node/cpu"`, `"onnxruntime-web/wasm"`, ... */
  readonly name: string;
  /** What a run may take; the usual limits where nothing is said. */
  readonly limits?: Limits;
  /** Compiles a graph. Throws `over-limit` if a run would take too much, `runtime` if ONNX Runtime refuses it. */
  open(graph: Graph, options?: SessionOptions): Promise<Session>;
  /** Runs a graph in a session that is kept for the graph's next run (least recently used are released). */
  run(graph: Graph, feeds: Tensors, options?: RunOptions): Promise<Record<string, Tensor>>;
  /** Releases every kept session. */
  release(): Promise<void>;
}
