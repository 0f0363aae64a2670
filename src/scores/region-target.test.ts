/** @file A class over part of the picture: its score, its gradient, its places, and what is refused. */
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { gradient } from "../attribution/gradient/gradient.ts";
import { lrp } from "../attribution/relevance/lrp.ts";
import { occlusion } from "../attribution/perturbation/occlusion.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { explainedOn } from "./picture-target.ts";
import type { Region } from "./target.ts";

const runtime = createReferenceRuntime();
const random = randomStream("region");
const drawn = (count: number) => Array.from({ length: count }, () => random.normal());

/** Conv 1 to 3, softplus, Conv 3 to 3 as classes at 4 x 4 places of 8 x 8 pixels. */
function segmenter(): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, 8, 8], "float32", ["N", 1, 8, 8]);
  const attributes = { strides: [2, 2], pads: [1, 1, 1, 1] };
  const features = b.op("Softplus", [
    b.op("Conv", [x, b.constant(drawn(27), [3, 1, 3, 3])], attributes),
  ]);
  b.output(b.op("Conv", [features, b.constant(drawn(9), [3, 3, 1, 1])], {}, "classes"));
  return new Model(b.build(), runtime, { kind: "map" });
}

const model = segmenter();
const picture = tensorOf("float32", [1, 1, 8, 8], drawn(64));

/** Values of the network [3, 4, 4]. */
async function classesOf(input: Tensor): Promise<Float32Array> {
  const [row] = await scoreRows(model, input, { targets: [0], values: ["classes"] });
  return row!.values[0]!;
}

const regions: readonly (readonly [string, Region, (p: number) => boolean])[] = [
  ["a box", { kind: "box", left: 0, top: 0, right: 4, bottom: 8 }, (p) => p % 4 < 2],
  ["a pixel", { kind: "pixel", x: 5, y: 2 }, (p) => p === 6],
  [
    "a mask",
    {
      kind: "mask",
      widthPx: 8,
      heightPx: 8,
      inside: Uint8Array.from({ length: 64 }, (_, i) => (i >= 32 ? 1 : 0)),
    },
    (p) => p >= 8,
  ],
];

describe.each(regions)("over %s", (_, region, isInside) => {
  const mean = async (input: Tensor) => {
    const values = await classesOf(input);
    const inside = [...Array(16).keys()].filter(isInside);
    return inside.reduce((sum, p) => sum + values[16 + p]! / inside.length, 0);
  };

  test("the score is the mean of its class there, and the gradient is that of the mean", async () => {
    const explained = await explainedOn(model, { kind: "region", class: 1, region }, picture);
    const [map] = await gradient(explained.model, picture, { targets: explained.targets });
    expect(map!.score).toBeCloseTo(await mean(picture), 5);
    const data = picture.data as Float32Array;
    for (const i of [0, 9, 21, 38, 63]) {
      const moved = (by: number) =>
        mean({ ...picture, data: data.map((v, k) => (k === i ? v + by : v)) });
      const slope = ((await moved(1e-2)) - (await moved(-1e-2))) / 2e-2;
      expect(map!.data[i]).toBeCloseTo(slope, 3);
    }
  });
});

test("where a class is found is fixed by the picture, whatever is hidden", async () => {
  const found = { kind: "region", class: "top", region: { kind: "found" } } as const;
  const explained = await explainedOn(model, found, picture);
  const { inside } = explained.marks!.mask!;
  const hidden = { ...picture, data: new Float32Array(64) };
  const [row] = await scoreRows(explained.model, hidden, { targets: [0] });
  const values = await classesOf(hidden);
  const best = (await classesOf(picture)).reduce<number[]>(
    (areas, _, i, all) => {
      if (i < 16) {
        const own = [0, 1, 2].map((c) => all[c * 16 + i]!);
        areas[own.indexOf(Math.max(...own))]! += 1;
      }
      return areas;
    },
    [0, 0, 0],
  );
  const chosen = best.indexOf(Math.max(...best));
  const places = [...inside.keys()].filter((p) => inside[p] === 1);
  const mean = places.reduce((sum, p) => sum + values[chosen * 16 + p]! / places.length, 0);
  expect(places).toHaveLength(best[chosen]!);
  expect(row!.score).toBeCloseTo(mean, 5);
});

test("methods of every family take it", async () => {
  const target = {
    kind: "region",
    class: 2,
    region: { kind: "box", left: 0, top: 0, right: 8, bottom: 4 },
  } as const;
  const { model: explained } = await explainedOn(model, target, picture);
  const [shared] = await lrp(explained, picture, { targets: [0] });
  const [hidden] = await occlusion(explained, picture, { targets: [0], window: 2, stride: 2 });
  expect(shared!.data.some((value) => value !== 0)).toBe(true);
  expect(hidden!.data.some((value) => value !== 0)).toBe(true);
});

test.each([
  ["class that there is not", { class: 3, region: { kind: "found" } }, /0 to 2, got 3/],
  ["region outside", { class: 0, region: { kind: "pixel", x: 9, y: 0 } }, /must hold a place/],
] as const)("a %s is refused", async (_, asked, message) => {
  await expect(explainedOn(model, { kind: "region", ...asked }, picture)).rejects.toThrow(message);
});
