/** @file How far to believe a map, in the explorer in Chromium: the command's numbers, in both languages, stopped and left. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import { open } from "../../src/node.ts";
import { randomStream } from "../../src/random.ts";
import { formatNumber } from "../../src/wording/numbers.ts";
import { escapeNextAt, letEscapeWait } from "./escape-at-once.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** One convolution of four drawn kernels, and two classes. */
function network(): Buffer {
  const random = randomStream("explorer-trust");
  const drawn = (count: number) => Array.from({ length: count }, () => random.normal());
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 24, 24]);
  const conv = b.op("Conv", [x, b.constant(drawn(108), [4, 3, 3, 3])], {}, "conv");
  const flat = b.op("Flatten", [b.op("GlobalAveragePool", [b.op("Relu", [conv], {}, "map")])]);
  b.output(b.op("Gemm", [flat, b.constant(drawn(8), [4, 2])], {}, "logits"));
  return Buffer.from(encodeOnnx(b.build()).bytes);
}

async function photo(): Promise<Buffer> {
  const random = randomStream("explorer-trust", "photo");
  const data = Buffer.from(
    Array.from({ length: 24 * 24 * 3 }, (_, i) =>
      Math.floor((i % 72 > 36 ? 200 : 60) * random.uniform()),
    ),
  );
  return sharp(data, { raw: { width: 24, height: 24, channels: 3 } })
    .png()
    .toBuffer();
}

describe.skipIf(withoutBrowser)("how far to believe a map", () => {
  let explorer: OpenExplorer;
  const settled = () =>
    explorer.page.waitForFunction(() => document.querySelector(".work")?.textContent === "");

  beforeAll(async () => {
    explorer = await openExplorer();
    await letEscapeWait(explorer.page);
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector("#trust:not(:disabled)");
    await settled();
  });
  afterAll(() => explorer.close());

  test("Esc stops it; then it says what hiding costs, draws both fillings, and what it does not mean", async () => {
    const { page } = explorer;
    await escapeNextAt(page, "trust");
    await page.click("#trust");
    await settled();
    expect(await page.locator(".trust").count()).toBe(0);
    await page.click("#trust");
    await page.waitForSelector(".trust .gain");
    expect(await page.textContent(".trust .gain")).toMatch(
      /^Hiding what the map calls important first lowers the score \(logit\) by [\d.]+( to [\d.]+)? (more|less) than hiding it last/,
    );
    const labels = await page
      .locator(".trust svg")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    expect(labels).toHaveLength(2);
    expect(labels[1]).toMatch(/blur\. The score \(logit\) falls from/);
    expect(await page.textContent(".trust .hint")).toContain("proves no cause");
    expect(await faultsOf(page)).toEqual([]);
  });

  test("speaks German", async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Deutsch" }).click();
    await page.waitForFunction(() =>
      document.querySelector(".trust .gain")?.textContent?.startsWith("Verdeckst du zuerst"),
    );
    expect(await page.textContent("#trust")).toBe("Wie weit ist ihr zu trauen?");
    await page.getByRole("button", { name: "English" }).click();
    await page.waitForFunction(() =>
      document.querySelector(".trust .gain")?.textContent?.startsWith("Hiding what"),
    );
  });

  test("fits a phone", async () => {
    const { page } = explorer;
    await page.setViewportSize({ width: 390, height: 844 });
    const isWide = () =>
      page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
    expect(await isWide()).toBe(false);
    expect(await faultsOf(page)).toEqual([]);
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  test("another map is judged anew: the numbers of one map do not stand beside another", async () => {
    const { page } = explorer;
    await page.selectOption("#method", "gradient");
    await page.waitForFunction(() => document.querySelector(".trust") === null);
    await settled();
    await page.click("#trust");
    await page.selectOption("#method", "occlusion");
    await page.waitForFunction(
      () => document.querySelector<HTMLSelectElement>("#method")?.value === "occlusion",
    );
    await settled();
    expect(await page.locator(".trust").count()).toBe(0);
  });

  test("of one's own network and photo its gains are the command's", async () => {
    const { page } = explorer;
    const folder = mkdtempSync(join(tmpdir(), "limpid-trust-"));
    const [model, picture] = [join(folder, "drawn.onnx"), join(folder, "photo.png")];
    writeFileSync(model, network());
    writeFileSync(picture, await photo());
    const net = await open(model);
    const { record } = await net.explain(picture, { method: "occlusion", trust: true });
    await net.close();
    await page.setInputFiles("#model-files", [model, picture]);
    await page.waitForFunction(
      () => document.querySelector(".stage .photo")?.getAttribute("aria-label") === "photo.png",
    );
    await settled();
    await page.click("#trust");
    await page.waitForSelector(".trust .gain");
    const shown = await page.locator(".trust .numbers").allTextContents();
    const gains = record.results[0]!.trust!.fills.map(({ srg }) => formatNumber(srg!));
    expect(shown.map((text) => /\(SRG\) (\S+);/.exec(text)?.[1])).toEqual(gains);
    rmSync(folder, { recursive: true, force: true });
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
