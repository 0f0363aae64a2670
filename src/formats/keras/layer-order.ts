/** @file The calls of a model's layers in an order in which each comes behind what it is given. */
import { badLayer, badModel } from "./bad-model.ts";
import {
  tensorsOfCall,
  type KerasLayer,
  type KerasModel,
  type TensorReference,
} from "./model-config.ts";

/** A call of a layer by its number. */
export interface OrderedCall {
  readonly layer: KerasLayer;
  readonly call: number;
}

/** The key of a call's results. */
export function callKey({ layer, call }: Pick<TensorReference, "layer" | "call">): string {
  return `${call}:${layer}`;
}

/** The calls that the outputs need, none before what it is given. Throws `bad-file` for a layer that is given itself. */
export function callsInOrder(model: KerasModel): readonly OrderedCall[] {
  const byName = new Map(model.layers.map((layer) => [layer.name, layer]));
  const states = new Map<string, "open" | "done">();
  const order: OrderedCall[] = [];
  const stack = model.outputs.toReversed().map((tensor) => ({ tensor, isBehind: false }));
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { tensor, isBehind } = top;
    const layer = byName.get(tensor.layer);
    const call = layer?.calls[tensor.call];
    if (!layer || !call)
      throw badModel(`the layer "${tensor.layer}" must be in its model, got no such`);
    const key = callKey(tensor);
    if (isBehind) {
      states.set(key, "done");
      order.push({ layer, call: tensor.call });
      continue;
    }
    if (states.get(key) === "done") continue;
    if (states.get(key) === "open") throw badLayer(layer, "it must not be given its own result");
    states.set(key, "open");
    stack.push({ tensor, isBehind: true });
    for (const before of tensorsOfCall(call).toReversed()) {
      if (states.get(callKey(before)) === "open") {
        throw badLayer(layer, "it must not be given its own result");
      }
      if (!states.has(callKey(before))) stack.push({ tensor: before, isBehind: false });
    }
  }
  return order;
}
