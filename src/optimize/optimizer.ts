/** @file What an optimiser is: a graph piece from a variable, its gradient and its slots to the next ones, for weights and for pictures. */
import type { GraphBuilder, Value } from "../graph/builder.ts";

/** Whether what the gradient is of becomes small, as a loss, or large, as a unit's activation. */
export type Direction = "descent" | "ascent";

/** What a step knows of one variable. */
export interface OptimizerStep {
  readonly variable: Value;
  /** In the variable's shape. */
  readonly gradient: Value;
  readonly slots: readonly Value[];
  /** Scalars, in the order of `Optimizer.coefficients`. */
  readonly coefficients: readonly Value[];
  /** Weight decay applies to this variable. */
  readonly decays: boolean;
}

/** A variable and its slots after a step. */
interface OptimizedVariable {
  readonly variable: Value;
  readonly slots: readonly Value[];
}

/**
 * Follows a gradient. Numbers that change with the step are computed outside and fed: in float32, 1 - 0.999^step
 * begins with an error of 6e-5.
 */
export interface Optimizer {
  readonly name: string;
  /** Tensors in each variable's shape that start at zero. */
  readonly slots: readonly string[];
  /** Names of the numbers that `at` gives. */
  readonly coefficients: readonly string[];
  /** The numbers that step `step`, counted from 1, feeds at a learning rate. */
  at(step: number, rate: number): readonly number[];
  build(b: GraphBuilder, step: OptimizerStep): OptimizedVariable;
}

/** The variable after a move. */
export function moved(b: GraphBuilder, variable: Value, move: Value, direction: Direction): Value {
  return direction === "ascent" ? b.add(variable, move) : b.sub(variable, move);
}

/** Decay as part of the gradient of a loss, that of the penalty wd / 2 |p|^2. */
export function withDecay(b: GraphBuilder, step: OptimizerStep, weightDecay: number): Value {
  const { variable, gradient, decays } = step;
  if (weightDecay === 0 || !decays) return gradient;
  return b.add(gradient, b.scale(variable, weightDecay));
}
