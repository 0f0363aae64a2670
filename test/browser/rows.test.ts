/** @file Operators that ONNX Runtime's WebGPU provider computes wrongly as they are: all their rows, right or refused. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

const operators = [
  "Dropout",
  "Einsum",
  "LayerNormalization",
  "ReduceL1",
  "ReduceL2",
  "ReduceLogSum",
  "ReduceSumSquare",
  "Slice",
];

describe.skipIf(withoutBrowser)("on WebGPU", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("rows.ts");
  });
  afterAll(() => page?.close());

  test.each(operators)("%s is right or refused", async (operator) => {
    const found = await page.call<readonly (number | string)[]>("rowDistances", operator);
    expect(found.filter((one) => typeof one === "number").length).toBeGreaterThan(0);
    for (const one of found) {
      if (typeof one === "number") expect(one).toBeLessThan(1e-5);
      else expect(one).toMatch(/^onnxr/);
    }
  });
});
