/** @file Gradients of classes over regions by differences in float64, and Seg-Grad-CAM by the paper's formula. */
import { expect, test } from "vitest";
import {
  plantedPicture,
  plantedSegmenter,
  type SegmenterSpec,
} from "../../test/planted-segmenter.ts";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { gradCam } from "../attribution/cam/grad-cam.ts";
import { gradient } from "../attribution/gradient/gradient.ts";
import { cut } from "../graph/edit.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import type { HeadKind } from "../network/head-kind.ts";
import { Model } from "../network/model.ts";
import { meantTarget, type MeaningContext } from "./meant-target.ts";
import { explainedOn } from "./picture-target.ts";
import type { Region, Target } from "./target.ts";

const exact = createReferenceRuntime({ outputs: "float64" });
const ofClass = (chosen: number | "top"): Target => ({ kind: "class", class: chosen });

async function explainedIn(model: Model, target: Target, context: MeaningContext = {}) {
  return explainedOn(model, await meantTarget(model, target, scene.dims, context), scene);
}

const smooth: SegmenterSpec = {
  seed: 5,
  sidePx: 16,
  end: "softmax",
  channels: "first",
  batch: "open",
  stride: 2,
  activation: "Softplus",
};
const object = { colour: 1, left: 3, top: 4, right: 11, bottom: 13 };
const scene = plantedPicture(7, 16, [object]);

/** A target's score and values in float64. */
async function valuesIn64(model: Model, data: Float64Array, names: readonly string[]) {
  const traced = await model.at(scene.dims);
  const graph = cut(traced, { outputs: names });
  const feeds = { [model.input.name]: tensor("float64", scene.dims, data), ...model.held };
  const results = await exact.run(graph, feeds);
  return names.map((name) => results[name]!);
}

const box: Region = { kind: "box", left: 2, top: 2, right: 10, bottom: 8 };
const asked: readonly (readonly [string, Target, MeaningContext, SegmenterSpec, HeadKind])[] = [
  ["where a class is found", ofClass(2), {}, smooth, "map"],
  ["in a box", ofClass(1), { region: box }, smooth, "map"],
  ["at a pixel", ofClass("top"), { region: { kind: "pixel", x: 5, y: 9 } }, smooth, "map"],
  [
    "of one class against another",
    { kind: "combination", plus: [2], minus: [0] },
    {},
    smooth,
    "map",
  ],
  ["of one class and another", { kind: "combination", plus: [2, 3], minus: [] }, {}, smooth, "map"],
  ["channels last", ofClass(2), {}, { ...smooth, channels: "last", end: "log-softmax" }, "map"],
  ["before an ArgMax", ofClass(2), {}, { ...smooth, channels: "last", end: "arg-max" }, "map"],
  ["of answers of their own", ofClass(1), {}, { ...smooth, end: "sigmoid" }, "map"],
  ["of the highest values", ofClass(1), {}, { ...smooth, end: "logits" }, "value-map"],
  ["of values in a box", ofClass(1), { region: box }, { ...smooth, end: "logits" }, "value-map"],
];

test.each(asked)(
  "the gradient %s is that of differences",
  async (_, target, context, spec, kind) => {
    const reference = createReferenceRuntime();
    const model = new Model(plantedSegmenter(spec), reference, { kind });
    const explained = await explainedIn(model, target, context);
    const [map] = await gradient(explained.model, scene, { targets: [0] });
    const values = Float64Array.from(scene.data as Float32Array);
    const scoreAt = async (i: number, by: number) => {
      const data = values.map((value, k) => (k === i ? value + by : value));
      const [score] = await valuesIn64(explained.model, data, [explained.model.explained]);
      return toNumbers(score!)[0]!;
    };
    const most = map!.data.reduce((so, value) => Math.max(so, Math.abs(value)), 0);
    const telling = [...map!.data.keys()].filter((i) => Math.abs(map!.data[i]!) > most / 3);
    for (const i of [0, 100, ...telling.slice(0, 4)]) {
      const step = 1e-3;
      const near = (await scoreAt(i, step)) - (await scoreAt(i, -step));
      const far = (await scoreAt(i, 2 * step)) - (await scoreAt(i, -2 * step));
      expect(Math.abs(map!.data[i]! - (8 * near - far) / (12 * step))).toBeLessThan(1e-6);
    }
  },
);

test("Seg-Grad-CAM is the paper's formula: means of slopes of the sum over the places, times the maps", async () => {
  const model = new Model(plantedSegmenter(smooth), createReferenceRuntime());
  const explained = await explainedIn(model, ofClass(2));
  const { inside } = explained.marks!.mask!;
  const [map] = await gradCam(explained.model, scene, { targets: [0], layer: "deep" });
  const traced = await model.whole(scene.dims);
  const picture = {
    x: tensor("float64", scene.dims, Float64Array.from(scene.data as Float32Array)),
  };
  const maps = await exact.run(cut(traced, { outputs: ["deep", "second"] }), picture);
  const behind = cut(traced, { inputs: ["deep", "second"], outputs: ["scores"] });
  const deep = Float64Array.from(toNumbers(maps["deep"]!));
  const score = async (data: Float64Array) => {
    const feeds = { ...maps, deep: tensor("float64", maps["deep"]!.dims, data) };
    const scores = toNumbers((await exact.run(behind, feeds))["scores"]!);
    const count = inside.reduce((sum, one) => sum + one, 0);
    return inside.reduce((sum, one, p) => sum + (one * scores[2 * inside.length + p]!) / count, 0);
  };
  const [, channels, height, width] = maps["deep"]!.dims as [number, number, number, number];
  const places = height * width;
  const expected = new Float64Array(places);
  for (let k = 0; k < channels; k++) {
    // All of a channel moves at once: the sum of its slopes.
    const moved = (by: number) =>
      score(deep.map((value, i) => (Math.floor(i / places) === k ? value + by : value)));
    const near = (await moved(1e-3)) - (await moved(-1e-3));
    const far = (await moved(2e-3)) - (await moved(-2e-3));
    const weight = (8 * near - far) / 12e-3 / places;
    for (let p = 0; p < places; p++) expected[p]! += weight * deep[k * places + p]!;
  }
  expect(map!.data).toBeAllclose(
    Float32Array.from(expected, (value) => Math.max(value, 0)),
    {
      rtol: 1e-6,
      atol: 1e-7,
    },
  );
});
