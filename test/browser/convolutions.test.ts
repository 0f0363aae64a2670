/**
 * @file Convolutions on WebGPU beside WASM: those that ONNX Runtime's provider computes wrongly unless they are said in
 * another way (`src/runtime/webgpu-graph.ts`), and others that its code tells apart.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DrawnConvolution } from "./cases/convolutions.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

const conv = (
  input: readonly number[],
  weights: readonly number[],
  more: Partial<DrawnConvolution> = {},
): DrawnConvolution => ({ operator: "Conv", input, weights, ...more });

const convolutions: readonly (readonly [string, DrawnConvolution])[] = [
  ["3 channels", conv([1, 3, 9, 8], [8, 3, 3, 3])],
  ["6 channels", conv([1, 6, 9, 8], [4, 6, 3, 3])],
  ["6 channels of weights that are computed", conv([1, 6, 9, 8], [4, 6, 3, 3], { isUntold: true })],
  [
    "9 channels, two pictures",
    conv([2, 9, 9, 8], [8, 9, 3, 3], { attributes: { pads: [1, 1, 1, 1] } }),
  ],
  [
    "18 channels of single places",
    conv([1, 18, 9, 8], [8, 18, 1, 1], { attributes: { strides: [2, 2] } }),
  ],
  ["30 channels on one axis", conv([1, 30, 11], [4, 30, 3])],
  ["12 channels in two groups", conv([1, 12, 9, 8], [8, 6, 3, 3], { attributes: { group: 2 } })],
  [
    "single places, padded behind",
    conv([1, 4, 9, 8], [4, 4, 1, 1], { attributes: { pads: [0, 0, 1, 1] } }),
  ],
  [
    "a kernel as large as its input, padded behind",
    conv([1, 5, 2, 2], [4, 5, 2, 2], { attributes: { auto_pad: "SAME_UPPER" } }),
  ],
  [
    "6 channels, transposed",
    conv([1, 6, 5, 4], [6, 4, 3, 3], {
      operator: "ConvTranspose",
      attributes: { strides: [2, 2] },
    }),
  ],
];

describe.skipIf(withoutBrowser)("WebGPU gives WASM's numbers for a convolution of", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("convolutions.ts");
  });
  afterAll(() => page?.close());

  test.each([...convolutions])("%s", async (_, convolution) => {
    expect(await page.call("distanceOf", convolution)).toBeLessThan(1e-5);
  });
});
