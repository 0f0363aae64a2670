/** @file The activations family: rules against central differences, the interpreter against ONNX Runtime. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { forwardcheckAll } from "../reference/forwardcheck.ts";
import { gradcheckAll } from "../reference/gradcheck.ts";
import { gradientsOf } from "../reference/gradient-of.ts";
import { forwardRows, gradientRows } from "../reference/rows/activations.ts";

gradcheckAll(gradientRows);
forwardcheckAll(forwardRows);

const inputs = [{ dims: [3], values: [-1, 0, 1] }];

test("rectifiers have the gradient of their lower side at 0", () => {
  expect(gradientsOf("Relu", { inputs })).toEqual([[0, 0, 1]]);
  expect(gradientsOf("LeakyRelu", { inputs, attributes: { alpha: 0.25 } })).toEqual([
    [0.25, 0.25, 1],
  ]);
  expect(gradientsOf("PRelu", { inputs: [...inputs, { dims: [1], values: [0.25] }] })).toEqual([
    [0.25, 0.25, 1],
    [-1],
  ]);
  expect(gradientsOf("ThresholdedRelu", { inputs, attributes: { alpha: 0 } })).toEqual([[0, 0, 1]]);
});

test("a hard sigmoid passes nothing at its bounds", () => {
  const row = { inputs, attributes: { alpha: 0.5, beta: 0.5 } };
  expect(gradientsOf("HardSigmoid", row)).toEqual([[0, 0.5, 0]]);
});

/** Slopes at x by alpha, as written in ONNX's forms. */
const slopes = {
  LeakyRelu: (x: number, alpha: number) => (x > 0 ? 1 : alpha),
  ThresholdedRelu: (x: number, alpha: number) => (x > alpha ? 1 : 0),
  Elu: (x: number, alpha: number) => (x > 0 ? 1 : alpha * Math.exp(x)),
  Celu: (x: number, alpha: number) => (x > 0 ? 1 : Math.exp(x / alpha)),
} as const;

test("units of two pieces have the slope of the piece, whatever the parameter", () => {
  const parameter = fc.oneof(
    fc.constantFrom(-1, 0, 1),
    fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround),
  );
  const pixels = fc.array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1 });
  const units = fc.constantFrom(...(Object.keys(slopes) as (keyof typeof slopes)[]));
  fc.assert(
    fc.property(units, parameter, pixels, (unit, alpha, values) => {
      fc.pre(unit !== "Celu" || Math.abs(alpha) > 0.1);
      const x = [{ dims: [values.length], values }];
      const [found] = gradientsOf(unit, { inputs: x, attributes: { alpha } });
      for (const [i, at] of values.entries()) {
        const wanted = slopes[unit](at, alpha);
        expect(Math.abs(found![i]! - wanted)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(wanted)));
      }
    }),
    { numRuns: 300 },
  );
});
