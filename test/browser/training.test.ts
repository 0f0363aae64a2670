/** @file Training in Chromium on WASM goes as in Node. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { hundredSteps, type HundredSteps } from "../hundred-steps.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

describe.skipIf(withoutBrowser)("in Chromium on WASM", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("training.ts");
  });
  afterAll(() => page?.close());

  test("a hundred steps have the losses that they have in Node", async () => {
    const there = await page.call<HundredSteps>("trained");
    const here = await hundredSteps(createNodeRuntime({ threads: 2 }));
    expect(there.losses).toHaveLength(100);
    expect(there.losses).toBeAllclose(here.losses, { rtol: 0, atol: 1e-3 });
    expect(there.heldOut.loss).toBeCloseTo(here.heldOut.loss, 3);
    const mean = (losses: readonly number[]) => losses.reduce((a, b) => a + b) / losses.length;
    expect(mean(there.losses.slice(-10))).toBeLessThan(mean(there.losses.slice(0, 10)) / 2);
  });
});
