/** @file What the adapters for Node and the web share: sessions, checks of what is fed, errors. */
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from "onnxruntime-common";
import { LimpidError, throwIfAborted } from "../errors.ts";
import { encodeOnnx, type EncodedModel } from "../formats/onnx/encode.ts";
import type { Graph, ValueInfo } from "../graph/graph.ts";
import {
  bytesPerElement,
  elementCount,
  formatShape,
  type ElementType,
  type Tensor,
} from "../graph/tensor.ts";
import type { RunOptions, Runtime, Session, SessionOptions, Tensors } from "./runtime.ts";

/** The part of ONNX Runtime's JavaScript API that is used; the packages for Node and the web both have it. */
export interface OnnxRuntimeApi {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** Initializers of at least so many bytes are handed over where they lie instead of inside the model. */
const externalThresholdBytes = 1 << 16;

/** Sessions that `run` keeps open for the next call. */
const keptSessions = 4;

/** From one weight of this size on, a second, packed copy of the weights costs more than it gains. */
const hugeWeightBytes = 1 << 27;

export interface RuntimeSettings {
  /** Provider and threads. */
  readonly session: InferenceSession.SessionOptions;
  /** The runtime can map model files on disk itself. */
  readonly mapsFiles: boolean;
}

/** A runtime over one of ONNX Runtime's packages. */
export function createRuntime(
  name: string,
  ort: OnnxRuntimeApi,
  settings: RuntimeSettings,
): Runtime {
  const kept = new Map<Graph, Session>();
  const open = async (graph: Graph, options: SessionOptions = {}): Promise<Session> => {
    const model = encodeOnnx(graph, { externalThresholdBytes, referToFiles: settings.mapsFiles });
    const sessionOptions = sessionOptionsFor(settings, graph, model, options);
    try {
      const session = await ort.InferenceSession.create(model.bytes, sessionOptions);
      return adaptSession(name, ort, graph, session);
    } catch (cause) {
      throw runtimeError(name, "the graph must compile", cause);
    }
  };
  const release = async (): Promise<void> => {
    for (const session of kept.values()) await session.release();
    kept.clear();
  };
  return {
    name,
    open,
    run: async (graph, feeds, options) => {
      const session = kept.get(graph) ?? (await open(graph));
      kept.delete(graph);
      kept.set(graph, session);
      const oldest = kept.keys().next().value;
      if (kept.size > keptSessions && oldest) {
        await kept.get(oldest)?.release();
        kept.delete(oldest);
      }
      return session.run(feeds, options);
    },
    release,
  };
}

function sessionOptionsFor(
  settings: RuntimeSettings,
  graph: Graph,
  model: EncodedModel,
  options: SessionOptions,
): InferenceSession.SessionOptions {
  const once = options.optimization === "none";
  const lean = once || [...graph.initializers.values()].some(isHuge);
  const session = {
    ...(lean ? { disable_prepacking: "1", use_device_allocator_for_initializers: "1" } : {}),
    ...(model.folder ? { model_external_initializers_file_folder_path: model.folder } : {}),
  };
  return {
    ...settings.session,
    logSeverityLevel: 3,
    graphOptimizationLevel: once ? "disabled" : "all",
    ...(lean ? { enableCpuMemArena: false } : {}),
    ...(model.external.length > 0 ? { externalData: model.external } : {}),
    extra: { session },
  };
}

function isHuge(value: Tensor): boolean {
  return (
    value.type !== "string" &&
    elementCount(value.dims) * bytesPerElement(value.type) >= hugeWeightBytes
  );
}

function adaptSession(
  name: string,
  ort: OnnxRuntimeApi,
  graph: Graph,
  session: InferenceSession,
): Session {
  const { inputs } = graph;
  let released = false;
  return {
    run: async (feeds: Tensors, options: RunOptions = {}) => {
      if (released)
        throw new LimpidError("runtime", `${name}: the session must be open, got a released one.`);
      throwIfAborted(options.signal, name);
      checkFeeds(name, inputs, feeds);
      const given: Record<string, OrtTensor> = {};
      for (const { name: input } of inputs) given[input] = toOrt(ort, feeds[input]!);
      const wanted = options.outputs ?? session.outputNames;
      try {
        const results = await session.run(given, [...wanted]);
        throwIfAborted(options.signal, name);
        return Object.fromEntries(wanted.map((output) => [output, fromOrt(results[output]!)]));
      } catch (cause) {
        if (cause instanceof LimpidError) throw cause;
        throw runtimeError(name, "the run must succeed", cause);
      }
    },
    release: async () => {
      released = true;
      await session.release();
    },
  };
}

function runtimeError(name: string, what: string, cause: unknown): LimpidError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const line = message.split("\n")[0] ?? "";
  return new LimpidError("runtime", `${name}: ${what}, got "${line}".`, { cause });
}

/** Throws `shape-mismatch` unless the feeds are exactly the graph's inputs. */
export function checkFeeds(name: string, inputs: readonly ValueInfo[], feeds: Tensors): void {
  const known = new Set(inputs.map((input) => input.name));
  const stranger = Object.keys(feeds).find((feed) => !known.has(feed));
  if (stranger !== undefined) {
    throw new LimpidError(
      "shape-mismatch",
      `${name}: feeds must be inputs of the graph (${[...known].join(", ")}), got "${stranger}".`,
    );
  }
  for (const input of inputs) checkFeed(name, input, feeds[input.name]);
}

function checkFeed(name: string, input: ValueInfo, value: Tensor | undefined): void {
  const wanted = `${input.type ?? "a tensor"} ${input.dims ? formatShape(input.dims) : ""}`.trim();
  if (!value) {
    throw new LimpidError(
      "shape-mismatch",
      `${name}: input "${input.name}" must be fed ${wanted}, got nothing.`,
    );
  }
  const fits =
    (input.type === undefined || input.type === value.type) &&
    (input.dims === undefined ||
      (input.dims.length === value.dims.length &&
        input.dims.every((dim, axis) => typeof dim === "string" || dim === value.dims[axis])));
  if (fits) return;
  throw new LimpidError(
    "shape-mismatch",
    `${name}: input "${input.name}" must be ${wanted}, got ${value.type} ${formatShape(value.dims)}.`,
  );
}

function toOrt(ort: OnnxRuntimeApi, value: Tensor): OrtTensor {
  return new ort.Tensor(value.type as "float32", value.data as Float32Array, value.dims);
}

function fromOrt(value: OrtTensor): Tensor {
  return {
    type: value.type as ElementType,
    dims: [...value.dims],
    data: value.data,
  };
}
