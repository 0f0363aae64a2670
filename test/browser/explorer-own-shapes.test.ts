/** @file Networks of other shapes than the page's own, in the explorer in Chromium: what is shown of them is said to be so. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { phone, Visit, type Screen } from "./explorer-visit.ts";
import { withoutBrowser } from "./page.ts";

const wide: Screen = { name: "a desktop", width: 1360, height: 900, isNarrow: false };

/** Eight channels of 24 × 56 places, the last of which is dead, and so many numbers; scaled to the length 1 or not. */
function wideNetwork(numbers: number, isEmbedding: boolean): Buffer {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 48, 112]);
  const waves = (count: number) => Array.from({ length: count }, (_, i) => Math.sin(i * i));
  const kernel = b.constant([...waves(7 * 27), ...Array<number>(27).fill(0)], [8, 3, 3, 3]);
  const map = b.op("Conv", [x, kernel], { pads: [1, 1, 1, 1], strides: [2, 2] });
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [b.op("Relu", [map], {}, "wide")])]);
  const row = b.op("MatMul", [flat, b.constant(waves(8 * numbers), [8, numbers])], {}, "row");
  const ends = isEmbedding ? b.op("LpNormalization", [row], { axis: 1, p: 2 }, "unit") : row;
  b.output(ends);
  return Buffer.from(encodeOnnx(b.build()).bytes);
}

describe.skipIf(withoutBrowser)("networks of other shapes in the explorer", () => {
  let visit: Visit;
  const open = async (name: string, buffer: Buffer) => {
    await visit.first();
    await visit.page.setInputFiles("#model-files", { name, mimeType: "", buffer });
    await visit.untilText(".open-model", name);
    await visit.untilText(".units h2 small", "wide");
    await visit.until(".stage .heat");
    await visit.untilCount(
      ".spine .thumbnail canvas",
      await visit.page.locator(".spine li").count(),
    );
    await visit.idle();
  };

  beforeAll(async () => {
    visit = await Visit.begin(wide);
    visit.page.setDefaultTimeout(40_000);
  });
  afterAll(() => visit.explorer.close());

  test("a bar says how far numbers go beyond its ends, of channels and of maps, in the reader's language", async () => {
    await open("wide.onnx", wideNetwork(128, false));
    expect(await visit.text(".units .ends")).toMatch(/^0activation[\d.]+ \(to [\d.]+\)$/);
    expect(await visit.text(".units .color-bar p")).toContain("0.5 % of the places");
    expect(await visit.page.locator(".look .color-bar p").count()).toBe(0);
    await visit.page.selectOption("#method", "gradient");
    await visit.untilText(".look .color-bar", "(to ");
    expect(await visit.text(".look .color-bar p")).toContain("0.5 % of the places");
    await visit.button("Deutsch");
    await visit.untilText(".units .ends", "(bis ");
    await visit.expectWell();
    await visit.button("English");
  });

  test("channels and thumbnails have the proportions of their layer, and one dead channel is one", async () => {
    const cell = (await visit.page.locator('.channel-grid [data-channel="0"]').boundingBox())!;
    expect(cell.width / cell.height).toBeCloseTo(48 / 21, 1);
    const row = visit.page.locator(".spine li", { hasText: "8 × 24 × 56" }).last();
    const [width, height] = await row
      .locator("canvas")
      .evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.height]);
    expect([width, height]).toEqual([32, 14]);
    expect(await row.textContent()).toMatch(/ · 1 dead channel$/);
  });

  test("only some of the answers are said to be so, and what is explained of others is said too", async () => {
    expect(await visit.text(".answers h2")).toBe("The network's answer 10 of 128");
    expect(await visit.text(".answers")).not.toContain("What is explained");
    await visit.page.click(".target summary");
    const told = await visit.page.locator(".answers .label").allTextContents();
    const other = [...Array(128).keys()].find((i) => !told.includes(`class ${i}`))!;
    await visit.page.getByLabel("For", { exact: true }).fill(String(other));
    await visit.button("Explain this");
    await visit.untilText(".answers p", `What is explained: class ${other} `);
    await visit.page.click(".answers li:first-child button");
    await visit.untilCount(".answers p", 0);
  });

  test("of an embedding too", async () => {
    await open("embedding.onnx", wideNetwork(128, true));
    expect(await visit.text(".answers h2")).toBe("The network's answer 10 of 128");
    const heading = (await visit.text(".score strong"))!;
    const isListed = Number(/\d+/.exec(heading)![0]) < 10;
    expect((await visit.text(".answers"))!.includes(heading)).toBe(!isListed);
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(visit.explorer.problems).toEqual([]);
  });
});

describe.skipIf(withoutBrowser)("channels of a wide layer on a phone", () => {
  test("are large enough for a finger", async () => {
    const visit = await Visit.begin(phone);
    await visit.first();
    const buffer = wideNetwork(3, false);
    await visit.page.setInputFiles("#model-files", { name: "wide.onnx", mimeType: "", buffer });
    await visit.untilText(".units h2 small", "wide");
    await visit.idle();
    await visit.part("units");
    await visit.expectWell();
    await visit.explorer.close();
  });
});
