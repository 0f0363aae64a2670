/**
 * @file Optimisers as graph pieces: from a parameter, its gradient and the optimiser's slots to the next
 * ones. Formulas and defaults are PyTorch's. Numbers that change with the step are computed in float64
 * outside and fed: in float32, 1 - 0.999^step starts with an error of 6e-5.
 */
import { LimpidError } from "../errors.ts";
import type { GraphBuilder, Value } from "../graph/builder.ts";

/** What a step knows of one parameter. */
export interface Descent {
  readonly parameter: Value;
  /** Gradient of the loss, in the parameter's shape. */
  readonly gradient: Value;
  readonly slots: readonly Value[];
  /** Scalars, in the order of `Optimizer.coefficients`. */
  readonly coefficients: readonly Value[];
  /** Weight decay applies to this parameter. */
  readonly decays: boolean;
}

/** A parameter and its slots after a step. */
export interface Descended {
  readonly parameter: Value;
  readonly slots: readonly Value[];
}

/** Makes the loss small. */
export interface Optimizer {
  readonly name: string;
  /** Tensors in each parameter's shape that start at zero. */
  readonly slots: readonly string[];
  /** Names of the numbers that `at` gives. */
  readonly coefficients: readonly string[];
  /** The numbers that step `step`, counted from 1, feeds at a learning rate. */
  at(step: number, rate: number): readonly number[];
  build(b: GraphBuilder, descent: Descent): Descended;
}

export interface SgdOptions {
  /** 0 by default. */
  readonly momentum?: number;
  readonly nesterov?: boolean;
  /** Added to the gradient, times the parameter; 0 by default. */
  readonly weightDecay?: number;
}

/** g += wd p; v = momentum v + g; p -= rate v (Nesterov: rate (g + momentum v)). */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, nesterov = false, weightDecay = 0 } = options;
  checkShares("sgd", { momentum });
  checkNotNegative("sgd", { weightDecay });
  if (nesterov && momentum === 0) {
    throw new LimpidError("bad-option", "sgd: nesterov must have momentum, got 0. set momentum.");
  }
  return {
    name: "sgd",
    slots: momentum === 0 ? [] : ["velocity"],
    coefficients: ["rate"],
    at: (_, rate) => [rate],
    build: (b, descent) => {
      const { parameter, coefficients } = descent;
      const gradient = withDecay(b, descent, weightDecay);
      const move = (direction: Value) => b.sub(parameter, b.mul(direction, coefficients[0]!));
      if (momentum === 0) return { parameter: move(gradient), slots: [] };
      const velocity = b.add(b.scale(descent.slots[0]!, momentum), gradient);
      const direction = nesterov ? b.add(gradient, b.scale(velocity, momentum)) : velocity;
      return { parameter: move(direction), slots: [velocity] };
    },
  };
}

export interface RmspropOptions {
  /** How much of the mean square a step keeps; 0.99 by default. */
  readonly alpha?: number;
  /** 1e-8 by default. */
  readonly epsilon?: number;
  /** 0 by default. */
  readonly momentum?: number;
  /** Added to the gradient, times the parameter; 0 by default. */
  readonly weightDecay?: number;
}

/**
 * RMSprop (Tieleman and Hinton 2012): s = alpha s + (1 - alpha) g^2; d = g / (sqrt(s) + epsilon);
 * v = momentum v + d; p -= rate v. The slot holds s / (1 - alpha), which saves a pass over the parameters.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8, momentum = 0, weightDecay = 0 } = options;
  checkShares("rmsprop", { alpha, momentum });
  checkNotNegative("rmsprop", { epsilon, weightDecay });
  const root = Math.sqrt(1 - alpha);
  return {
    name: "rmsprop",
    slots: momentum === 0 ? ["square"] : ["square", "velocity"],
    coefficients: ["pace"],
    at: (_, rate) => [rate / root],
    build: (b, descent) => {
      const gradient = withDecay(b, descent, weightDecay);
      const square = b.add(b.scale(descent.slots[0]!, alpha), b.mul(gradient, gradient));
      const size = b.add(b.op("Sqrt", [square]), b.scalar(epsilon / root));
      const direction = b.div(gradient, size);
      const move = (by: Value) => b.sub(descent.parameter, b.mul(by, descent.coefficients[0]!));
      if (momentum === 0) return { parameter: move(direction), slots: [square] };
      const velocity = b.add(b.scale(descent.slots[1]!, momentum), direction);
      return { parameter: move(velocity), slots: [square, velocity] };
    },
  };
}

export interface AdamOptions {
  /** How much of the mean gradient a step keeps; 0.9 by default. */
  readonly beta1?: number;
  /** How much of the mean square a step keeps; 0.999 by default. */
  readonly beta2?: number;
  /** 1e-8 by default. */
  readonly epsilon?: number;
  /** Adam adds it to the gradient, times the parameter, 0 by default; AdamW shrinks the parameter, 0.01 by default. */
  readonly weightDecay?: number;
}

