/** @file Golden pictures of the sheets of maximised pictures. */
import { test } from "vitest";
import { drawMaximizeSheet, type SheetSource } from "../../src/app/maximize/sheet.ts";
import type { UnitResult } from "../../src/app/maximize/schema.ts";
import { preprocessings } from "../../src/image/preprocess.ts";
import { presets } from "../../src/optvis/presets.ts";
import type { Recipe } from "../../src/optvis/recipe.ts";
import type { Unit } from "../../src/optvis/units.ts";
import { expectGolden } from "../golden-picture.ts";
import { drawnBy, scene } from "./inputs.ts";

const recipe: Recipe = {
  recipe: "limpid maximize",
  versions: {},
  runtime: "cpu",
  model: { file: "models/googlenet-12.onnx", sha256: "0" },
  preprocessing: preprocessings.torchvision,
  preset: "natural",
  settings: presets.natural,
  size: { channels: 3, heightPx: 128, widthPx: 128 },
  seed: 0,
  negative: false,
  apart: null,
  animate: false,
  batches: {},
  units: [],
};

const layer = "inception_4a/output";
const sidePx = 32;

/** The sheet of some units of a layer, each with its own picture. */
function sheetOf(units: readonly Unit[], labels?: readonly string[]) {
  const results = units.map((unit, i): UnitResult => {
    const activation = 12.3456 * 1.2 ** i - 14;
    return { ...unit, start: 0.1, activation, picture: `${i}.png`, tensor: `${i}.npy` };
  });
  const folder: SheetSource = { path: "out", recipe, results, sheetPath: () => "sheet.png" };
  const pictures = Object.fromEntries(
    units.map((_, i) => [`out/${i}.png`, scene(sidePx, sidePx, i)]),
  );
  return drawnBy((platform) => drawMaximizeSheet(platform, folder, layer, labels), pictures);
}

test("two neurons of a channel", async () => {
  const units = [
    [3, 4],
    [10, 0],
  ].map((place) => ({ layer, channel: 412, place }));
  await expectGolden("maximize-neurons", await sheetOf(units));
});

test("eleven channels of a layer: six and five", async () => {
  const units = Array.from({ length: 11 }, (_, channel) => ({ layer, channel: 40 * channel }));
  await expectGolden("maximize-channels", await sheetOf(units));
});

test("classes with their names, of one of them three pictures that differ", async () => {
  const units = [0, 1, 2].map((facet) => ({ layer, channel: 1, class: 1, facet }));
  const labels = ["tench", "goldfish", "great white shark, white shark, man-eater"];
  const all = [...units, { layer, channel: 2, class: 2 }];
  await expectGolden("maximize-classes", await sheetOf(all, labels));
});

test("what speaks for one class and against another", async () => {
  const units = [{ layer, plus: [0], minus: [1] }];
  await expectGolden("maximize-difference", await sheetOf(units, ["tench", "goldfish"]));
});
