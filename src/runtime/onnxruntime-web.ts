/** @file Runs graphs with ONNX Runtime's WebAssembly and WebGPU builds, in a browser or under Node. */
import type * as OnnxRuntimeWeb from "onnxruntime-web";
import { LimpidError } from "../errors.ts";
import { createQueue, createRuntime, type OnnxRuntimeApi, type Queue } from "./onnxruntime.ts";
import type { Limits } from "../wording/limits.ts";
import type { Runtime } from "./runtime.ts";
import type { CacheLimits } from "./session-cache.ts";

export interface WebRuntimeOptions {
  /** `"wasm"` by default; `"webgpu"` needs a browser with WebGPU. */
  readonly provider?: "wasm" | "webgpu";
  /**
   * Whose build of ONNX Runtime is loaded; the provider's own by default. That of `"webgpu"` has both, so a page that
   * may turn to WebGPU loads it alone.
   */
  readonly build?: "wasm" | "webgpu";
  /**
   * Threads of WebAssembly: the machine's cores, at most 8, by default. In a browser more than one needs
   * a cross-origin isolated page, and one is the default elsewhere. All runtimes of one provider share
   * the number of the first.
   */
  readonly threads?: number;
  /**
   * Where the `ort-wasm-*` files are served from: a folder with a final slash, or the address of each.
   * By default they lie beside the script, where bundlers put them, or in the package under Node. The
   * first runtime of a provider decides.
   */
  readonly wasmPaths?: string | { readonly wasm?: string; readonly mjs?: string };
  /** Memory and time that a run may take by estimate; 16 GiB and 24 hours by default. */
  readonly limits?: Limits;
  /** Of `"webgpu"`: told when the graphics card is gone, after which nothing of the build answers. */
  readonly onLost?: () => void;
  /** Sessions that stay open for the next run of the same graph, by number and bytes together; 8 of 1 GiB by default. */
  readonly kept?: CacheLimits;
}

/**
 * The runtime of a browser tab or worker, and WebAssembly under Node. Throws `bad-option` for threads
 * that cannot be had, `runtime` if WebGPU is asked for and there is none.
 */
export async function createWebRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const { provider = "wasm", build = provider, wasmPaths } = options;
  if (provider === "webgpu") await requireWebGpu(build);
  const ort = await load(build);
  const { wasm } = ort.env;
  const threads = threadsFor(ort, options.threads);
  if (!started.has(ort)) {
    wasm.numThreads = threads;
    if (wasmPaths !== undefined) wasm.wasmPaths = wasmPaths;
    ort.env.logLevel = "fatal";
    started.set(ort, { threads, inTurn: createQueue() });
  }
  const { onLost } = options;
  const api = provider === "webgpu" && onLost ? watched(ort, onLost) : ort;
  return createRuntime(`onnxruntime-web/${provider}`, api, {
    mapsFiles: false,
    ...(provider === "webgpu"
      ? { adapt: (await import("./webgpu-graph.ts")).webGpuGraph, onCard: { fetchesAll: false } }
      : {}),
    limits: options.limits,
    kept: options.kept,
    letOthersIn: nextTask,
    inTurn: started.get(ort)!.inTurn,
    instead: `use "wasm".`,
    session: { executionProviders: [provider] },
  });
}

/** The same, which watches every device that a session takes; one without sessions is given back by ONNX Runtime itself. */
function watched(ort: Api, onLost: () => void): OnnxRuntimeApi {
  let last: unknown;
  const watch = async (device: GPUDevice) => {
    const { reason } = await device.lost;
    if (reason !== "destroyed") onLost();
  };
  const create: OnnxRuntimeApi["InferenceSession"]["create"] = async (model, options) => {
    const session = await ort.InferenceSession.create(model, options);
    const device = await ort.env.webgpu.device;
    if (device === last) return session;
    last = device;
    void watch(device);
    return session;
  };
  return { InferenceSession: { create }, Tensor: ort.Tensor };
}

/** A run blocks its thread, and what follows it are microtasks: a message to stop is only heard in a task of its own. */
function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    const heard = () => {
      port1.close();
      resolve();
    };
    port1.addEventListener("message", heard, { once: true });
    port1.start();
    port2.postMessage(null);
  });
}

/** Bundlers for pages follow what is written out; this build, twice as large, is Node's alone. */
const nodeBuild = "onnxruntime-web";

type Api = typeof OnnxRuntimeWeb;

interface Started {
  /** WebAssembly takes settings only before it starts. */
  readonly threads: number;
  /** A session that opens takes away, when it is there, the weights of any other that is just opening. */
  readonly inTurn: Queue;
}

/** Each build once it is set up. */
const started = new Map<Api, Started>();

function threadsFor(ort: Api, asked: number | undefined): number {
  const fixed = started.get(ort)?.threads;
  if (asked === undefined) return fixed ?? (canShareMemory() ? Math.min(coreCount(), 8) : 1);
  const refuse = (must: string): LimpidError =>
    new LimpidError("bad-option", `onnxruntime-web: threads must be ${must}, got ${asked}.`);
  if (!(Number.isInteger(asked) && asked >= 1)) throw refuse("a whole number from 1 on");
  if (asked > 1 && !canShareMemory()) {
    throw refuse("1 on a page that is not cross-origin isolated");
  }
  if (fixed !== undefined && asked !== fixed) {
    throw refuse(`${fixed}, as the first runtime set it up`);
  }
  return asked;
}

/** The few globals that are asked for where there is no browser. */
interface Platform {
  readonly crossOriginIsolated?: boolean;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly process?: {
    getBuiltinModule?(name: "node:os"): { availableParallelism(): number };
  };
}

const platform = globalThis as Platform;

function inBrowser(): boolean {
  return "document" in globalThis || "WorkerGlobalScope" in globalThis;
}

function canShareMemory(): boolean {
  return !inBrowser() || platform.crossOriginIsolated === true;
}

/** Node has a navigator only from version 21 on. */
function coreCount(): number {
  const cores = platform.navigator?.hardwareConcurrency;
  return cores ?? platform.process?.getBuiltinModule?.("node:os").availableParallelism() ?? 1;
}

/** The package is 139 MB of builds, which those who compute with native code alone need not install. */
function refuse(cause: unknown): never {
  const isMissing =
    cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND";
  if (!isMissing) throw cause;
  throw new LimpidError(
    "bad-option",
    'onnxruntime-web: the package must be installed for "wasm", got none. run "npm install onnxruntime-web", or use "cpu".',
    { cause },
  );
}

/** Only the build that is asked for is loaded: those of WebGPU are larger. */
async function load(build: "wasm" | "webgpu"): Promise<Api> {
  if (build === "wasm") {
    return inBrowser()
      ? import("onnxruntime-web/wasm")
      : (import(/* @vite-ignore */ nodeBuild) as Promise<Api>).catch(refuse);
  }
  // Where WebAssembly can wait for what is awaited, a build does that is smaller by 10 MB and calls faster.
  return "Suspending" in WebAssembly
    ? import("onnxruntime-web/jspi")
    : import("onnxruntime-web/webgpu");
}

async function requireWebGpu(build: "wasm" | "webgpu"): Promise<void> {
  const hasApi = inBrowser() && "gpu" in navigator;
  const adapter = hasApi ? await navigator.gpu.requestAdapter() : null;
  if (adapter && build === "webgpu") return;
  const got = adapter
    ? `the build of "${build}"`
    : `none in this ${inBrowser() ? "browser" : "process"}`;
  throw new LimpidError(
    "runtime",
    `onnxruntime-web: WebGPU must be there, got ${got}. use "wasm".`,
  );
}
