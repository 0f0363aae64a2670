/** @file The golden networks in Chromium: all on WASM, the three smallest on WebGPU. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { goldenNames } from "../goldens/load.ts";
import { openPage, type BrowserPage } from "./page.ts";

const cases = [
  { provider: "wasm", names: goldenNames, output: 1e-5, gradient: 1e-4 },
  { provider: "webgpu", names: ["decoder", "vgg-bn", "inception"], output: 1e-3, gradient: 1e-3 },
] as const;

describe.each(cases)("in Chromium on $provider", ({ provider, names, output, gradient }) => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("gradients.ts");
  });
  afterAll(() => page?.close());

  test.each([...names])("%s: output and input gradient", async (name) => {
    const found = await page.call<{ output: number; gradient: number }>(
      "goldenDistances",
      name,
      provider,
    );
    expect(found.output).toBeLessThanOrEqual(output);
    expect(found.gradient).toBeLessThanOrEqual(gradient);
  });
});
