/** @file Schedules: the learning rate of each step, computed from where training stands alone. */
import { LimpidError } from "../errors.ts";

/** Where training stands before a step. */
export interface Moment {
  /** Number of steps done. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  /** Held-out loss after each epoch done. */
  readonly heldOutLosses: readonly number[];
}

/** A schedule. */
export interface Schedule {
  readonly name: string;
  /** The learning rate of the next step. */
  rate(moment: Moment): number;
}

/** The same rate throughout. */
export function constant(rate: number): Schedule {
  checkRate("constant", { rate });
  return { name: "constant", rate: () => rate };
}

export interface StepwiseOptions {
  /** Epochs between two drops. */
  readonly everyEpochs: number;
  /** What each drop multiplies the rate by; 0.1 by default. */
  readonly factor?: number;
}

/** A rate that drops every few epochs. */
export function stepwise(rate: number, options: StepwiseOptions): Schedule {
  const { everyEpochs, factor = 0.1 } = options;
  checkRate("stepwise", { rate, everyEpochs, factor });
  return {
    name: "step",
    rate: ({ step, stepsPerEpoch }) =>
      rate * factor ** Math.floor(Math.floor(step / stepsPerEpoch) / everyEpochs),
  };
}

/** From `rate` down to `floor` (0 by default) along half a cosine (Loshchilov and Hutter 2017, without restarts). */
export function cosine(rate: number, { floor = 0 }: { readonly floor?: number } = {}): Schedule {
  checkRate("cosine", { rate });
  if (!(floor >= 0 && floor <= rate)) {
    throw new LimpidError("bad-option", `cosine: floor must lie in 0 to ${rate}, got ${floor}.`);
  }
  return {
    name: "cosine",
    rate: (moment) => alongCosine(rate, floor, moment.step / stepsOf(moment)),
  };
}

/** Another schedule whose rates grow linearly from 0 over the first `steps` steps (Goyal et al. 2017). */
export function warmUp(schedule: Schedule, steps: number): Schedule {
  checkRate("warmUp", { steps });
  return {
    name: `warm-up-${schedule.name}`,
    rate: (moment) => schedule.rate(moment) * Math.min(1, (moment.step + 1) / steps),
  };
}

export interface OneCycleOptions {
  /** Share of the steps in which the rate grows; 0.3 by default. */
  readonly growing?: number;
  /** The largest rate over the first; 25 by default. */
  readonly startDivisor?: number;
  /** The first rate over the last; 1e4 by default. */
  readonly endDivisor?: number;
}

/**
 * Up to `rate` and down again, each along half a cosine (Smith and Topin 2018; rates as PyTorch's
 * `OneCycleLR`, whose cycling of the momentum is left out).
 */
export function oneCycle(rate: number, options: OneCycleOptions = {}): Schedule {
  const { growing = 0.3, startDivisor = 25, endDivisor = 1e4 } = options;
  checkRate("oneCycle", { rate, growing, startDivisor, endDivisor });
  if (growing >= 1) {
    throw new LimpidError("bad-option", `oneCycle: growing must be below 1, got ${growing}.`);
  }
  const first = rate / startDivisor;
  const last = first / endDivisor;
  return {
    name: "one-cycle",
    rate: (moment) => {
      const end = stepsOf(moment) - 1;
      const top = growing * stepsOf(moment) - 1;
      if (moment.step < top) return alongCosine(first, rate, moment.step / top);
      return alongCosine(rate, last, (moment.step - top) / (end - top));
    },
  };
}

export interface PlateauOptions {
  /** What each drop multiplies the rate by; 0.1 by default. */
  readonly factor?: number;
  /** Epochs without a better held-out loss before a drop; 10 by default. */
  readonly patience?: number;
  /** By what share of the best loss a loss must be lower to be better; 1e-4 by default. */
  readonly threshold?: number;
}

/** A rate that drops where the held-out loss no longer falls, as PyTorch's `ReduceLROnPlateau`. */
export function plateau(rate: number, options: PlateauOptions = {}): Schedule {
  const { factor = 0.1, patience = 10, threshold = 1e-4 } = options;
  checkRate("plateau", { rate, factor });
  return {
    name: "plateau",
    rate: ({ heldOutLosses }) => {
      let [current, best, waited] = [rate, Number.POSITIVE_INFINITY, 0];
      for (const loss of heldOutLosses) {
        const better = loss < best * (1 - threshold);
        if (better) best = loss;
        waited = better ? 0 : waited + 1;
        if (waited <= patience) continue;
        current *= factor;
        waited = 0;
      }
      return current;
    },
  };
}

/** THE table of schedules that commands name, from the largest rate. */
export const schedules = {
  constant,
  cosine: (rate) => cosine(rate),
  "one-cycle": (rate) => oneCycle(rate, { growing: 0.15 }),
  plateau: (rate) => plateau(rate, { patience: 3, factor: 0.3 }),
} as const satisfies Readonly<Record<string, (rate: number) => Schedule>>;

export type ScheduleName = keyof typeof schedules;

function stepsOf({ stepsPerEpoch, epochs }: Moment): number {
  return stepsPerEpoch * epochs;
}

/** From one rate to another along half a cosine; after the whole way, `share` 1, it stays. */
function alongCosine(from: number, to: number, share: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * Math.min(1, share)))) / 2;
}

function checkRate(where: string, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new LimpidError("bad-option", `${where}: ${name} must be above 0, got ${value}.`);
  }
}
