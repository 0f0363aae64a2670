/** @file Objectives between the pictures of a batch: kept apart, or drawn together. */
import type { GraphBuilder, Value } from "../../graph/builder.ts";
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
      const cosines = styleCosines(b, valueOf(layer));
      const others = b.sub(b.reduceSum(cosines, [1], false), b.scalar(1));
      return b.scale(others, -1 / Math.max(cosines.dims[0]! - 1, 1));
    },
  };
}

/** As `diversity`, of a batch with pictures of several units: each is compared with those of its own group, which a number names. */
export function diversityWithin(layer: string, group: number): Objective {
  return {
    ...diversity(layer),
    signature: `diversityWithin(${layer})`,
    parameters: () => ({ [groupParameter]: { dims: [], data: Float32Array.of(group) } }),
    build: ({ b, layer: valueOf, parameter }) => {
      const cosines = styleCosines(b, valueOf(layer));
      const pictures = cosines.dims[0]!;
      const groups = parameter(groupParameter);
      const apart = b.op("Abs", [
        b.sub(b.reshape(groups, [pictures, 1]), b.reshape(groups, [1, pictures])),
      ]);
      const isOwn = b.sub(b.scalar(1), b.op("Min", [apart, b.scalar(1)]));
      const sumOf = (rows: Value) => b.sub(b.reduceSum(rows, [1], false), b.scalar(1));
      const others = b.op("Max", [sumOf(isOwn), b.scalar(1)]);
      return b.neg(b.div(sumOf(b.mul(cosines, isOwn)), others));
    },
  };
}

const groupParameter = "group";

/** Cosines between the Gram matrices of all pictures' channels, [N, N]. */
function styleCosines(b: GraphBuilder, layer: Value): Value {
  // Tokens have their channels last.
  const value = layer.dims.length === 3 ? b.transpose(layer, [0, 2, 1]) : layer;
  const [pictures, channels] = value.dims as [number, number];
  const flat = b.reshape(value, [pictures, channels, elementCount(value.dims.slice(2))]);
  const gram = b.reshape(b.op("MatMul", [flat, b.transpose(flat, [0, 2, 1])]), [
    pictures,
    channels * channels,
  ]);
  const norm = b.op("Sqrt", [b.add(b.reduceSum(b.mul(gram, gram), [1]), b.scalar(1e-12))]);
  const unit = b.div(gram, norm);
  return b.op("MatMul", [unit, b.transpose(unit, [1, 0])]);
}

/** How much of an objective's own size being alike takes away. */
const apartStrength = 0.5;

/**
 * An objective less half of its own size times how alike the batch's pictures are: one unit's facets, or, where a
 * `group` is named, those of the batch with the same one. Scaled by the objective itself, so that one strength serves
 * every unit and network.
 */
export function diverse(objective: Objective, layer: string, group?: number): Objective {
  const apart = group === undefined ? diversity(layer) : diversityWithin(layer, group);
  return {
    description: `${objective.description}, diverse`,
    signature: `diverse(${objective.signature}, ${apart.signature}, ${apartStrength})`,
    layers: [...new Set([...objective.layers, layer])],
    parameters: (dims) => ({ ...objective.parameters(dims), ...apart.parameters(dims) }),
    build: (context) => {
      const { b } = context;
      const score = objective.build(context);
      const alike = b.scale(apart.build(context), -apartStrength);
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
