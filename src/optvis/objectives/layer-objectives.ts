/** @file Objectives of a whole layer: deep dream, inversion, caricature. */
import { LimpidError } from "../../errors.ts";
import { formatShape } from "../../graph/tensor.ts";
import { allButBatch, type Objective, type ObjectiveParameter } from "./objective.ts";

/** The mean square of all activations of a layer (Mordvintsev et al., DeepDream, 2015). */
export function deepDream(layer: string): Objective {
  return {
    description: `${layer}:deepdream`,
    signature: `deepDream(${layer})`,
    layers: [layer],
    parameters: () => ({}),
    build: ({ b, layer: valueOf }) => {
      const value = valueOf(layer);
      return b.reduceMean(b.mul(value, value), allButBatch(value), false);
    },
  };
}

/** Minus the mean square difference to the activations of a photo, over their mean square: inversion (Mahendran and Vedaldi 2015). */
export function inversion(layer: string, reference: ObjectiveParameter): Objective {
  return {
    description: `${layer}:inversion`,
    signature: `inversion(${layer})`,
    layers: [layer],
    parameters: (dims) => {
      checkReference(layer, dims(layer), reference);
      const scale = -1 / Math.max(meanSquare(reference.data), 1e-12);
      return { reference, scale: { dims: [], data: Float32Array.of(scale) } };
    },
    build: ({ b, layer: valueOf, parameter }) => {
      const value = valueOf(layer);
      const difference = b.sub(value, parameter("reference"));
      const error = b.reduceMean(b.mul(difference, difference), allButBatch(value), false);
      return b.mul(error, parameter("scale"));
    },
  };
}

/** The product with the activations of a photo times the cosine between them: what the photo has, exaggerated (caricature, Olah et al. 2018). */
export function caricature(layer: string, reference: ObjectiveParameter): Objective {
  return {
    description: `${layer}:caricature`,
    signature: `caricature(${layer})`,
    layers: [layer],
    parameters: (dims) => {
      checkReference(layer, dims(layer), reference);
      const inverse = 1 / Math.sqrt(Math.max(meanSquare(reference.data), 1e-12));
      return { reference, "inverse-norm": { dims: [], data: Float32Array.of(inverse) } };
    },
    build: ({ b, layer: valueOf, parameter }) => {
      const value = valueOf(layer);
      const axes = allButBatch(value);
      const product = b.reduceMean(b.mul(value, parameter("reference")), axes, false);
      const power = b.reduceMean(b.mul(value, value), axes, false);
      const norm = b.op("Sqrt", [b.add(power, b.scalar(1e-12))]);
      const cosine = b.mul(b.div(product, norm), parameter("inverse-norm"));
      return b.mul(product, b.op("Max", [cosine, b.scalar(0.1)]));
    },
  };
}

function meanSquare(data: Float32Array): number {
  return data.reduce((total, x) => total + x * x, 0) / data.length;
}

function checkReference(
  layer: string,
  dims: readonly number[],
  reference: ObjectiveParameter,
): void {
  const wanted = dims.slice(1);
  const fits =
    wanted.length === reference.dims.length && wanted.every((dim, i) => dim === reference.dims[i]);
  if (fits) return;
  throw new LimpidError(
    "shape-mismatch",
    `objective on "${layer}": the reference must have shape ${formatShape(wanted)}, got ${formatShape(reference.dims)}. use a photo of the same size.`,
  );
}
