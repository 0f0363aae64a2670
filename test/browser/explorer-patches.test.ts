/** @file The pictures that excite a channel most, in the explorer in Chromium: drawn ones and one's own. */
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** Its two channels are the red and the green of each place. */
function colours(): Buffer {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 16, 16]);
  const kernel = b.constant([1, 0, 0, 0, 1, 0], [2, 3, 1, 1]);
  const map = b.op("Relu", [b.op("Conv", [x, kernel])], {}, "map");
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [map])]);
  b.output(b.op("Gemm", [flat, b.constant([1, 0, 0, 1], [2, 2])], {}, "logits"));
  return Buffer.from(encodeOnnx(b.build()).bytes);
}

async function photo(name: string, red: number, green: number) {
  const background = { r: red, g: green, b: 40 };
  const image = sharp({ create: { width: 16, height: 16, channels: 3, background } });
  return { name, mimeType: "image/png", buffer: await image.png().toBuffer() };
}

describe.skipIf(withoutBrowser)("pictures that excite a channel", () => {
  let explorer: OpenExplorer;
  const names = () =>
    explorer.page
      .locator(".patches canvas")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".channel-grid [role=gridcell]");
  });
  afterAll(() => explorer.close());

  test("of a network that knows drawn things they are drawn; Esc stops, and it goes on", async () => {
    const { page } = explorer;
    await page.click('.channel-grid [data-channel="5"]');
    await page.getByRole("button", { name: /^Search the pictures/ }).click();
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    if ((await page.locator(".patches li").count()) === 0) {
      await page.getByRole("button", { name: /^Search the pictures/ }).click();
    }
    await page.waitForSelector(".patches li");
    expect(await page.locator(".patches li").count()).toBe(9);
    const numbers = (await page.locator(".patches li span").allTextContents()).map(Number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    const before = await names();
    await page.click('.channel-grid [data-channel="7"]');
    await page.waitForFunction(
      (last) =>
        [...document.querySelectorAll(".patches canvas")]
          .map((one) => one.getAttribute("aria-label"))
          .join() !== last && document.querySelectorAll(".patches li").length > 0,
      before.join(),
    );
    expect(await faultsOf(page)).toEqual([]);
  });

  test("one's own pictures are put in their order, channel by channel; a click looks at one", async () => {
    const { page } = explorer;
    await page.setInputFiles("#model-files", [
      { name: "colours.onnx", mimeType: "", buffer: colours() },
      await photo("dark.png", 10, 60),
      await photo("red.png", 250, 20),
      await photo("green.png", 180, 240),
    ]);
    await page.waitForFunction(
      () =>
        document.querySelector(".open-model")?.textContent === "colours.onnx" &&
        document.querySelectorAll(".channel-grid [role=gridcell]").length === 2,
    );
    await page.click('.channel-grid [data-channel="0"]');
    await page.getByRole("button", { name: "Search the pictures (3)" }).click();
    await page.waitForSelector(".patches li");
    expect((await names()).slice(0, 2)).toEqual(["red.png", "green.png"]);
    await page.click('.channel-grid [data-channel="1"]');
    await page.waitForFunction(
      () => document.querySelector(".patches canvas")?.getAttribute("aria-label") === "green.png",
    );
    await page.locator(".patches li button").first().click();
    await page.waitForFunction(
      () => document.querySelector(".stage .photo")?.getAttribute("aria-label") === "green.png",
    );
    expect(await faultsOf(page)).toEqual([]);
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
