/** @file What the adapters for Node and the web share: sessions, tensors, errors. */
import type { InferenceSession, Tensor as OrtTensor, TensorConstructor } from "onnxruntime-common";
import { LimpidError, throwIfAborted } from "../errors.ts";
import { encodeOnnx, type EncodedModel } from "../formats/onnx/encode.ts";
import type { Graph } from "../graph/graph.ts";
import { requireRunMemory } from "../graph/limits/run-memory.ts";
import { sizeInBytes, type ElementType, type Tensor } from "../graph/tensor.ts";
import { hasConstantConvolution } from "./constant-convolutions.ts";
import { checkFeeds, wantedOutputs } from "./feeds.ts";
import { keyedGraph, type KeyedGraph } from "./keyed-graph.ts";
import { freeResident, residentTensor, takeResident } from "./resident.ts";
import type { RunOptions, Runtime, Session, SessionOptions, Tensors } from "./runtime.ts";
import { usualLimits, type Limits } from "../wording/limits.ts";
import { SessionCache, type CacheLimits } from "./session-cache.ts";
import { smallestGraph } from "./smallest-graph.ts";
import { unknownOperator } from "./unknown-operator.ts";

/** The part of ONNX Runtime's JavaScript API that is used; the packages for Node and the web both have it. */
export interface OnnxRuntimeApi {
  readonly InferenceSession: {
    create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<OrtSession>;
  };
  readonly Tensor: TensorConstructor;
}

/** The part of a session that is used. */
export interface OrtSession {
  run(
    feeds: InferenceSession.FeedsType,
    fetches: readonly string[],
    options: InferenceSession.RunOptions,
  ): Promise<InferenceSession.ReturnType>;
  release(): Promise<void>;
}

/** What a package asks for where outputs stay on a card. */
interface OnCard {
  /** Whether a run must be asked for all outputs of the graph. */
  readonly fetchesAll: boolean;
}

/** What an adapter says about its package. */
export interface RuntimeSettings {
  /** Provider and threads. */
  readonly session: InferenceSession.SessionOptions;
  /** The runtime can map model files on disk itself. */
  readonly mapsFiles: boolean;
  /** Says the same graph in ways that the provider computes rightly. */
  readonly adapt?: (graph: Graph) => Graph;
  /** How outputs stay on a graphics card until they are fed to another run, where they can. */
  readonly onCard?: OnCard | undefined;
  /** What else to use if the provider turns out not to work on this machine. */
  readonly instead: string;
  /** What a run may take; the usual limits by default. */
  readonly limits?: Limits | undefined;
  /** What sessions are kept for `run`; 8 of 1 GiB together by default. */
  readonly kept?: CacheLimits | undefined;
  /** Waited for before each run, where a run holds up the thread that would hear of a stop. */
  readonly letOthersIn?: () => Promise<void>;
  /** Whom calls wait for that may not overlap; those of the runtime itself alone by default. */
  readonly inTurn?: Queue;
}

/** Initializers of at least so many bytes are handed over where they lie instead of inside the model. */
const externalThresholdBytes = 1 << 16;

/** Sessions that `run` keeps open for the next call. */
const usuallyKept: CacheLimits = { sessions: 8, bytes: 2 ** 30 };

/** From one weight of this size on, a second, packed copy of the weights costs more than it gains. */
const hugeWeightBytes = 1 << 27;

/** What ONNX Runtime would print is in the errors that it throws. */
const silent = { logSeverityLevel: 4 } as const;

/** A runtime over one of ONNX Runtime's packages. */
export function createRuntime(
  name: string,
  ort: OnnxRuntimeApi,
  settings: RuntimeSettings,
): Runtime {
  const { inTurn = createQueue() } = settings;
  const limits = settings.limits ?? usualLimits;
  const openNow = (graph: Graph, options: SessionOptions = {}): Promise<Session> =>
    inTurn(async () => {
      requireRunMemory(graph, limits);
      const keyed = keyedGraph(settings.adapt?.(graph) ?? graph);
      const model = encodeOnnx(keyed.graph, {
        externalThresholdBytes,
        referToFiles: settings.mapsFiles,
      });
      const sessionOptions = {
        ...sessionOptionsFor(settings, graph, model, options),
        ...(settings.onCard ? locationsOf(graph, keyed, options) : {}),
      };
      try {
        const session = await ort.InferenceSession.create(model.bytes, sessionOptions);
        const isBound = "preferredOutputLocation" in sessionOptions;
        return adaptSession({ name, ort, graph, keyed, session, isBound, inTurn, settings });
      } catch (cause) {
        throw (
          unknownOperator(name, graph, cause) ?? (await explainRefusal(name, ort, settings, cause))
        );
      }
    });
  const cache = new SessionCache(openNow, settings.kept ?? usuallyKept);
  return {
    name,
    limits,
    open: async (graph, options) => {
      await cache.makeRoomFor(graph);
      return openNow(graph, options);
    },
    run: async (graph, feeds, options) => {
      throwIfAborted(options?.signal, name);
      return cache.use(graph, (session) => session.run(feeds, options));
    },
    release: () => cache.release(),
  };
}

