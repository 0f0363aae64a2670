/** @file Classes over regions of segmenters whose truth is known: what is found, and what maps show. */
import { assert, asyncProperty, boolean, integer, tuple } from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import {
  classOfColour,
  colours,
  isWithin,
  plantedPicture,
  plantedSegmenter,
  type PlantedObject,
  type SegmenterSpec,
} from "../../test/planted-segmenter.ts";
import { gradCam } from "../attribution/cam/grad-cam.ts";
import { gradient } from "../attribution/gradient/gradient.ts";
import { integratedGradients } from "../attribution/gradient/integrated-gradients.ts";
import { occlusion } from "../attribution/perturbation/occlusion.ts";
import { scoreRows } from "../attribution/perturbation/scored-rows.ts";
import type { Tensor } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { meantTarget, type MeaningContext } from "./meant-target.ts";
import { explainedOn } from "./picture-target.ts";
import type { Region, Target } from "./target.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const sidePx = 24;
/** Networks of every end and layout, opened once for all scenes. */
const ends = ["logits", "softmax", "log-softmax", "sigmoid", "arg-max"] as const;
const networks = ends.flatMap((end, i) =>
  (["first", "last"] as const).map((channels, k) => {
    const batch = (i + k) % 2 === 0 ? "open" : "fixed";
    const stride = i % 2 === 0 ? 1 : 2;
    const spec: SegmenterSpec = {
      seed: i,
      sidePx,
      end,
      channels,
      batch,
      stride,
      activation: "Relu",
    };
    // Three sigmoids of a picture's size may be a picture.
    return { spec, model: new Model(plantedSegmenter(spec), runtime, { kind: "map" }) };
  }),
);
const drawn = tuple(integer({ min: 0, max: networks.length - 1 }), integer({ min: 0, max: 1e6 }));

/** Two objects, one in each half. */
function objectsOf(seed: number, isAlike: boolean): readonly [PlantedObject, PlantedObject] {
  const random = randomStream("objects", seed);
  const first = random.below(colours);
  const second = isAlike ? first : (first + 1 + random.below(colours - 1)) % colours;
  const at = (colour: number, from: number): PlantedObject => {
    const [left, top] = [from + random.below(2), random.below(14)];
    return {
      colour,
      left,
      top,
      right: left + 8 + random.below(2),
      bottom: top + 8 + random.below(3),
    };
  };
  return [at(first, 0), at(second, 13)];
}

async function explainedIn(
  model: Model,
  target: Target,
  picture: Tensor,
  context: MeaningContext = {},
) {
  return explainedOn(model, await meantTarget(model, target, picture.dims, context), picture);
}

const ofClass = (chosen: number | "top"): Target => ({ kind: "class", class: chosen });

/** The place of the largest number of a map [..., height, width], as a pixel of the picture. */
function peak(data: Float32Array, [height, width]: readonly [number, number]): number {
  const places = new Float64Array(height * width);
  for (const [i, value] of data.entries()) places[i % places.length]! += value;
  const at = places.reduce((best, value, i) => (value > places[best]! ? i : best), 0);
  const pixel = (place: number, count: number) => Math.floor(((place + 0.5) * sidePx) / count);
  return pixel(Math.floor(at / width), height) * sidePx + pixel(at % width, width);
}

describe("of two planted objects", () => {
  test("the maps of each class peak on its own, in at least 95 % of 200 scenes", async () => {
    const hits = { gradCam: 0, gradient: 0, occlusion: 0 };
    let scenes = 0;
    await assert(
      asyncProperty(drawn, async ([at, seed]) => {
        const { spec, model: opened } = networks[at]!;
        const objects = objectsOf(seed, false);
        const picture = plantedPicture(seed, sidePx, objects);
        const object = objects[seed % 2]!;
        const chosen = classOfColour(object.colour, spec);
        const { model: explained, marks } = await explainedIn(opened, ofClass(chosen), picture);
        expect(marks!.region).toMatchObject({ class: chosen, where: "found" });
        const { inside, widthPx } = marks!.mask!;
        const step = sidePx / widthPx;
        for (const [p, one] of inside.entries()) {
          const pixel = Math.floor(p / widthPx) * step * sidePx + (p % widthPx) * step;
          if (one === 1) expect(isWithin(object, pixel, sidePx, 4)).toBe(true);
        }
        const asked = { targets: [0] };
        const [cam] = await gradCam(explained, picture, { ...asked, layer: "deep" });
        const [slope] = await gradient(explained, picture, asked);
        const product = slope!.data.map((value, i) => value * (picture.data as Float32Array)[i]!);
        scenes += 1;
        const isHit = (pixel: number, margin: number) =>
          Number(isWithin(object, pixel, sidePx, margin));
        hits.gradCam += isHit(peak(cam!.data, [sidePx / 4, sidePx / 4]), 2);
        hits.gradient += isHit(peak(product, [sidePx, sidePx]), 0);
        // It takes the time of all the others.
        if (scenes % 5 > 0) return;
        const [hidden] = await occlusion(explained, picture, { ...asked, window: 6, stride: 3 });
        const dims = hidden!.dims.slice(-2) as [number, number];
        hits.occlusion += 5 * isHit(peak(hidden!.data, dims), 1);
      }),
      { numRuns: 200 },
    );
    for (const [method, count] of Object.entries(hits)) {
      expect(count / scenes, method).toBeGreaterThanOrEqual(0.95);
    }
  });

  test("of one class, each is explained in a box around it alone", async () => {
    await assert(
      asyncProperty(drawn, boolean(), async ([at, seed], isFirst) => {
        const { spec, model } = networks[at]!;
        const objects = objectsOf(seed, true);
        const object = objects[isFirst ? 0 : 1];
        const picture = plantedPicture(seed, sidePx, objects);
        const region: Region = { kind: "box", ...object };
        const explained = await explainedIn(model, ofClass("top"), picture, { region });
        expect(explained.marks!.region!.class).toBe(classOfColour(object.colour, spec));
        const [map] = await gradient(explained.model, picture, { targets: [0] });
        for (const [i, value] of map!.data.entries()) {
          if (value !== 0) expect(isWithin(object, i % sidePx ** 2, sidePx, 6)).toBe(true);
        }
      }),
      { numRuns: 20 },
    );
  });

  test("Integrated Gradients add up to the difference at the places that were found", async () => {
    await assert(
      asyncProperty(drawn, async ([at, seed]) => {
        const { model: opened } = networks[at]!;
        const objects = objectsOf(seed, false);
        const picture = plantedPicture(seed, sidePx, objects);
        const { model } = await explainedIn(opened, ofClass("top"), picture);
        const [map] = await integratedGradients(model, picture, { targets: [0], tolerance: 1e-3 });
        const black = { ...picture, data: new Float32Array(picture.data.length) };
        const [full] = await scoreRows(model, picture, { targets: [0] });
        const [none] = await scoreRows(model, black, { targets: [0] });
        const sum = map!.data.reduce((total, value) => total + value, 0);
        const difference = full!.score - none!.score;
        expect(Math.abs(difference)).toBeGreaterThan(0.5);
        expect(Math.abs(sum - difference)).toBeLessThan(2e-3 * Math.abs(difference));
        expect(map!.warnings).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });
});
