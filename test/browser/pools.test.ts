/** @file Pools of any form on WASM, whose blocked layout and inference of shapes are the processor's in Node or not. */
import { readConfigureGlobal } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { poolOperators } from "../drawn-pools.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

describe.skipIf(withoutBrowser)("in Chromium on WASM", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("pools.ts");
  });
  afterAll(() => page?.close());

  test.each(poolOperators)(
    "any %s has the values and the gradient of the reference",
    async (operator) => {
      const found = await page.call<{ readonly right: number; readonly faults: readonly string[] }>(
        "drawnPoolFaults",
        operator,
        40,
        readConfigureGlobal()?.seed ?? 1,
      );
      expect(found.faults).toEqual([]);
      expect(found.right).toBeGreaterThan(25);
    },
  );
});
