import { afterAll, describe, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor } from "../graph/tensor.ts";
import { preprocessings } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { alikenessOf } from "./alikeness.ts";
import { maximizeUnits, unitBatches } from "./maximize-units.ts";
import { presets } from "./presets.ts";
import type { Goal } from "./unit-objective.ts";
import { visualized } from "./visualized-network.ts";
import type { Unit } from "./units.ts";

const channels = (layer: string, count: number): readonly Unit[] =>
  Array.from({ length: count }, (_, channel) => ({ layer, channel }));

const sizes = (units: readonly Unit[], together: number, apart?: string, areGrouped = false) =>
  unitBatches(units, {
    goalOf: () => ({
      negative: false,
      oneUnit: false,
      classScore: "evidence",
      ...(apart === undefined ? {} : { apart, areGrouped }),
    }),
    togetherOf: () => together,
  }).map((batch) => batch.length);

test("a batch is of one layer, and has room for so many", () => {
  expect(sizes([...channels("a", 5), ...channels("b", 2)], 4)).toEqual([4, 1, 2]);
});

test("a batch is of objectives that differ in numbers only", () => {
  const units: readonly Unit[] = [
    { layer: "a", channel: 0 },
    { layer: "a", vector: [1, 2] },
    { layer: "a", plus: [0], minus: [1] },
    { layer: "a", channel: 1, place: [0, 0] },
    { layer: "a", vector: [1, 2], place: [0, 1] },
    { layer: "a", channel: 1, class: 1 },
    { layer: "a", channel: 2 },
  ];
  expect(sizes(units, 64)).toEqual([3, 2, 1, 1]);
});

test("the facets of a unit stay together, alone", () => {
  const units = channels("a", 2).flatMap((unit) => [0, 1, 2].map((facet) => ({ ...unit, facet })));
  expect(sizes(units, 64, "a")).toEqual([3, 3]);
  expect(sizes(units, 64, "a", true)).toEqual([6]);
  expect(sizes([...units, ...units], 9, "a", true)).toEqual([9, 3]);
});

describe("three pictures of each of several units", () => {
  const runtime = createNodeRuntime();
  afterAll(() => runtime.release());
  const size = { channels: 3, heightPx: 24, widthPx: 24 } as const;
  /** Stripes of eight directions (`features` 0 to 7); unit 8 answers to any of the even ones, unit 9 to any of the odd ones. */
  const network = () => {
    const b = new GraphBuilder();
    const x = b.input("x", [1, 3, 24, 24], "float32", ["N", 3, "H", "W"]);
    const stripes = Array.from({ length: 8 * 3 * 25 }, (_, i) => {
      const [angle, y, x] = [
        (Math.PI * Math.floor(i / 75)) / 8,
        Math.floor((i % 25) / 5) - 2,
        (i % 5) - 2,
      ];
      return Math.sin(1.6 * (x * Math.cos(angle) + y * Math.sin(angle)));
    });
    const seen = b.op("Relu", [b.op("Conv", [x, b.constant(stripes, [8, 3, 5, 5])])], {}, "seen");
    const either = Array.from({ length: 16 }, (_, i) => (i % 2 === Math.floor(i / 8) ? 1 : 0));
    const any = b.op("Conv", [seen, b.constant(either, [2, 8, 1, 1])]);
    const features = b.op("Concat", [seen, any], { axis: 1 }, "features");
    b.output(b.op("Flatten", [b.op("GlobalAveragePool", [features])], {}, "logits"));
    return new Model({ ...b.build(), shapes: new Map() }, runtime);
  };
  const model = network();
  const facets = (channel: number): readonly Unit[] =>
    [0, 1, 2].map((facet) => ({ layer: "features", channel, facet }));

  async function madeOf(units: readonly Unit[], goal: Partial<Goal>) {
    const batches = maximizeUnits(visualized(model, preprocessings.unit), units, {
      preset: { ...presets.natural, steps: 32 },
      size,
      seed: 0,
      goalOf: () => ({ negative: false, oneUnit: false, ...goal }),
      togetherOf: () => units.length,
    });
    const made = [];
    for await (const batch of batches) for (const unit of batch.made) made.push(unit);
    return made;
  }

  const dot = (one: Float32Array, other: Float32Array) =>
    one.reduce((sum, x, i) => sum + x * other[i]!, 0);

  /** Mean cosine between the Gram matrices of a unit's pictures at the layer. */
  async function alike(inputs: readonly Float32Array[]): Promise<number> {
    const graph = await model.maps(["seen"], [1, 3, 24, 24]);
    const grams = [];
    for (const input of inputs) {
      const fed = { x: tensor("float32", [1, 3, 24, 24], input) };
      const { data, dims } = (await runtime.run(graph, fed))["seen"]!;
      const places = dims[2]! * dims[3]!;
      const row = (c: number) => (data as Float32Array).slice(c * places, (c + 1) * places);
      grams.push(
        Float32Array.from({ length: 64 }, (_, i) => dot(row(Math.floor(i / 8)), row(i % 8))),
      );
    }
    const cosine = (a: Float32Array, c: Float32Array) =>
      dot(a, c) / Math.sqrt(dot(a, a) * dot(c, c));
    const [one, two, three] = grams as [Float32Array, Float32Array, Float32Array];
    return (cosine(one, two) + cosine(one, three) + cosine(two, three)) / 3;
  }

  test("are less alike than three from three noises, and as if the unit were alone", async () => {
    const apart = { apart: "seen", areGrouped: true } as const;
    const units = [8, 9].flatMap(facets);
    const [differing, usual] = [await madeOf(units, apart), await madeOf(units, {})];
    for (const place of [0, 3]) {
      const inputsOf = (made: typeof usual) =>
        made.slice(place, place + 3).map(({ input }) => input);
      const [kept, free] = [await alike(inputsOf(differing)), await alike(inputsOf(usual))];
      expect(kept).toBeLessThan(free - 0.02);
      for (const [made, own] of [
        [differing, kept],
        [usual, free],
      ] as const) {
        const told = await alikenessOf(
          visualized(model, preprocessings.unit),
          made.map(({ input }, i) => ({ input, unit: Math.floor(i / 3) })),
          "seen",
          size,
        );
        const mean = told.slice(place, place + 3).reduce((sum, each) => sum + each / 3, 0);
        expect(mean).toBeCloseTo(own, 4);
      }
    }
    for (const { activation, start } of differing) expect(activation).toBeGreaterThan(start);
    // Noise is drawn by the place in the batch, so that the first unit's is the same.
    const alone = await madeOf(facets(8), { apart: "seen" });
    for (const [i, { activation }] of alone.entries())
      expect(differing[i]!.activation / activation).toBeCloseTo(1, 2);
  });
});
