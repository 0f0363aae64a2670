/** @file Golden pictures of the sheets that explain predictions. */
import { test } from "vitest";
import { attributionSheet } from "../../src/app/attribute/sheet.ts";
import type {
  AttributionFigure,
  AttributionSection,
  ComparedResult,
} from "../../src/app/attribute/figure.ts";
import type { Heatmap, MapWarning } from "../../src/attribution/heatmap.ts";
import { tensor } from "../../src/graph/tensor.ts";
import type { Plane } from "../../src/image/picture.ts";
import { crop } from "../../src/image/raster.ts";
import { commandWords } from "../../src/wording/face.ts";
import { expectGolden } from "../golden-picture.ts";
import { drawn, hills, scene } from "./inputs.ts";

const layer = "inception_5b/output";

function mapOf(method: string, map: Plane, more: Partial<Heatmap> = {}): Heatmap {
  return {
    data: map.data,
    dims: [map.heightPx, map.widthPx],
    method,
    layer,
    unit: "weighted activation",
    target: 20,
    score: 20.5,
    scoreName: "logit",
    logit: 20.5,
    probability: 0.9995,
    warnings: [],
    ...more,
  };
}

const positive = (method: string, more: Partial<Heatmap> = {}): ComparedResult => ({
  method,
  map: mapOf(method, hills(7, 6, false), more),
});

/** A map of three channels of pixels, which the sheet shows by the number farthest from 0. */
function pixelMap(method: string, widthPx: number, heightPx: number): ComparedResult {
  const { data } = hills(widthPx, heightPx, true);
  const waves = data.map((value, i) => value * Math.cos(i * 1.7));
  const all = Float32Array.from({ length: 3 * data.length }, (_, i) => {
    return waves[i % data.length]! * (1 + Math.floor(i / data.length) / 3);
  });
  const map = { data: all, dims: [3, heightPx, widthPx], layer: "data", unit: "d logit / d pixel" };
  return { method, map: mapOf(method, hills(1, 1, false), map) };
}

const heading = "water ouzel, dipper";
const note = "class 20  ·  probability 0.9995  ·  logit 20.5";

function figureOf(
  results: readonly ComparedResult[],
  more: Partial<AttributionFigure> = {},
): AttributionFigure {
  return {
    title: "ouzel.jpg",
    modelName: "googlenet-12.onnx",
    inputName: "data",
    seen: scene(32, 28),
    input: tensor("float32", [1, 3, 28, 32], new Float32Array(3 * 28 * 32)),
    sections: [{ row: 0, heading, note, results }],
    words: commandWords,
    ...more,
  };
}

test("one method, whose map has other proportions than the photo", async () => {
  await expectGolden(
    "attribute-one-method",
    drawn(attributionSheet(figureOf([positive("grad-cam")]))),
  );
});

test("one method for several classes, with negative numbers, a note and a heading that is too long", async () => {
  const message = "the network is sure: the gradient of a logit says little here";
  const warnings: readonly MapWarning[] = [{ cause: "saturated", message }];
  const map = mapOf("hires-cam", hills(14, 12, true), { warnings });
  const sections = [
    { row: 0, heading, note, results: [{ method: "hires-cam", map }] },
    {
      row: 0,
      heading:
        "Дрозд, Κότσυφας, Fässchen und ein Name, der über die ganze Breite des Bogens nicht passt, so lang ist er",
      note: "class 16  ·  probability 1.2e−5  ·  logit −3.25",
      results: [positive("hires-cam")],
    },
  ];
  await expectGolden(
    "attribute-several-classes",
    drawn(attributionSheet(figureOf([], { sections }))),
  );
});

test("a map of pixels, with few numbers beyond the ends of its bar", async () => {
  const figure = figureOf([pixelMap("gradient", 72, 72)], { seen: scene(72) });
  await expectGolden("attribute-pixels", drawn(attributionSheet(figure)));
});

/** A photo of which the network sees the middle, light or dark. */
function cutFrom(brightness: number): Pick<AttributionFigure, "seen" | "cut"> {
  const photo = scene(48, 34);
  const data = photo.data.map((value) => Math.min(Math.round(value * brightness), 255));
  const [whole, part] = [
    { ...photo, data },
    { left: 10, top: 3, widthPx: 28, heightPx: 28 },
  ];
  return { seen: crop(whole, part), cut: { whole, part } };
}

test("one method on the part of a light photo that the crop leaves", async () => {
  const figure = figureOf([positive("grad-cam")], cutFrom(2.5));
  await expectGolden("attribute-cut-one-method", drawn(attributionSheet(figure)));
});

