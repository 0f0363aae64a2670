/** @file Objectives between the pictures of a batch: kept apart, or drawn together. */
import { elementCount } from "../../graph/tensor.ts";
import { allButBatch, type Objective } from "./objective.ts";

/**
 * Minus the mean cosine between the Gram matrices of the batch's pictures: pictures of one unit that
 * differ in style (Olah et al. 2017, diversity). Meaningful only if the whole batch is one unit.
 */
export function diversity(layer: string): Objective {
  return {
    description: `${layer}:diversity`,
    signature: `diversity(${layer})`,
    layers: [layer],
    parameters: () => ({}),
    build: ({ b, layer: valueOf }) => {
      const value = valueOf(layer);
      const [pictures, channels] = value.dims as [number, number];
      const flat = b.reshape(value, [pictures, channels, elementCount(value.dims.slice(2))]);
      const gram = b.reshape(b.op("MatMul", [flat, b.transpose(flat, [0, 2, 1])]), [
        pictures,
        channels * channels,
      ]);
      const norm = b.op("Sqrt", [b.add(b.reduceSum(b.mul(gram, gram), [1]), b.scalar(1e-12))]);
      const unit = b.div(gram, norm);
      const cosines = b.op("MatMul", [unit, b.transpose(unit, [1, 0])]);
      const others = b.sub(b.reduceSum(cosines, [1], false), b.scalar(1));
      return b.scale(others, -1 / Math.max(pictures - 1, 1));
    },
  };
}

/**
 * An objective less the share `strength` of its own size times how alike the batch's pictures are: one
 * unit's facets. Scaled by the objective itself, so that one strength serves every unit and network.
 */
export function diverse(objective: Objective, layer: string, strength = 0.5): Objective {
  const apart = diversity(layer);
  return {
    description: `${objective.description}, diverse`,
    signature: `diverse(${objective.signature}, ${layer}, ${strength})`,
    layers: [...new Set([...objective.layers, layer])],
    parameters: (dims) => objective.parameters(dims),
    build: (context) => {
      const { b } = context;
      const score = objective.build(context);
      const alike = b.scale(apart.build(context), -strength);
      return b.sub(score, b.mul(b.op("Abs", [score]), alike));
    },
  };
}

/** Minus the mean square difference of neighbouring pictures' activations in the batch: a smooth series (Lucid's alignment). */
export function alignment(layer: string): Objective {
  return {
    description: `${layer}:alignment`,
    signature: `alignment(${layer})`,
    layers: [layer],
    parameters: () => ({}),
    build: ({ b, layer: valueOf }) => {
      const value = valueOf(layer);
      const pictures = value.dims[0]!;
      if (pictures === 1) return b.fill([1], 0, value.type);
      const next = b.concat(
        [b.slice(value, [1], [pictures], [0]), b.slice(value, [0], [1], [0])],
        0,
      );
      const difference = b.sub(value, next);
      return b.neg(b.reduceMean(b.mul(difference, difference), allButBatch(value), false));
    },
  };
}
