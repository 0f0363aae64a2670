/** @file What computes in this visit: which build of ONNX Runtime is loaded, whether there is a graphics card, what was chosen. */
import type { LimpidError } from "../../src/errors.ts";
import { createWebRuntime } from "../../src/runtime/onnxruntime-web.ts";
import type { CardFacts, RuntimeBuild } from "../processor-protocol.ts";
import { tabLimits } from "./tab-memory.ts";
import { SwitchedRuntime } from "./switched-runtime.ts";

/** More sessions than these fill a tab's memory on a tour of all layers. */
const kept = { sessions: 3, bytes: 256 * 2 ** 20 };

export class Computing {
  /** The last graph that the card refused, which the processor computed. */
  refusal: LimpidError | undefined;
  #build: RuntimeBuild | undefined;
  #card: Promise<CardFacts> | undefined;
  readonly #onLost: () => void;

  /** A visit loads one build, which a worker is told that takes the place of another. `onLost`: the card is gone, and ONNX Runtime with it. */
  constructor(build: RuntimeBuild | undefined, onLost: () => void) {
    this.#build = build;
    this.#onLost = onLost;
  }

  card(): Promise<CardFacts> {
    return (this.#card ??= findCard());
  }

  /** That of WebGPU computes on the processor too, so where there is a card it is the one that is loaded. */
  async build(): Promise<RuntimeBuild> {
    return (this.#build ??= (await this.card()).isThere ? "webgpu" : "wasm");
  }

  /** On the processor until it is turned to the card. */
  async open(): Promise<SwitchedRuntime> {
    const build = await this.build();
    const settings = { build, kept, limits: tabLimits() };
    const processor = await createWebRuntime({ ...settings, provider: "wasm" });
    const openCard = () =>
      createWebRuntime({ ...settings, provider: "webgpu", onLost: this.#onLost });
    return new SwitchedRuntime(processor, openCard, (error) => {
      this.refusal = error;
    });
  }
}

async function findCard(): Promise<CardFacts> {
  const none = (lacks: CardFacts["lacks"]): CardFacts => ({
    isThere: false,
    isSoftware: false,
    name: "",
    lacks,
  });
  if (!("gpu" in navigator) || !("WebAssembly" in globalThis)) return none("webgpu");
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (!adapter) return none("card");
  // The build that needs no such waiting is 27 MB, more than a page may weigh.
  if (!("Suspending" in WebAssembly)) return none("waiting");
  const { vendor, architecture, description } = adapter.info;
  const name = description || [vendor, architecture].filter((part) => part !== "").join(" ");
  const isSoftware =
    adapter.info.isFallbackAdapter ||
    (adapter as { readonly isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  return { isThere: true, isSoftware, name, lacks: undefined };
}