/** Runs tasks one after the other. */
export type Queue = <T>(task: () => Promise<T>) => Promise<T>;

/** ONNX Runtime's WebGPU build never ends a call that starts while another is under way. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => undefined);
    return result;
  };
}

/**
 * Zeros around a map must not become the borders of a pool: a MaxPool's are below all numbers, and none may be wide. And
 * what is quantised twice is not quantised once by a scale between both.
 */
const wrongOptimizations = ["Pad_Fusion", "DoubleQDQPairsRemover"];

/** Brings what can be to the blocked layout. */
const blockedLayout = "NchwcTransformer";

/**
 * How long a thread without work looks for some before it sleeps; by itself it does for 30 ms, which takes a core from the
 * session that runs next and from all else. Waking it costs time too, so not as short as what one thread computes in a run.
 */
const searchMicroseconds = 1000;

/**
 * Without prepacking a model takes its own weights, mapped from the file, and nothing twice: 1.0 instead of 1.8 GiB for
 * VGG16's gradient, at the same speed. Prepacked matrices of ordinary size run a quarter faster (ViT-B/32), so only
 * graphs that run once or hold a huge weight, which is bound by memory anyway, do without. A run's memory is not laid out
 * ahead: that is no faster, and from the second run on lies beside what the first one took (ResNet50's gradient at
 * batch 16: 2.3 instead of 1.5 GiB).
 *
 * Quantised networks are computed as they are written. What ONNX Runtime 1.30 makes of them instead runs four times as
 * fast forward, but is refused by itself where int8 is moved (by MaxPool, Reshape ...) or has a scale a channel, and else
 * gives numbers that are not the network's.
 */
function sessionOptionsFor(
  settings: RuntimeSettings,
  graph: Graph,
  model: EncodedModel,
  options: SessionOptions,
): InferenceSession.SessionOptions {
  const once = options.optimization === "none";
  const lean =
    once || [...graph.initializers.values()].some((value) => sizeInBytes(value) >= hugeWeightBytes);
  const unwanted = [
    ...wrongOptimizations,
    ...(hasConstantConvolution(graph) ? [] : [blockedLayout]),
  ];
  const session = {
    "intra_op.spin_duration_us": String(searchMicroseconds),
    disable_quant_qdq: "1",
    ...(lean ? { disable_prepacking: "1" } : {}),
    ...(model.folder ? { model_external_initializers_file_folder_path: model.folder } : {}),
  };
  return {
    ...settings.session,
    ...silent,
    graphOptimizationLevel: once ? "disabled" : "all",
    enableMemPattern: false,
    ...(model.external.length > 0 ? { externalData: model.external } : {}),
    extra: { session, optimization: { disable_specified_optimizers: unwanted.join(";") } },
  };
}

/** Where each output goes; nothing where all come back as usual. */
function locationsOf(
  graph: Graph,
  { outputs }: KeyedGraph,
  { resident = [] }: SessionOptions,
): Pick<InferenceSession.SessionOptions, "preferredOutputLocation"> {
  if (resident.length === 0) return {};
  const locations = graph.outputs.map(({ name }) => [
    outputs.get(name) ?? name,
    resident.includes(name) ? "gpu-buffer" : "cpu",
  ]);
  return { preferredOutputLocation: Object.fromEntries(locations) };
}

interface OpenedSession {
  readonly name: string;
  readonly ort: OnnxRuntimeApi;
  readonly graph: Graph;
  readonly keyed: KeyedGraph;
  readonly session: OrtSession;
  /** Whether some outputs stay on a card. */
  readonly isBound: boolean;
  readonly inTurn: Queue;
  readonly settings: RuntimeSettings;
}

