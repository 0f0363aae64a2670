import { describe, expect, test } from "vitest";
import { comparisonSheet, type ComparedMap, type FailedMap } from "./comparison-sheet.ts";
import { picture, plane } from "../image/picture.ts";

const photo = picture(32, 24, 3, new Uint8Array(32 * 24 * 3).fill(90));

function mapOf(title: string, layer: string | undefined, more: Partial<ComparedMap> = {}) {
  const data = Float32Array.from({ length: 12 }, (_, i) => i / 4);
  const map: ComparedMap = {
    title,
    layer,
    map: plane(4, 3, data),
    isOver: true,
    signed: false,
    unit: "weighted activation",
    text: "maximum at lower right",
    warnings: [],
    ...more,
  };
  return map;
}

function sheetOf(...maps: readonly (ComparedMap | FailedMap)[]) {
  const section = { photo, heading: "water ouzel", note: "class 20", maps };
  return comparisonSheet({ title: "ouzel.jpg", subtitle: "model.onnx", sections: [section] });
}

const titlesOf = (sheet: ReturnType<typeof sheetOf>) =>
  sheet.rows.map(({ cells }) => cells.map(({ title }) => title));

describe("methods on one layer each", () => {
  test("stand after the photo, in as many columns as make a page", () => {
    const names = ["A", "B", "C", "D", "E", "F"];
    const sheet = sheetOf(...names.map((name) => mapOf(name, "conv5")));
    expect(titlesOf(sheet)).toEqual([
      ["input, 32 × 24", "A", "B", "C"],
      ["D", "E", "F"],
    ]);
    expect(sheet.rows[0]).toMatchObject({ heading: "water ouzel", note: "class 20" });
    expect(sheet.rows[1]!.heading).toBeUndefined();
  });

  test("of many pictures break evenly where a row is too long", () => {
    const maps = ["A", "B", "C", "D", "E", "F"].map((name) => mapOf(name, "conv5"));
    const section = { photo, heading: "water ouzel", note: "class 20", maps };
    const sheet = comparisonSheet({ title: "", subtitle: "", sections: [section, section] });
    expect(sheet.rows.map(({ cells }) => cells.length)).toEqual([4, 3, 4, 3]);
  });

  test("say their unit, layer, size, text and warnings below the map", () => {
    const [row] = sheetOf(mapOf("Grad-CAM", "conv5", { warnings: ["blank"] })).rows;
    expect(row!.cells[1]).toMatchObject({
      bar: { scale: { min: 0, max: 2.75, map: "inferno" }, unit: "weighted activation" },
      captions: ["on conv5, 4 × 3"],
      notes: ["maximum at lower right"],
      warnings: ["blank"],
    });
  });

  test("maps of pixels are shown alone, and signed ones around 0", () => {
    const [row] = sheetOf(mapOf("Gradient", undefined, { isOver: false, signed: true })).rows;
    expect(row!.cells[1]).toMatchObject({
      picture: { widthPx: 4, heightPx: 3 },
      bar: { scale: { min: -2.75, max: 2.75, map: "red-blue" } },
      captions: ["of pixels, 4 × 3"],
    });
  });
});

describe("methods on several layers", () => {
  const layered = ["Grad-CAM", "LayerCAM"].flatMap((title) =>
    ["conv1", "conv2", "conv3"].map((layer) => mapOf(title, layer)),
  );

  test("have a row each, where layers stand below each other", () => {
    const sheet = sheetOf(...layered);
    expect(titlesOf(sheet)).toEqual([
      [],
      ["input, 32 × 24", "conv1", "conv2", "conv3"],
      [undefined, "conv1", "conv2", "conv3"],
    ]);
    expect(sheet.rows[1]!.cells[1]!.captions).toEqual(["4 × 3"]);
    expect(sheet.rows.map(({ heading }) => heading)).toEqual([
      "water ouzel",
      "Grad-CAM",
      "LayerCAM",
    ]);
  });

  test("follow those of pixels, which stand beside the photo", () => {
    const sheet = sheetOf(...layered, mapOf("Gradient", undefined));
    expect(titlesOf(sheet)).toEqual([
      ["input, 32 × 24", "Gradient"],
      ["conv1", "conv2", "conv3"],
      ["conv1", "conv2", "conv3"],
    ]);
  });

  test("on more layers than a page is wide go on below", () => {
    const layers = Array.from({ length: 8 }, (_, i) => `conv${i}`);
    const [, first, second] = titlesOf(sheetOf(...layers.map((name) => mapOf("Grad-CAM", name))));
    expect(first).toEqual(["input, 32 × 24", ...layers.slice(0, 4)]);
    expect(second).toEqual([undefined, ...layers.slice(4)]);
  });
});

test("a map that failed is an empty frame with the reason below", () => {
  const failure = "deconvolution: the network must have a ReLU, got none.";
  const [row] = sheetOf(mapOf("A", "conv5"), { title: "B", layer: undefined, failure }).rows;
  expect(row!.cells[2]).toEqual({ title: "B", empty: "no map", warnings: [failure] });
});

test("long names of layers keep their ends", () => {
  const name = "model/block_16/expanded/convolution/activation/Relu6:0";
  const [row] = sheetOf(mapOf("A", name)).rows;
  expect(row!.cells[1]!.captions).toEqual(["on …onvolution/activation/Relu6:0, 4 × 3"]);
});

test("the footer speaks of numbers beyond the bar only where there are some", () => {
  const data = new Float32Array(100 * 100).fill(1);
  data[5] = 9;
  const large = mapOf("Gradient", undefined, { map: plane(100, 100, data) });
  expect(sheetOf(large).footer).toContain("0.5 %");
  expect(sheetOf(mapOf("A", "conv5")).footer).not.toContain("0.5 %");
});
