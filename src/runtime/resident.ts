/** @file Numbers that stay on the graphics card between runs, seen as tensors whose data nobody can read. */
import type { Tensor as OrtTensor } from "onnxruntime-common";
import { internalError } from "../errors.ts";
import type { ElementType, Tensor } from "../graph/tensor.ts";

/** What ONNX Runtime holds, of tensors that were not fed to a run yet. */
const held = new WeakMap<Tensor, OrtTensor>();

/** A tensor for what lies on the card, until a run is fed with it. */
export function residentTensor(value: OrtTensor): Tensor {
  const tensor: Tensor = {
    type: value.type as ElementType,
    dims: [...value.dims],
    get data(): never {
      throw internalError("resident", "what stays on the card must be fed to a run, not read");
    },
  };
  held.set(tensor, value);
  return tensor;
}

export function isResident(value: Tensor): boolean {
  return held.has(value);
}

/** Frees those of some tensors that lie on the card and that no run will be fed with. */
export function freeResident(tensors: Iterable<Tensor>): void {
  for (const tensor of tensors) takeResident(tensor)?.dispose();
}

/** What ONNX Runtime holds, once: whoever takes it disposes of it. Undefined for tensors that are in memory. */
export function takeResident(value: Tensor): OrtTensor | undefined {
  const found = held.get(value);
  held.delete(value);
  return found;
}