test("maps of layers and pixels, and one that failed, on the part of a dark photo that the crop leaves", async () => {
  const results: readonly ComparedResult[] = [
    positive("grad-cam"),
    pixelMap("gradient", 28, 28),
    { method: "deconvolution", layer: undefined, failure: "there is no ReLU." },
  ];
  const figure = figureOf(results, cutFrom(0.3));
  await expectGolden("attribute-cut-compared", drawn(attributionSheet(figure)));
});

test("six methods and the photo: four and three", async () => {
  const results = [
    positive("grad-cam"),
    positive("layer-cam"),
    { method: "hires-cam", map: mapOf("hires-cam", hills(14, 12, true)) },
    pixelMap("gradient", 32, 28),
    positive("score-cam"),
    pixelMap("input-x-gradient", 32, 28),
  ];
  await expectGolden("attribute-six-methods", drawn(attributionSheet(figureOf(results))));
});

test("two methods on three layers", async () => {
  const results = ["grad-cam", "layer-cam"].flatMap((method) =>
    [28, 14, 7].map((side, i): ComparedResult => {
      const map = mapOf(method, hills(side, side, false), { layer: `inception_${3 + i}b/output` });
      return { method, map };
    }),
  );
  await expectGolden("attribute-layers", drawn(attributionSheet(figureOf(results))));
});

test("maps that failed or are blank stand beside those that did not", async () => {
  const blank = {
    cause: "all-zero",
    message: "the map is 0 everywhere: nothing here changes the score. try another layer",
  } as const;
  const zeros = new Float32Array(42);
  const results: readonly ComparedResult[] = [
    positive("grad-cam"),
    positive("hires-cam", { data: zeros, warnings: [blank] }),
    {
      method: "deconvolution",
      layer: undefined,
      failure: "deconvolution: the network must have a ReLU, got none. choose gradient.",
    },
  ];
  await expectGolden("attribute-failed-maps", drawn(attributionSheet(figureOf(results))));
});

test("rows of a tensor, grey, instead of a photo", async () => {
  const rows = [0, 2].map((turn) => hills(16, 16, true, turn));
  const data = Float32Array.from(rows.flatMap((row) => [...row.data]));
  const sections = rows.map((_, i) => ({
    row: i,
    heading: `row ${i}: class ${i + 3}`,
    note: "probability 0.8214  ·  logit 4.2",
    results: [
      { method: "occlusion", map: mapOf("occlusion", hills(8, 8, true, 2 * i)) },
      { method: "grad-cam", map: mapOf("grad-cam", hills(4, 4, false, 2 * i)) },
    ],
  }));
  const input = tensor("float32", [2, 1, 16, 16], data);
  const figure = figureOf([], { title: "digits.npy", seen: undefined, input, sections });
  await expectGolden("attribute-tensor", drawn(attributionSheet(figure)));
});

/** Five boxes in shares of the picture; the explained ones by their numbers. */
function boxes(explained: readonly number[]): NonNullable<AttributionSection["boxes"]> {
  const sides = [
    [0.18, 0.2, 0.62, 0.7, "ball", 0],
    [0.02, 0.55, 0.3, 1.05, "dog", 1],
    [0.6, 0.4, 0.9, 0.75, "dog", 1],
    [0.7, -0.05, 0.98, 0.2, "a kite with a name that is long", 2],
    [0.66, 0.48, 0.7, 0.54, "dog", 1],
  ] as const;
  return sides.map(([left, top, right, bottom, name, named], i) => ({
    left,
    top,
    right,
    bottom,
    name,
    class: named,
    score: (0.93 - 0.1 * i).toFixed(2),
    isExplained: explained.includes(i),
  }));
}

const fused = {
  layer: "neck/P3 + neck/P4 + neck/P5",
  layers: ["neck/P3", "neck/P4", "neck/P5"],
} as const;

test("five boxes of a detector, one of them explained", async () => {
  const results = [positive("layer-cam", fused)];
  const section = {
    row: 0,
    heading: "the best box",
    note: "logit 3.2",
    results,
    boxes: boxes([0]),
  };
  await expectGolden(
    "attribute-one-box",
    drawn(attributionSheet(figureOf([], { seen: scene(64, 56), sections: [section] }))),
  );
});

test("all boxes of a class, by maps of several methods, on the part of a photo that the crop leaves", async () => {
  const results = [positive("layer-cam", fused), positive("d-rise"), pixelMap("gradient", 28, 28)];
  const section = {
    row: 0,
    heading: "all boxes of dog",
    note: "sum of logits 7.1",
    results,
    boxes: boxes([1, 2, 4]),
  };
  const figure = figureOf([], { ...cutFrom(1.4), sections: [section] });
  await expectGolden("attribute-boxes-of-a-class", drawn(attributionSheet(figure)));
});
