/** @file Curves of hidden cells against sums by hand, and against plain loops. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { channels, height, places, threeLayers, width } from "../../../test/three-layers.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { tensorOf } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import { randomStream } from "../../random.ts";
import { cellsOf, orderBy } from "./hidden-cells.ts";
import { curvesOf, hiddenCounts, hidingCurves } from "./hiding-curves.ts";

/** f(x) = sum of w x over a picture [1, rows, columns]; a second class is 0. */
function additive(weights: readonly number[], rows: number, columns: number): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, rows, columns], "float32", ["N", 1, rows, columns]);
  const table = weights.flatMap((weight) => [weight, 0]);
  const dense = b.constant(table, [weights.length, 2]);
  b.output(b.op("MatMul", [b.op("Flatten", [x]), dense], {}, "logits"));
  return new Model(b.build(), createReferenceRuntime());
}

async function curvesFor(
  weights: readonly number[],
  picture: readonly number[],
  order: readonly number[],
) {
  const model = additive(weights, 2, weights.length / 2);
  const input = tensorOf("float32", [1, 1, 2, weights.length / 2], [...picture]);
  const cells = cellsOf(model.parts[0]!, input.dims);
  const request = { model, picture: input, target: 0, cells, fill: "zero" } as const;
  return (await hidingCurves(request, [order]))[0]!;
}

describe("curves of hidden cells", () => {
  test.each([
    ["exact", [4, 2, 1, -3], [4, 0, -2, -3, 0], -0.75, 4.75, 5.5, 5.25],
    ["sizes", [4, 2, 1, 3], [4, 0, 3, 1, 0], 1.5, 2.5, 1, 3],
    ["negated", [-4, -2, -1, 3], [4, 7, 6, 4, 0], 4.75, -0.75, -5.5, -0.25],
  ])(
    "4a + 2b + c - 3d at 1 with a map that is %s",
    async (_, map, curve, deletion, insertion, srg, aopc) => {
      const found = await curvesFor([4, 2, 1, -3], [1, 1, 1, 1], orderBy(map));
      expect(found.mostFirst).toEqual(curve);
      expect(found.deletion).toBeCloseTo(deletion, 6);
      expect(found.insertion).toBeCloseTo(insertion, 6);
      expect(found.srg).toBeCloseTo(srg, 6);
      const lost = found.mostFirst.slice(1).map((score) => found.mostFirst[0]! - score);
      expect(lost.reduce((sum, value) => sum + value) / 4).toBeCloseTo(aopc, 6);
    },
  );

  test("no order of an additive score has a larger gain than that of its own parts", async () => {
    const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 6, maxLength: 6 });
    const property = fc.asyncProperty(
      numbers,
      numbers,
      numbers,
      async (weights, picture, other) => {
        const parts = weights.map((weight, i) => weight * picture[i]!);
        const own = await curvesFor(weights, picture, orderBy(parts));
        const theirs = await curvesFor(weights, picture, orderBy(other));
        expect(own.srg).toBeGreaterThanOrEqual(theirs.srg - 1e-4);
      },
    );
    await fc.assert(property, { numRuns: 25 });
  });

  test("the area of the last first is that of showing the first first, and the reverse order negates the gain", async () => {
    const { model, input, picture, logits } = threeLayers(2);
    const cells = cellsOf(model.parts[0]!, input.dims);
    const random = randomStream("order");
    const order = orderBy(Array.from({ length: cells.count }, () => random.uniform()));
    const one = {
      ...input,
      dims: [1, channels, height, width],
      data: input.data.slice(0, channels * places),
    };
    const request = { model, picture: one, target: 2, cells, fill: "mean" } as const;
    const [found, back] = await hidingCurves(request, [order, order.toReversed()]);
    expect(back!.srg).toBeCloseTo(-found!.srg, 5);
    const shown = picture(0);
    const means = [0, 1].map(
      (c) => shown.slice(c * places, (c + 1) * places).reduce((a, b) => a + b) / places,
    );
    const counts = hiddenCounts(cells.count);
    const revealed = counts.map((count) => {
      const visible = new Set(order.slice(0, count));
      const changed = shown.map((value, i) =>
        visible.has(cells.labels[i % places]!) ? value : means[Math.floor(i / places)]!,
      );
      return logits(changed)[2]!;
    });
    expect(curvesOf(counts, revealed, revealed).deletion).toBeCloseTo(found!.insertion, 4);
  });

  test("hides each cell once, from none to all", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), (count) => {
        const counts = hiddenCounts(count);
        expect([counts[0], counts.at(-1)]).toEqual([0, count]);
        expect(counts.every((value, i) => i === 0 || value > counts[i - 1]!)).toBe(true);
        expect(counts.map((value) => count - value).toReversed()).toEqual(counts);
        expect(counts.length).toBeLessThanOrEqual(18);
      }),
    );
  });
});
