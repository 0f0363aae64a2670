/** @file Runs graphs with ONNX Runtime's WebAssembly and WebGPU builds, in a browser or under Node. */
import type * as OnnxRuntimeWeb from "onnxruntime-web";
import { LimpidError } from "../errors.ts";
import { createRuntime } from "./onnxruntime.ts";
import type { Runtime } from "./runtime.ts";

export interface WebRuntimeOptions {
  /** `"wasm"` by default; `"webgpu"` needs a browser with WebGPU. */
  readonly provider?: "wasm" | "webgpu";
  /** Threads of WebAssembly; in a browser they need a cross-origin isolated page. */
  readonly threads?: number;
  /** Folder (with a final slash) that the .wasm files are served from, if not beside the script. */
  readonly wasmPaths?: string;
}

/** The runtime of a browser tab. Throws `runtime` if WebGPU is asked for and the browser has none. */
export async function createWebRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const { provider = "wasm", threads, wasmPaths } = options;
  const ort = await load(provider);
  if (threads !== undefined) ort.env.wasm.numThreads = threads;
  if (wasmPaths !== undefined) ort.env.wasm.wasmPaths = wasmPaths;
  ort.env.logLevel = "error";
  return createRuntime(`onnxruntime-web/${provider}`, ort, {
    mapsFiles: false,
    session: { executionProviders: [provider] },
  });
}

/** Only the build that is asked for is loaded: the WebGPU one is twice as large. */
async function load(provider: "wasm" | "webgpu"): Promise<typeof OnnxRuntimeWeb> {
  const inBrowser = "navigator" in globalThis && "document" in globalThis;
  const inWorker = "WorkerGlobalScope" in globalThis;
  if (!inBrowser && !inWorker) return import("onnxruntime-web");
  if (provider === "wasm") return import("onnxruntime-web/wasm");
  if (!("gpu" in navigator)) {
    throw new LimpidError(
      "runtime",
      `onnxruntime-web: the browser must have WebGPU, got one without. use provider "wasm".`,
    );
  }
  return import("onnxruntime-web/webgpu");
}
