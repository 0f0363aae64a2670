/**
 * @file Optimisers as graph pieces: from a variable, its gradient and the optimiser's memory to the next
 * ones. The epsilons are smaller than in the papers: gradients of deep units can be 1e-9, and one default
 * must serve every network.
 */
import type { GraphBuilder, Value } from "../graph/builder.ts";

/** One memory tensor of an optimiser: of the variable's shape, or one number. */
export interface Slot {
  readonly name: string;
  readonly start: number;
}

/** The variable and the memory after a step. */
export interface Update {
  readonly variable: Value;
  readonly slots: readonly Value[];
}

/** Climbs: all optimisers maximise. */
export interface Optimizer {
  readonly name: string;
  /** Memory tensors in the variable's shape. */
  readonly slots: readonly Slot[];
  /** `step` is the number of the step as a float scalar, from 1. Leading axis of all values is the batch. */
  build(
    b: GraphBuilder,
    variable: Value,
    gradient: Value,
    slots: readonly Value[],
    step: Value,
  ): Update;
}

function decayed(b: GraphBuilder, memory: Value, value: Value, decay: number): Value {
  return b.add(b.scale(memory, decay), b.scale(value, 1 - decay));
}

/** 1 - decay^step, which undoes the start of a running mean at zero. */
function warmth(b: GraphBuilder, decay: number, step: Value): Value {
  return b.sub(b.scalar(1, step.type), b.op("Pow", [b.scalar(decay, step.type), step]));
}

/** Adam (Kingma and Ba 2015, algorithm 1). */
export function adam(rate: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-12): Optimizer {
  return {
    name: "adam",
    slots: [
      { name: "mean", start: 0 },
      { name: "square", start: 0 },
    ],
    build: (b, variable, gradient, [mean, square], step) => {
      const newMean = decayed(b, mean!, gradient, beta1);
      const newSquare = decayed(b, square!, b.mul(gradient, gradient), beta2);
      const direction = b.div(newMean, warmth(b, beta1, step));
      const size = b.op("Sqrt", [b.div(newSquare, warmth(b, beta2, step))]);
      const move = b.div(direction, b.add(size, b.scalar(epsilon, variable.type)));
      return { variable: b.add(variable, b.scale(move, rate)), slots: [newMean, newSquare] };
    },
  };
}

/** Adam with Nesterov momentum (Dozat 2016), with a constant momentum. */
export function nadam(rate: number, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-12): Optimizer {
  return {
    name: "nadam",
    slots: [
      { name: "mean", start: 0 },
      { name: "square", start: 0 },
    ],
    build: (b, variable, gradient, [mean, square], step) => {
      const newMean = decayed(b, mean!, gradient, beta1);
      const newSquare = decayed(b, square!, b.mul(gradient, gradient), beta2);
      const ahead = b.add(
        b.div(b.scale(newMean, beta1), warmth(b, beta1, b.add(step, b.scalar(1, step.type)))),
        b.div(b.scale(gradient, 1 - beta1), warmth(b, beta1, step)),
      );
      const size = b.op("Sqrt", [b.div(newSquare, warmth(b, beta2, step))]);
      const move = b.div(ahead, b.add(size, b.scalar(epsilon, variable.type)));
      return { variable: b.add(variable, b.scale(move, rate)), slots: [newMean, newSquare] };
    },
  };
}

/** RMSprop (Tieleman and Hinton 2012). */
export function rmsprop(rate: number, decay = 0.95, epsilon = 1e-24): Optimizer {
  return {
    name: "rmsprop",
    slots: [{ name: "square", start: 0 }],
    build: (b, variable, gradient, [square]) => {
      const newSquare = decayed(b, square!, b.mul(gradient, gradient), decay);
      const size = b.op("Sqrt", [b.add(newSquare, b.scalar(epsilon, variable.type))]);
      return {
        variable: b.add(variable, b.scale(b.div(gradient, size), rate)),
        slots: [newSquare],
      };
    },
  };
}

/** Steps along the gradient divided by its root mean square over the picture (Chollet 2016). */
export function normalizedAscent(rate: number, epsilon = 1e-12): Optimizer {
  return {
    name: "normalized-ascent",
    slots: [],
    build: (b, variable, gradient) => {
      const axes = gradient.dims.map((_, axis) => axis).slice(1);
      const power = b.reduceMean(b.mul(gradient, gradient), axes);
      const size = b.add(b.op("Sqrt", [power]), b.scalar(epsilon, variable.type));
      return { variable: b.add(variable, b.scale(b.div(gradient, size), rate)), slots: [] };
    },
  };
}
