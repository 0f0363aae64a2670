import { describe, expect, test } from "vitest";
import { preprocessings } from "../image/preprocess.ts";
import { presets } from "./presets.ts";
import { formatRecipe, parseRecipe, recipeDifference, type Recipe } from "./recipe.ts";

const recipe: Recipe = {
  recipe: "limpid maximize",
  versions: { limpid: "0.1.0" },
  runtime: "cpu",
  model: { file: "model.onnx", sha256: "00ff" },
  preprocessing: preprocessings.unit,
  preset: "natural",
  settings: presets.natural,
  size: { channels: 3, heightPx: 8, widthPx: 8 },
  seed: 0,
  negative: false,
  apart: null,
  animate: false,
  batches: { conv: 2 },
  units: [
    { layer: "conv", channel: 3 },
    { layer: "conv", channel: 3, place: [1, 2] },
    { layer: "logits", channel: 0, class: 1, facet: 0 },
    { layer: "logits", plus: [1], minus: [0, 2] },
    { layer: "conv", vector: [0.5, -1] },
    { layer: "conv" },
  ],
};

test.each(Object.entries(presets))(
  "a recipe of preset %s is read as it was written",
  (preset, settings) => {
    const objective = [{ name: "caricature", weight: -0.5, options: { photo: "cat.jpg" } }];
    const photos = { "cat.jpg": "ab" };
    const text = formatRecipe({ ...recipe, preset, settings });
    expect(formatRecipe(parseRecipe(text, "recipe.json"))).toBe(text);
    const more = { ...recipe, preset, settings, objective, photos };
    expect(parseRecipe(formatRecipe(more), "recipe.json")).toEqual(more);
  },
);

describe("a recipe that is none", () => {
  const { seed: _, ...withoutSeed } = recipe;
  const fourier = presets.natural.parameterization;

  test.each<[string, unknown, RegExp]>([
    ["a list", [], /have "recipe" as "limpid maximize", got nothing/],
    ["null", null, /must be an object/],
    ["without a field", withoutSeed, /have "seed" as a whole number, got nothing/],
    ["of another kind", { ...recipe, recipe: "soup" }, /"recipe" as "limpid maximize", got "soup"/],
    ["with a field too many", { ...recipe, colour: 1 }, /known fields, got "colour"/],
    [
      "with a wrong size",
      { ...recipe, size: { ...recipe.size, channels: 2 } },
      /"size" .* at size\.channels/,
    ],
    [
      "with a side that no matrix holds",
      { ...recipe, size: { ...recipe.size, widthPx: 1_000_001 } },
      /"size" .* at size\.widthPx/,
    ],
    ["without units", { ...recipe, units: [] }, /"units" as a list/],
    ["with a unit of nothing", { ...recipe, units: [{ channel: 1 }] }, /"units" as a list/],
    [
      "with a place that is none",
      { ...recipe, units: [{ layer: "a", channel: 1, place: [-1] }] },
      /"units"/,
    ],
    [
      "with an unknown parameterisation",
      {
        ...recipe,
        settings: { ...presets.natural, parameterization: { ...fourier, name: "wavelet" } },
      },
      /"settings" as a preset's numbers, got .* at settings\.parameterization/,
    ],
    ["with a wrong preprocessing", { ...recipe, preprocessing: { std: [0] } }, /"std"/],
  ])("%s", (_name, value, message) => {
    const parse = () => parseRecipe(JSON.stringify(value), "recipe.json");
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ code: "bad-file" }));
  });
});

test.each<[Partial<Recipe>, string | undefined]>([
  [{ versions: {} }, undefined],
  [{ model: { file: "elsewhere.onnx", sha256: "00ff" } }, undefined],
  [{ model: { file: "model.onnx", sha256: "ff" } }, "another model"],
  [{ seed: 1 }, "another seed"],
  [{ objective: [{ name: "activation", weight: 1, options: {} }] }, "another objective"],
  [{ photos: { "cat.jpg": "ab" } }, "other photos"],
  [{ units: [{ layer: "conv", channel: 4 }] }, "other units"],
])("a recipe that has %j instead differs by %s", (change, difference) => {
  expect(recipeDifference(recipe, { ...recipe, ...change })).toBe(difference);
});
