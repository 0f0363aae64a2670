/** @file Schedules against rates that PyTorch's schedulers give, and against their own ends. */
import { describe, expect, test } from "vitest";
import {
  constant,
  cosine,
  oneCycle,
  plateau,
  stepwise,
  warmUp,
  type Schedule,
} from "./schedules.ts";

/** The rates of every step of a run without held-out losses. */
function ratesOf(schedule: Schedule, stepsPerEpoch: number, epochs: number): number[] {
  return Array.from({ length: stepsPerEpoch * epochs }, (_, step) =>
    schedule.rate({ step, stepsPerEpoch, epochs, heldOutLosses: [] }),
  );
}

test("constant", () => {
  expect(ratesOf(constant(0.1), 2, 2)).toEqual([0.1, 0.1, 0.1, 0.1]);
});

test("stepwise drops by epochs", () => {
  const rates = ratesOf(stepwise(1, { everyEpochs: 2, factor: 0.5 }), 2, 5);
  expect(rates).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25]);
});

test("cosine falls to its floor", () => {
  const wanted = [0, 0.25, 0.5, 0.75].map((share) => 0.1 + 0.45 * (1 + Math.cos(Math.PI * share)));
  expect(ratesOf(cosine(1, { floor: 0.1 }), 2, 2)).toBeAllclose(wanted, { rtol: 1e-12 });
});

test("warm-up grows linearly", () => {
  expect(ratesOf(warmUp(constant(0.4), 4), 6, 1)).toBeAllclose([0.1, 0.2, 0.3, 0.4, 0.4, 0.4]);
});

test("one-cycle has PyTorch's rates", () => {
  // OneCycleLR(max_lr=1, total_steps=10): cosine from 1/25 to 1 at step 2, then to 1/25e4 at step 9.
  const rates = ratesOf(oneCycle(1), 5, 2);
  expect(rates[0]).toBeCloseTo(0.04, 12);
  expect(rates[1]).toBeCloseTo(0.52, 12);
  expect(rates[2]).toBeCloseTo(1, 12);
  expect(rates[9]).toBeCloseTo(4e-6, 12);
  const down = (step: number) =>
    4e-6 + ((1 - 4e-6) * (1 + Math.cos((Math.PI * (step - 2)) / 7))) / 2;
  expect(rates.slice(2)).toBeAllclose([2, 3, 4, 5, 6, 7, 8, 9].map(down), { rtol: 1e-9 });
});

test("one-cycle of a few steps is finite", () => {
  for (const steps of [1, 2, 3, 4]) {
    for (const rate of ratesOf(oneCycle(1), steps, 1)) expect(rate).toBeGreaterThan(0);
  }
});

test("plateau drops after more than `patience` epochs without a better loss", () => {
  const schedule = plateau(1, { patience: 2, factor: 0.1, threshold: 0.01 });
  const losses = [1, 0.9, 0.895, 0.9, 0.95, 0.8, 0.9, 0.9, 0.9, 0.9];
  const rates = losses.map((_, epochs) =>
    schedule.rate({
      step: 0,
      stepsPerEpoch: 1,
      epochs: 10,
      heldOutLosses: losses.slice(0, epochs + 1),
    }),
  );
  expect(rates).toBeAllclose([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01]);
});

describe("bad options", () => {
  test.each([
    [() => constant(0), "constant: rate must be above 0, got 0."],
    [() => cosine(1, { floor: 2 }), "cosine: floor must lie in 0 to 1, got 2."],
    [() => oneCycle(1, { growing: 1 }), "oneCycle: growing must be below 1, got 1."],
    [() => stepwise(1, { everyEpochs: 0 }), "stepwise: everyEpochs must be above 0, got 0."],
    [() => warmUp(constant(1), Number.NaN), "warmUp: steps must be above 0, got NaN."],
  ])("%s", (make, message) => {
    expect(make).toThrow(message);
  });
});