function adaptSession(opened: OpenedSession): Session {
  const { name, graph, inTurn, settings, session } = opened;
  let released = false;
  const run = async (feeds: Tensors, options: RunOptions): Promise<Record<string, Tensor>> => {
    if (released) {
      throw new LimpidError("runtime", `${name}: the session must be open, got a released one.`);
    }
    await settings.letOthersIn?.();
    throwIfAborted(options.signal, name);
    checkFeeds(name, graph.inputs, feeds);
    const wanted = wantedOutputs(name, graph.outputs, options.outputs);
    const results = await runSession(opened, feeds, wanted);
    if (options.signal?.aborted) freeResident(Object.values(results));
    throwIfAborted(options.signal, name);
    return results;
  };
  return {
    run: (feeds, options = {}) => inTurn(() => run(feeds, options)),
    release: () =>
      inTurn(async () => {
        if (!released) await session.release();
        released = true;
      }),
  };
}

async function runSession(
  { name, ort, session, graph, keyed, isBound, settings }: OpenedSession,
  feeds: Tensors,
  wanted: readonly string[],
): Promise<Record<string, Tensor>> {
  if (wanted.length === 0) return {};
  const taken: OrtTensor[] = [];
  try {
    const given = Object.entries(feeds).map(([input, value]) => {
      const resident = takeResident(value);
      if (resident) taken.push(resident);
      return [keyed.inputs.get(input) ?? input, resident ?? toOrt(ort, value)];
    });
    const fetchesAll = isBound && settings.onCard?.fetchesAll === true;
    const asked = fetchesAll ? graph.outputs.map((output) => output.name) : wanted;
    const keys = asked.map((output) => keyed.outputs.get(output) ?? output);
    const results = await session.run(Object.fromEntries(given), keys, silent);
    const found = asked.map((output, i) => [output, results[keys[i]!]!] as const);
    for (const [output, value] of found) if (!wanted.includes(output)) value.dispose();
    const kept = found.filter(([output]) => wanted.includes(output));
    return Object.fromEntries(kept.map(([output, value]) => [output, fromOrt(value)]));
  } catch (cause) {
    throw runtimeError(name, "the run must succeed", cause);
  } finally {
    for (const value of taken) value.dispose();
  }
}

function toOrt(ort: OnnxRuntimeApi, { type, dims, data }: Tensor): OrtTensor {
  if (type === "float16") return halfTensor(ort, dims, data as Uint16Array);
  return new ort.Tensor(type as "float32", data as Float32Array, dims);
}

/**
 * Where JavaScript has Float16Array, a float16 tensor is made of one, of which onnxruntime-node reads no
 * element (microsoft/onnxruntime#32323); so a tensor of 16-bit integers is called float16 instead.
 */
function halfTensor(ort: OnnxRuntimeApi, dims: readonly number[], bits: Uint16Array): OrtTensor {
  return Object.assign(new ort.Tensor("uint16", bits, dims), { type: "float16" });
}

/** Takes the data out of ONNX Runtime's tensor; on a processor that is all there is to free. */
function fromOrt(value: OrtTensor): Tensor {
  if (value.location === "gpu-buffer") return residentTensor(value);
  const type = value.type as ElementType;
  const data = value.data as Float32Array;
  const isBits = type === "float16" && !((data as ArrayBufferView) instanceof Uint16Array);
  const bits = isBits ? new Uint16Array(data.buffer, data.byteOffset, data.length) : data;
  value.dispose();
  return { type, dims: [...value.dims], data: bits };
}

/** Whether the graph or the provider is to blame for a session that does not open. */
async function explainRefusal(
  name: string,
  ort: OnnxRuntimeApi,
  settings: RuntimeSettings,
  cause: unknown,
): Promise<LimpidError> {
  const { bytes } = encodeOnnx(smallestGraph);
  try {
    const session = await ort.InferenceSession.create(bytes, { ...settings.session, ...silent });
    await session.release();
    return runtimeError(name, "the graph must compile", cause);
  } catch (reason) {
    const error = runtimeError(name, "the provider must work on this machine", reason);
    return new LimpidError("runtime", `${error.message} ${settings.instead}`, { cause: reason });
  }
}

function runtimeError(name: string, what: string, cause: unknown): LimpidError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const line = message.split("\n")[0] ?? "";
  return new LimpidError("runtime", `${name}: ${what}, got "${line}".`, { cause });
}