/** Adam (Kingma and Ba 2015, algorithm 1). */
export function adam(options: AdamOptions = {}): Optimizer {
  return adamOf("adam", { weightDecay: 0, ...options }, false);
}

/** Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019, algorithm 2). */
export function adamW(options: AdamOptions = {}): Optimizer {
  return adamOf("adamw", { weightDecay: 0.01, ...options }, true);
}

/**
 * m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) g^2;
 * p -= rate m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + epsilon).
 * The slots hold m / (1 - beta1) and s / (1 - beta2), and the corrections are part of two numbers that are
 * fed, which together save four passes over the parameters.
 */
function adamOf(
  name: string,
  options: AdamOptions & { readonly weightDecay: number },
  apart: boolean,
): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay } = options;
  checkShares(name, { beta1, beta2 });
  checkNotNegative(name, { epsilon, weightDecay });
  return {
    name,
    slots: ["mean", "square"],
    coefficients: ["pace", "floor", ...(apart ? ["kept"] : [])],
    at: (step, rate) => {
      const root = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
      const pace = (rate * (1 - beta1) * root) / (1 - beta1 ** step);
      return [pace, epsilon * root, ...(apart ? [1 - rate * weightDecay] : [])];
    },
    build: (b, descent) => {
      const { parameter, slots, coefficients, decays } = descent;
      const [pace, floor, share] = coefficients;
      const gradient = apart ? descent.gradient : withDecay(b, descent, weightDecay);
      const mean = b.add(b.scale(slots[0]!, beta1), gradient);
      const square = b.add(b.scale(slots[1]!, beta2), b.mul(gradient, gradient));
      const direction = b.div(mean, b.add(b.op("Sqrt", [square]), floor!));
      const kept = share && decays ? b.mul(parameter, share) : parameter;
      return { parameter: b.sub(kept, b.mul(direction, pace!)), slots: [mean, square] };
    },
  };
}

/** Decay as part of the gradient, that of the penalty wd / 2 |p|^2. */
function withDecay(b: GraphBuilder, descent: Descent, weightDecay: number): Value {
  const { parameter, gradient, decays } = descent;
  if (weightDecay === 0 || !decays) return gradient;
  return b.add(gradient, b.scale(parameter, weightDecay));
}

/**
 * The gradients times min(1, limit / (norm + 1e-6)), where the norm is that of all of them together
 * (Pascanu et al. 2013).
 */
export function clipByNorm(b: GraphBuilder, gradients: readonly Value[], limit: number): Value[] {
  const squares = gradients.map((gradient) => {
    const axes = gradient.dims.map((_, axis) => axis);
    return b.op("ReduceSumSquare", [gradient, b.ints(axes)], { keepdims: 0 });
  });
  const norm = b.op("Sqrt", [squares.length === 1 ? squares[0]! : b.op("Sum", squares)]);
  const ratio = b.div(b.scalar(limit), b.add(norm, b.scalar(1e-6)));
  const factor = b.op("Min", [ratio, b.scalar(1)]);
  return gradients.map((gradient) => b.mul(gradient, factor));
}

function checkShares(where: string, shares: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(shares)) {
    if (value >= 0 && value < 1) continue;
    throw new LimpidError(
      "bad-option",
      `${where}: ${name} must be at least 0 and below 1, got ${value}.`,
    );
  }
}

function checkNotNegative(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value >= 0 && Number.isFinite(value)) continue;
    throw new LimpidError("bad-option", `${where}: ${name} must be at least 0, got ${value}.`);
  }
}
