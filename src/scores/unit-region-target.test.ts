/** @file A layer's channel over part of the picture: its score, its gradient, its places wherever they lie, and refusals. */
import { assert, asyncProperty, integer, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { gradient } from "../attribution/gradient/gradient.ts";
import { gradCam } from "../attribution/cam/grad-cam.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import { LimpidError } from "../errors.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensorOf, type Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { meantTarget } from "./meant-target.ts";
import { explainedOn } from "./picture-target.ts";
import type { NamedRegion, UnitTarget } from "./target.ts";

const runtime = createReferenceRuntime();
const random = randomStream("unit-region");
const drawn = (count: number) => Array.from({ length: count }, () => random.normal());
const side = 9;
const picture = tensorOf("float32", [1, 1, side, side], drawn(side * side));

/** Conv 1 to 3 with a padding, softplus, Conv 3 to 4, mean, dense: a classifier of 9 x 9 pixels. */
function classifier(padding: number): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, side, side], "float32", ["N", 1, side, side]);
  const pads = [padding, padding, padding, padding];
  const conv = b.op("Conv", [x, b.constant(drawn(27), [3, 1, 3, 3])], { pads }, "first");
  const features = b.op("Softplus", [conv], {}, "features");
  const deep = b.op("Conv", [features, b.constant(drawn(12), [4, 3, 1, 1])], {}, "deep");
  const pooled = b.op("Flatten", [b.op("GlobalAveragePool", [deep])], { axis: 1 }, "pooled");
  b.output(b.op("MatMul", [pooled, b.constant(drawn(20), [4, 5])], {}, "logits"));
  return new Model(b.build(), runtime, { kind: "classes" });
}

const padded = classifier(1);
const valid = classifier(0);
const unit: UnitTarget = { kind: "unit", layer: "features", channel: 1 };

/** Values of a layer [C, H, W]. */
async function valuesOf(model: Model, layer: string, input: Tensor): Promise<Float32Array> {
  const [row] = await scoreRows(model, input, { targets: [0], values: [layer] });
  return row!.values[0]!;
}

const mask = (inside: Uint8Array): NamedRegion => ({
  kind: "mask",
  widthPx: side,
  heightPx: side,
  inside,
});

async function explained(model: Model, region: NamedRegion, of: UnitTarget = unit) {
  return explainedOn(model, { kind: "unit-region", of, region }, picture);
}

async function refusal(made: Promise<unknown>): Promise<string> {
  const error: unknown = await made.catch((thrown: unknown) => thrown);
  if (error instanceof LimpidError) return error.message;
  throw new Error("nothing was refused");
}

describe("a channel over brushed places", () => {
  const pixels = uint8Array({
    min: 0,
    max: 1,
    minLength: side * side,
    maxLength: side * side,
  }).filter((each) => each.includes(1));

  test("is its mean over the places that lie on the brushed pixels", async () => {
    await assert(
      asyncProperty(pixels, integer({ min: 0, max: 2 }), async (inside, channel) => {
        const values = await valuesOf(padded, "features", picture);
        const places = [...inside.keys()].filter((p) => inside[p] === 1);
        const mean = places.reduce(
          (sum, p) => sum + values[channel * side * side + p]! / places.length,
          0,
        );
        const { model, marks } = await explained(padded, mask(inside), { ...unit, channel });
        const [row] = await scoreRows(model, picture, { targets: [0] });
        expect(row!.score).toBeCloseTo(mean, 4);
        expect(marks!.mask!.inside).toEqual(inside);
        expect(marks!.region!.share).toBeCloseTo(places.length / inside.length, 9);
      }),
      { numRuns: 30 },
    );
  });

  test("has the gradient of that mean", async () => {
    const inside = Uint8Array.from({ length: side * side }, (_, p) => (p % 9 < 4 ? 1 : 0));
    const { model, targets } = await explained(padded, mask(inside));
    const [map] = await gradient(model, picture, { targets });
    const data = picture.data as Float32Array;
    const mean = async (input: Tensor) => {
      const values = await valuesOf(padded, "features", input);
      const places = [...inside.keys()].filter((p) => inside[p] === 1);
      return places.reduce((sum, p) => sum + values[side * side + p]! / places.length, 0);
    };
    for (const i of [0, 13, 40, 44]) {
      const moved = (by: number) =>
        mean({ ...picture, data: data.map((v, k) => (k === i ? v + by : v)) });
      const slope = ((await moved(1e-2)) - (await moved(-1e-2))) / 2e-2;
      expect(map!.data[i]).toBeCloseTo(slope, 3);
    }
  });

  test("of a layer without padding its places are those around the brushed middle", async () => {
    // Its 7 x 7 places look from the second to the last but one pixel of each side.
    const inside = new Uint8Array(side * side);
    for (const p of [3 * 9 + 2, 3 * 9 + 3]) inside[p] = 1;
    const { model, marks } = await explained(valid, mask(inside));
    const values = await valuesOf(valid, "features", picture);
    const own = [2 * 7 + 1, 2 * 7 + 2].map((p) => values[49 + p]!);
    const [row] = await scoreRows(model, picture, { targets: [0] });
    expect(row!.score).toBeCloseTo((own[0]! + own[1]!) / 2, 5);
    expect(marks!.mask!.inside).toEqual(inside);
    // The border that no place looks from.
    const border = new Uint8Array(side * side).fill(1, 0, 9);
    expect(await refusal(explained(valid, mask(border)))).toMatch(/7 x 7 of layer "features"/);
  });

  test("a direction, a box and a pixel are taken as well, and maps of layers lie before it", async () => {
    const vector = [0.5, -1, 2];
    const of = { kind: "direction", layer: "features", vector } as const;
    const region = { kind: "pixel", x: 4, y: 2 } as const;
    const { model } = await explainedOn(padded, { kind: "unit-region", of, region }, picture);
    const values = await valuesOf(padded, "features", picture);
    const wanted = vector.reduce((sum, w, c) => sum + w * values[c * 81 + 2 * 9 + 4]!, 0);
    const [row] = await scoreRows(model, picture, { targets: [0] });
    expect(row!.score).toBeCloseTo(wanted, 4);
    const box = { kind: "box", left: 0, top: 0, right: 5, bottom: 9 } as const;
    const deep = await explained(padded, box, { kind: "unit", layer: "deep", channel: 2 });
    const [map] = await gradCam(deep.model, picture, { targets: [0] });
    expect(map!.layer).toBe("features");
  });
});

test("a unit in a named part is meant as such; of a class it is said what to name instead", async () => {
  const region = { kind: "box", left: 0, top: 0, right: 4, bottom: 4 } as const;
  const meant = (asked: Parameters<typeof meantTarget>[1]) =>
    meantTarget(padded, asked, picture.dims, { region });
  expect(await meant(unit)).toEqual({ kind: "unit-region", of: unit, region });
  expect(await refusal(meant({ kind: "class", class: 1 }))).toMatch(
    /numbers at every place.*LAYER:CHANNEL/,
  );
  expect(await refusal(meant({ ...unit, place: [1, 2] }))).toMatch(/unit without a place.*1x2/);
});

test.each([
  ["layer without places", { ...unit, layer: "pooled" }, /rows and columns/],
  ["channel that there is not", { ...unit, channel: 3 }, /0 to 2 on axis 1, got 3/],
] as const)("a %s is refused", async (_, of, message) => {
  const whole = mask(new Uint8Array(side * side).fill(1));
  expect(await refusal(explained(padded, whole, of))).toMatch(message);
});
