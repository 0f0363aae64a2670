/**
 * @file The golden networks in Chromium: all on WASM and on WebGPU, there with less of them compared, since SwiftShader
 * takes its time for every graph; the three smallest with all.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Distances } from "../golden-distances.ts";
import { goldenManifest, goldenNames } from "../goldens/load.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

const small = ["vgg-bn", "inception", "regnet"];
const others = goldenNames.filter((name) => !small.includes(name));

const cases = [
  { provider: "wasm", names: goldenNames, compared: undefined, output: 1e-5, gradient: 1e-4 },
  { provider: "webgpu", names: small, compared: undefined, output: 1e-3, gradient: 1e-3 },
  {
    provider: "webgpu",
    names: others,
    compared: ["output", "input_gradient"],
    output: 1e-3,
    gradient: 1e-3,
  },
] as const;

describe.skipIf(withoutBrowser).each(cases)(
  "in Chromium on $provider",
  ({ provider, names, compared, output, gradient }) => {
    let page: BrowserPage;
    beforeAll(async () => {
      page = await openPage("gradients.ts");
    });
    afterAll(() => page?.close());

    test.each([...names])("%s: output and gradients", async (name) => {
      const entry = goldenManifest[name]!;
      const found = await page.call<Distances>("distancesOf", name, entry, provider, compared);
      const { output: outputDistance, ...gradients } = found;
      expect(outputDistance).toBeLessThanOrEqual(output);
      expect(Object.keys(gradients)).toContain("input_gradient");
      for (const [tensor, distance] of Object.entries(gradients)) {
        expect(distance, tensor).toBeLessThanOrEqual(gradient);
      }
    });
  },
);
