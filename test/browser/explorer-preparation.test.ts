/** @file A network that does not say how its pictures are prepared, in the explorer: that is said, and can be said. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { openModel } from "../../src/node/open-model.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { fileOf, photo } from "./explorer-files.ts";
import { withoutBrowser } from "./page.ts";

const pets = fileURLToPath(new URL("../../assets/networks/pets.onnx", import.meta.url));

describe.skipIf(withoutBrowser)("preparations in the explorer", () => {
  let explorer: OpenExplorer;
  const first = () => explorer.page.textContent(".answers .number");
  const recipe = () => explorer.page.locator(".recipe pre").first().textContent();

  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  test("what is assumed stands where it is seen, and another is chosen there", async () => {
    const { page } = explorer;
    await page.goto(explorer.address);
    await page.waitForSelector(".channel-grid [role=gridcell]");
    expect(await page.locator(".preparation").count()).toBe(0);
    const graph = await openModel(pets);
    const silent = encodeOnnx({ ...graph, metadata: new Map() }).bytes;
    await page.setInputFiles("#model-files", [
      fileOf("silent.onnx", silent),
      await photo("face.png", 3),
    ]);
    await page.waitForSelector(".preparation p");
    expect(await page.textContent(".preparation p")).toContain("this is assumed");
    const assumed = await first();
    expect(await recipe()).toContain("--preprocess torchvision");
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel("Prepared as").selectOption("caffe");
    await page.waitForFunction((before) => {
      const now = document.querySelector(".answers .number")?.textContent;
      return now !== undefined && now !== before && !document.querySelector(".preparation p");
    }, assumed);
    await page.waitForSelector(".channel-grid [role=gridcell]");
    expect(await recipe()).toContain("--preprocess caffe");
    expect(new URL(page.url()).hash).toContain("preprocess=caffe");
    expect(await faultsOf(page)).toEqual([]);
    await page.setInputFiles("#picture-files", [await photo("other.png", 4)]);
    await page.waitForFunction(() => document.body.textContent?.includes("other.png"));
    expect(await page.getByLabel("Prepared as").inputValue()).toBe("caffe");
  });
});
