/** @file Layers around another layer. */
import { elementCount } from "../../../graph/tensor.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { readInnerLayer } from "../read-model.ts";
import { only, refused, type LayerCall, type LayerKind } from "./layer-kind.ts";

/** The result of the layer within. */
async function inner(call: LayerCall, x: NhwcValue, isNamedAlike: boolean): Promise<NhwcValue> {
  const layer = readInnerLayer(call.config.get("layer"));
  const weights = await call.weights.part("layer", layer.name);
  const name = isNamedAlike ? call.name : call.b.freeName(`${call.name}/${layer.name}`);
  return call.buildInner(layer, [x], { name, weights: weights ?? call.weights });
}

/** The layer on each step by itself: steps go where the batch is, and back. */
const timeDistributed: LayerKind = {
  build: async (call) => {
    const { b, name } = call;
    const x = only(call);
    const [, steps, ...sizes] = x.dims;
    if (steps === undefined || sizes.length === 0) {
      throw refused(call, `its input must have steps, got [${x.dims.join(", ")}]`);
    }
    call.requireKnown(x);
    const parted = b.op("Reshape", [makersOrder(b, x), b.ints([-1, ...sizes])]);
    const result = await inner(call, heldLast(parted), false);
    const [n = 0, ...outer] = result.dims;
    if (n !== steps || elementCount(outer) === 0) {
      throw refused(call, "its layer must leave the number of examples as it is");
    }
    const joined = b.ints([-1, steps, ...outer]);
    return heldLast(b.op("Reshape", [makersOrder(b, result), joined], {}, name));
  },
};

/** Its weights are stored as they were normalised last. */
const spectralNormalization: LayerKind = {
  build: (call) => inner(call, only(call), true),
};

export const wrapperLayers: Readonly<Record<string, LayerKind>> = {
  SpectralNormalization: spectralNormalization,
  TimeDistributed: timeDistributed,
};
