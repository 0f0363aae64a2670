/**
 * @file The golden networks in Chromium: all on WASM, the three smallest that ONNX Runtime's WebGPU
 * provider computes rightly on WebGPU. `decoder`, the very smallest, is not among them: the provider's
 * forward pass is already wrong at its second convolution (docs/architecture.md, known limits).
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Distances } from "../golden-distances.ts";
import { goldenManifest, goldenNames } from "../goldens/load.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

const cases = [
  { provider: "wasm", names: goldenNames, output: 1e-5, gradient: 1e-4 },
  { provider: "webgpu", names: ["vgg-bn", "inception", "regnet"], output: 1e-3, gradient: 1e-3 },
] as const;

describe.skipIf(withoutBrowser).each(cases)(
  "in Chromium on $provider",
  ({ provider, names, output, gradient }) => {
    let page: BrowserPage;
    beforeAll(async () => {
      page = await openPage("gradients.ts");
    });
    afterAll(() => page?.close());

    test.each([...names])("%s: output and gradients", async (name) => {
      const entry = goldenManifest[name]!;
      const found = await page.call<Distances>("distancesOf", name, entry, provider);
      const { output: outputDistance, ...gradients } = found;
      expect(outputDistance).toBeLessThanOrEqual(output);
      expect(Object.keys(gradients)).toContain("input_gradient");
      for (const [tensor, distance] of Object.entries(gradients)) {
        expect(distance, tensor).toBeLessThanOrEqual(gradient);
      }
    });
  },
);
