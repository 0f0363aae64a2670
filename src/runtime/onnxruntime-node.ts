/** @file Runs graphs with ONNX Runtime in Node. */
import * as ort from "onnxruntime-node";
import { LimpidError, throwIfAborted } from "../errors.ts";
import { encodeOnnx } from "../formats/onnx/encode.ts";
import type { Graph } from "../graph/graph.ts";
import type { ElementType, Tensor } from "../graph/tensor.ts";
import type { RunOptions, Runtime, Session, SessionOptions, Tensors } from "./runtime.ts";

export interface NodeRuntimeOptions {
  readonly provider?: "cpu" | "cuda" | "webgpu" | "coreml" | "dml";
  readonly threads?: number;
}

/** The runtime of this machine's processor, or of another execution provider. */
export function createNodeRuntime(options: NodeRuntimeOptions = {}): Runtime {
  const { provider = "cpu", threads } = options;
  const kept = new Map<Graph, Session>();
  const open = async (graph: Graph, sessionOptions: SessionOptions = {}): Promise<Session> => {
    const { bytes, external } = encodeOnnx(graph, { externalThresholdBytes: 1 << 20 });
    const fast = sessionOptions.optimization !== "none";
    try {
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: [provider],
        externalData: [...external],
        logSeverityLevel: 3,
        graphOptimizationLevel: fast ? "all" : "disabled",
        ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
        ...(fast ? {} : { extra: { session: { disable_prepacking: "1" } } }),
      });
      return adapt(session);
    } catch (cause) {
      throw new LimpidError("runtime", `onnxruntime-node: ${firstLine(cause)}`, { cause });
    }
  };
  return {
    name: `onnxruntime-node/${provider}`,
    open,
    run: async (graph, feeds, runOptions) => {
      let session = kept.get(graph);
      if (!session) {
        session = await open(graph);
        kept.set(graph, session);
      }
      return session.run(feeds, runOptions);
    },
    release: async () => {
      for (const session of kept.values()) await session.release();
      kept.clear();
    },
  };
}

function adapt(session: ort.InferenceSession): Session {
  return {
    run: async (feeds: Tensors, options: RunOptions = {}) => {
      throwIfAborted(options.signal, "run");
      const given = Object.fromEntries(
        Object.entries(feeds).map(([name, value]) => [name, toOrt(value)]),
      );
      try {
        const results = await session.run(given, [...(options.outputs ?? session.outputNames)]);
        return Object.fromEntries(
          Object.entries(results).map(([name, value]) => [name, fromOrt(value)]),
        );
      } catch (cause) {
        throw new LimpidError("runtime", `onnxruntime-node: ${firstLine(cause)}`, { cause });
      }
    },
    release: () => session.release(),
  };
}

function toOrt(value: Tensor): ort.Tensor {
  return new ort.Tensor(value.type as "float32", value.data as Float32Array, value.dims);
}

function fromOrt(value: ort.Tensor): Tensor {
  return { type: value.type as ElementType, dims: value.dims, data: value.data as Float32Array } as Tensor;
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!;
}
