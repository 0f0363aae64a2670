/** @file The explorer's graph in Chromium: branches, keys, and where no gradient passes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const mirror = process.env["LIMPID_MIRROR"];
const googLeNet = join(mirror ?? "", "weights/googlenet/bvlc_googlenet.onnx");
const isMissing = mirror === undefined || !existsSync(googLeNet);

/** Three convolutions, two of them side by side and joined; behind the joint a step that has no slope. */
function branched(isCut: boolean): Buffer {
  const b = new GraphBuilder();
  const conv = (value: Value, from: number, to: number, name: string) => {
    const weights = Array.from({ length: from * to * 9 }, (_, i) => Math.sin(i));
    const kernel = b.constant(weights, [to, from, 3, 3]);
    return b.op("Relu", [b.op("Conv", [value, kernel], { pads: [1, 1, 1, 1] })], {}, name);
  };
  const first = conv(b.input("x", [1, 3, 16, 16]), 3, 4, "first");
  const sides = [conv(first, 4, 2, "left"), conv(first, 4, 2, "right")];
  const joined = b.op("Concat", sides, { axis: 1 }, "joined");
  const last = conv(isCut ? b.op("Floor", [joined], {}, "floor") : joined, 4, 4, "last");
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [last])]);
  b.output(b.op("Gemm", [flat, b.constant([...Array(12).keys()], [4, 3])], {}, "logits"));
  return Buffer.from(encodeOnnx(b.build()).bytes);
}

describe.skipIf(withoutBrowser)("the explorer's graph", () => {
  let explorer: OpenExplorer;
  const chosenLayer = (name: string) =>
    explorer.page.waitForFunction(
      (wanted) => document.querySelector(".units h2 small")?.textContent?.trim() === wanted,
      name,
    );
  const open = async (name: string, buffer: Buffer | string) => {
    const file = typeof buffer === "string" ? buffer : { name, mimeType: "", buffer };
    await explorer.page.setInputFiles("#model-files", file);
    await explorer.page.waitForFunction(
      (wanted) =>
        document.querySelector(".open-model")?.textContent === wanted &&
        document.querySelector(".channel-grid") !== null,
      name,
    );
  };
  const place = (name: string) => explorer.page.locator(`.place[data-name="${name}"]`);

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".channel-grid");
  });
  afterAll(() => explorer.close());

  test("shows branches side by side; a click chooses what joins them, too", async () => {
    const { page } = explorer;
    await open("branched.onnx", branched(false));
    await page.getByRole("button", { name: "Graph" }).click();
    await page.waitForSelector(".place");
    expect(await page.locator(".place").count()).toBe(8);
    expect(await page.locator(".graph-frame path").count()).toBe(8);
    await place("joined").click();
    await chosenLayer("joined");
    expect(await page.locator('.channel-grid [role="gridcell"]').count()).toBe(4);
    expect(await place("joined").getAttribute("aria-pressed")).toBe("true");
    expect(await faultsOf(page)).toEqual([]);
  });

  test("arrows follow the lines, Enter chooses, + and - zoom", async () => {
    const { page } = explorer;
    await place("joined").focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowRight");
    const at = await page.evaluate(() => document.activeElement?.getAttribute("data-name"));
    await page.keyboard.press("ArrowLeft");
    const beside = await page.evaluate(() => document.activeElement?.getAttribute("data-name"));
    expect(new Set([at, beside])).toEqual(new Set(["left", "right"]));
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await chosenLayer("first");
    const width = () =>
      page.evaluate(() => document.querySelector(".graph-frame svg")?.clientWidth);
    const before = (await width())!;
    await page.keyboard.press("+");
    await page.waitForFunction(
      (last) => document.querySelector(".graph-frame svg")!.clientWidth > last,
      before,
    );
  });

  test("says where no gradient passes, in the graph and in the list", async () => {
    const { page } = explorer;
    await open("cut.onnx", branched(true));
    expect(await place("floor").textContent()).toContain("no derivative");
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Graph" }).click();
    const rows = await page.locator(".spine li").allTextContents();
    const marked = rows.filter((row) => row.includes("no gradient: Floor"));
    expect(marked).toHaveLength(3);
    expect(rows.find((row) => row.startsWith("last"))).not.toContain("no gradient");
  });

  test.skipIf(isMissing)("holds all of GoogLeNet", { timeout: 60_000 }, async () => {
    const { page } = explorer;
    await open("bvlc_googlenet.onnx", googLeNet);
    const layers = await page.locator(".spine li").count();
    await page.getByRole("button", { name: "Graph" }).click();
    await page.waitForSelector(".place");
    expect(await page.locator(".place.layer").count()).toBe(layers);
    expect(await page.locator(".place.join").count()).toBe(9);
    expect(await faultsOf(page)).toEqual([]);
  });

  test("says nothing on the console and asks nobody else", () => {
    // A network that no gradient passes has no Grad-CAM, which the page says, not the console.
    expect(explorer.problems).toEqual([]);
  });
});
