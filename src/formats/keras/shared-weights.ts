/** @file The weights of layers that are called more than once, which are read once. */
import { keptAsRead } from "../channels-last/permuted-tensor.ts";
import type { KerasLayer } from "./model-config.ts";
import type { LayerWeights } from "./weight-store.ts";

/** Remembers what layers with several calls have read, so that all calls have the same tensors. */
export class SharedWeights {
  readonly #known = new Map<KerasLayer, LayerWeights>();

  /** The weights of a layer, `stored` being asked the first time. */
  async of(layer: KerasLayer, stored: () => Promise<LayerWeights>): Promise<LayerWeights> {
    const known = this.#known.get(layer);
    if (known) return known;
    const weights = remembering(await stored());
    this.#known.set(layer, weights);
    return weights;
  }
}

function remembering(weights: LayerWeights): LayerWeights {
  const reads = new Map<string, ReturnType<LayerWeights["read"]>>();
  const parts = new Map<string, ReturnType<LayerWeights["part"]>>();
  return {
    variables: () => weights.variables(),
    model: (layers) => weights.model(layers),
    read: (wanted) =>
      once(reads, JSON.stringify(wanted), async () => {
        const tensors = await weights.read(wanted);
        return tensors.map(keptAsRead);
      }),
    part: (...names) =>
      once(parts, names.join(), async () => {
        const part = await weights.part(...names);
        return part && remembering(part);
      }),
  };
}

function once<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
