/** @file What a picture is made of stays on the card between steps, played by SwiftShader, and the picture is the same. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MadeOn } from "./cases/resident.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

const [layer, steps] = ["/3/Relu_output_0", 20];

describe.skipIf(withoutBrowser)("pictures by WebGPU", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("resident.ts");
  });
  afterAll(() => page?.close());

  test("are those of the processor, and their state stays on the card", async () => {
    const onCard = await page.call<MadeOn>("pictures", "webgpu", layer, steps);
    const onProcessor = await page.call<MadeOn>("pictures", "wasm", layer, steps);
    // The picture and its two moments, from the first step's results on.
    expect(onCard.resident).toBe(3 * steps);
    expect(onProcessor.resident).toBe(0);
    expect(onCard.runs).toBe(onProcessor.runs);
    for (const [unit, activation] of onCard.activations.entries())
      expect(activation).toBeCloseTo(onProcessor.activations[unit]!, 3);
  });
});
