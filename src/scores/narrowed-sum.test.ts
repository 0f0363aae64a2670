/** @file Weighted sums of joined values are those of the part that is meant. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { elementCount, tensorOf } from "../graph/tensor.ts";
import { lrp } from "../attribution/relevance/lrp.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { yolov8 } from "../../test/detector-networks.ts";
import { narrowedSum } from "./narrowed-sum.ts";
import { explainedOn } from "./picture-target.ts";

const size = fc.integer({ min: 1, max: 4 });

test("a joined table is narrowed to its only part that counts, turned or not", () => {
  fc.assert(
    fc.property(
      fc.array(size, { minLength: 2, maxLength: 4 }),
      size,
      size,
      fc.constantFrom(1, 2, -1),
      fc.boolean(),
      fc.nat(),
      (sizes, other, leading, axis, isTurned, chosen) => {
        const b = new GraphBuilder();
        const isRows = axis === 1;
        const parts = sizes.map((own, i) =>
          b.input(`part${i}`, isRows ? [leading, own, other] : [leading, other, own]),
        );
        const joined = b.op("Concat", parts, { axis });
        const turned = isTurned ? b.transpose(joined, [0, 2, 1]) : joined;
        const whole = b.op("Identity", [turned], {}, "whole");
        b.output(whole);
        const graph = b.build();
        const part = chosen % sizes.length;
        const [, rows, columns] = joined.dims as [number, number, number];
        const before = sizes.slice(0, part).reduce((sum, own) => sum + own, 0);
        const places = Array.from({ length: rows * columns }, (_, i) => {
          const [row, column] = isTurned
            ? [i % rows, Math.floor(i / rows)]
            : [Math.floor(i / columns), i % columns];
          const [along, across] = isRows ? [row, column] : [column, row];
          const isIn = along >= before && along < before + sizes[part]!;
          // What the number is called in its own part, row by row, from 1.
          const own = isRows
            ? (along - before) * other + across
            : across * sizes[part]! + along - before;
          return isIn ? own + 1 : 0;
        });
        const narrowed = narrowedSum(
          graph,
          {
            value: "whole",
            weights: Float32Array.from(places),
            meant: Uint8Array.from(places, (place) => (place > 0 ? 1 : 0)),
          },
          graph.shapes,
        );
        expect(narrowed.value).toBe(`part${part}`);
        const length = elementCount(parts[part]!.dims.slice(1));
        expect([...narrowed.weights]).toEqual(Array.from({ length }, (_, i) => i + 1));
      },
    ),
  );
});

test("a sum over several parts stays where it is", () => {
  const b = new GraphBuilder();
  const parts = [b.input("a", [1, 2, 2]), b.input("b", [1, 2, 2])];
  b.output(b.op("Concat", parts, { axis: 1 }, "whole"));
  const graph = b.build();
  const weights = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0);
  const row = { value: "whole", weights, meant: Uint8Array.from(weights) };
  expect(narrowedSum(graph, row, graph.shapes)).toEqual({ value: "whole", weights });
});

test.each([false, true])(
  "what makes a box is no part of its score (turned: %s)",
  async (turned) => {
    const spec = { seed: 4, heightPx: 64, widthPx: 96, classes: 3, bias: 1 };
    const model = new Model(yolov8(spec, turned), createNodeRuntime());
    const dims = [1, 3, spec.heightPx, spec.widthPx];
    const random = randomStream("narrowed sum", 1);
    const pixels = Array.from({ length: elementCount(dims) }, () => random.normal());
    const picture = tensorOf("float32", dims, pixels);
    const explained = await explainedOn(model, { kind: "box", box: 0 }, picture);
    // The softmax that boxes come from has no rule of relevance.
    const [map] = await lrp(explained.model, picture, { targets: explained.targets });
    expect(map!.data.some((value) => value !== 0)).toBe(true);
  },
);
