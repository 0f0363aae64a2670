/** @file Activation maximisation in Chromium on WASM reaches what it reaches in Node. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { loadGoldenModel } from "../goldens/load.ts";
import { maximizeGolden, type MaximizedUnits } from "../maximized-unit.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

describe.skipIf(withoutBrowser)("in Chromium on WASM", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("maximize.ts");
  });
  afterAll(() => page?.close());

  test("two units come within 1 % of Node, and pictures are seen on the way", async () => {
    const there = await page.call<MaximizedUnits>("maximized");
    const here = await maximizeGolden(createNodeRuntime({ threads: 2 }), loadGoldenModel("vgg"));
    for (const [i, activation] of here.activation.entries()) {
      expect(activation).toBeGreaterThan(here.start[i]!);
      expect(there.activation[i]! / activation).toBeGreaterThan(0.99);
      expect(there.activation[i]! / activation).toBeLessThan(1.01);
    }
    expect(there.picturesSeen).toBe(3);
  });
});
