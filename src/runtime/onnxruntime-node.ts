/** @file Runs graphs with ONNX Runtime in Node: on the processor, or on what else the machine has. */
import { ort } from "./onnxruntime-silent.ts";
import { blockedGraph } from "./blocked-layout.ts";
import { filledGraph } from "./filled-channels.ts";
import { LimpidError } from "../errors.ts";
import { createRuntime, type RuntimeSettings } from "./onnxruntime.ts";
import type { Limits } from "../wording/limits.ts";
import type { Runtime } from "./runtime.ts";
import { webGpuGraph } from "./webgpu-graph.ts";

const providers = ["cpu", "cuda", "webgpu", "coreml", "dml"] as const;

/** Execution providers of onnxruntime-node; which ones work depends on the machine. */
export type NodeProvider = (typeof providers)[number];

export interface NodeRuntimeOptions {
  /** `"cpu"` by default. */
  readonly provider?: NodeProvider;
  /** Threads of one operator; as many as the machine has cores by default. */
  readonly threads?: number;
  /** Memory and time that a run may take by estimate; 16 GiB and 24 hours by default. */
  readonly limits?: Limits;
}

/**
 * The runtime in Node. Throws `bad-option` if this build of ONNX Runtime has no such provider; whether
 * the machine has what the provider needs shows when a graph is opened.
 */
export function createNodeRuntime(options: NodeRuntimeOptions = {}): Runtime {
  const { name, settings } = nodeSettings(options);
  return createRuntime(name, ort, settings);
}

/** Name and settings of a runtime in Node, whatever process it computes in. Throws as `createNodeRuntime`. */
export function nodeSettings({ provider = "cpu", threads, limits }: NodeRuntimeOptions): {
  readonly name: string;
  readonly settings: RuntimeSettings;
} {
  const backends = ort.listSupportedBackends();
  const built = providers.filter((known) => backends.some(({ name }) => name === known));
  if (!built.includes(provider)) {
    throw new LimpidError(
      "bad-option",
      `onnxruntime-node: the provider must be one of ${built.join(", ")}, got "${provider}".`,
    );
  }
  const others = backends.filter(({ name, bundled }) => bundled && name !== provider);
  const settings = {
    mapsFiles: true,
    ...adapterOf(provider),
    limits,
    instead: `use ${others.map(({ name }) => `"${name}"`).join(" or ")}.`,
    session: {
      executionProviders: [provider],
      ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    },
  };
  return { name: `onnxruntime-node/${provider}`, settings };
}

function adapterOf(provider: NodeProvider): Pick<RuntimeSettings, "adapt" | "onCard"> {
  if (provider === "webgpu") return { adapt: webGpuGraph, onCard: { fetchesAll: true } };
  if (provider !== "cpu" || process.arch !== "x64") return {};
  const narrow = smallestBlock();
  return { adapt: (graph) => blockedGraph(filledGraph(graph, narrow)) };
}

/** Channels of ONNX Runtime's blocks: 16 with AVX-512, else 8. Only Linux says which of them a processor has. */
function smallestBlock(): 8 | 16 {
  try {
    const { readFileSync } = process.getBuiltinModule("node:fs");
    return readFileSync("/proc/cpuinfo", "utf8").includes(" avx512f ") ? 16 : 8;
  } catch {
    return 8;
  }
}
