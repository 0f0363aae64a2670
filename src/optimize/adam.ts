/** @file Adam, with weight decay apart (AdamW), and with Nesterov's momentum (Nadam). */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import { checkNotNegative, checkShares } from "./checks.ts";
import { runningMoment, type MomentForm } from "./moments.ts";
import { moved, withDecay, type Direction, type Optimizer } from "./optimizer.ts";

export interface AdamOptions {
  /** How much of the mean gradient a step keeps; 0.9 by default. */
  readonly beta1?: number;
  /** How much of the mean square a step keeps; 0.999 by default. */
  readonly beta2?: number;
  /** 1e-8 by default. */
  readonly epsilon?: number;
  /** Adam adds it to the gradient, times the variable, 0 by default; AdamW shrinks the variable, 0.01 by default. */
  readonly weightDecay?: number;
  /** `sums` by default; Nadam keeps means. */
  readonly keeps?: MomentForm;
  /** `descent` by default. */
  readonly direction?: Direction;
}

/** Adam (Kingma and Ba 2015, algorithm 1), with PyTorch's defaults. */
export function adam(options: AdamOptions = {}): Optimizer {
  const numbers = numbersOf("adam", { weightDecay: 0, ...options });
  return adamOf("adam", numbers, options.keeps === "means" ? byMeans(numbers) : bySums(numbers));
}

/** Adam with weight decay apart from the gradient (Loshchilov and Hutter 2019, algorithm 2). */
export function adamW(options: AdamOptions = {}): Optimizer {
  const numbers = numbersOf("adamw", { weightDecay: 0.01, ...options });
  const form = options.keeps === "means" ? byMeans(numbers) : bySums(numbers);
  return adamOf("adamw", numbers, form, true);
}

/** Adam with Nesterov momentum (Dozat 2016), with a constant momentum. */
export function nadam(options: Omit<AdamOptions, "keeps"> = {}): Optimizer {
  const numbers = numbersOf("nadam", { weightDecay: 0, ...options });
  return adamOf("nadam", numbers, byMeans(numbers, true));
}

type Numbers = Required<Omit<AdamOptions, "keeps">>;

function numbersOf(name: string, options: AdamOptions & Pick<Numbers, "weightDecay">): Numbers {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay, direction } = options;
  checkShares(name, { beta1, beta2 });
  checkNotNegative(name, { epsilon, weightDecay });
  return { beta1, beta2, epsilon, weightDecay, direction: direction ?? "descent" };
}

/** What a step has of its moments. */
interface Moments {
  readonly mean: Value;
  readonly square: Value;
  readonly gradient: Value;
  readonly coefficients: readonly Value[];
}

/** Adam's move in one form of the moments. */
interface AdamForm extends Pick<Optimizer, "coefficients" | "at"> {
  readonly keeps: MomentForm;
  move(b: GraphBuilder, moments: Moments): Value;
}

/** p -= rate m / (1 - beta1^t) / (sqrt(s / (1 - beta2^t)) + epsilon); the decay apart is p (1 - rate wd). */
function adamOf(name: string, numbers: Numbers, form: AdamForm, isApart = false): Optimizer {
  const { beta1, beta2, weightDecay, direction } = numbers;
  return {
    name,
    slots: ["mean", "square"],
    coefficients: [...form.coefficients, ...(isApart ? ["kept"] : [])],
    at: (step, rate) => [...form.at(step, rate), ...(isApart ? [1 - rate * weightDecay] : [])],
    build: (b, step) => {
      const { variable, slots, coefficients, decays } = step;
      const gradient = isApart ? step.gradient : withDecay(b, step, weightDecay);
      const mean = runningMoment(b, slots[0]!, gradient, beta1, form.keeps);
      const square = runningMoment(b, slots[1]!, b.mul(gradient, gradient), beta2, form.keeps);
      const move = form.move(b, { mean, square, gradient, coefficients });
      const kept = isApart && decays ? b.mul(variable, coefficients.at(-1)!) : variable;
      return { variable: moved(b, kept, move, direction), slots: [mean, square] };
    },
  };
}

/** The corrections are part of two numbers that are fed, which with the sums saves four passes over the variable. */
function bySums({ beta1, beta2, epsilon }: Numbers): AdamForm {
  return {
    keeps: "sums",
    coefficients: ["pace", "floor"],
    at: (step, rate) => {
      const root = Math.sqrt((1 - beta2 ** step) / (1 - beta2));
      return [(rate * (1 - beta1) * root) / (1 - beta1 ** step), epsilon * root];
    },
    move: (b, { mean, square, coefficients: [pace, floor] }) =>
      b.mul(b.div(mean, b.add(b.op("Sqrt", [square]), floor!)), pace!),
  };
}

/** The papers' form, where `isAhead` with the mean as the next step will have it. */
function byMeans({ beta1, beta2, epsilon }: Numbers, isAhead = false): AdamForm {
  return {
    keeps: "means",
    coefficients: ["rate", "square-warmth", "mean-warmth", ...(isAhead ? ["next-warmth"] : [])],
    at: (step, rate) => [
      rate,
      warmth(beta2, step),
      warmth(beta1, step),
      ...(isAhead ? [warmth(beta1, step + 1)] : []),
    ],
    move: (b, { mean, square, gradient, coefficients }) => {
      const [rate, squareWarmth, meanWarmth, nextWarmth] = coefficients;
      const way = isAhead
        ? b.add(
            b.div(b.scale(mean, beta1), nextWarmth!),
            b.div(b.scale(gradient, 1 - beta1), meanWarmth!),
          )
        : b.div(mean, meanWarmth!);
      const size = b.add(b.op("Sqrt", [b.div(square, squareWarmth!)]), b.scalar(epsilon));
      return b.mul(b.div(way, size), rate!);
    },
  };
}

/**
 * 1 - decay^step, which undoes the start of a running mean at zero, as float32 has it: a recipe makes the bytes
 * that it always made, and the 3e-5 by which the first step is longer or shorter are nothing to a picture.
 */
function warmth(decay: number, step: number): number {
  return Math.fround(1 - Math.fround(Math.fround(decay) ** step));
}
