/** @file The web runtime in a real tab: small graphs on WASM and WebGPU, threads, calls that overlap. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tensor } from "../../src/graph/tensor.ts";
import { smallGraphs } from "../small-graphs.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

describe.skipIf(withoutBrowser).each(["wasm", "webgpu"] as const)(
  "in Chromium on %s",
  (provider) => {
    let page: BrowserPage;
    beforeAll(async () => {
      page = await openPage("operators.ts");
    });
    afterAll(() => page?.close());

    // Chromium's software device has no float16 in shaders.
    const known = smallGraphs.filter(
      ({ expected }) => provider !== "webgpu" || expected.type !== "float16",
    );
    test.each(known)("$name", async ({ name, expected }) => {
      const found = await page.call<Tensor>("runSmallGraph", name, provider);
      expect(found.type).toBe(expected.type);
      expect(found.data.constructor).toBe(expected.data.constructor);
      expect(found).toBeAllclose(expected);
    });

    test("calls that overlap", async () => {
      const sizes = [3, 4, 5, 6];
      expect(await page.call("overlapping", sizes, provider)).toEqual(sizes);
    });
  },
);

describe.skipIf(withoutBrowser)("a page", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("operators.ts", { expectedProblems: /net::ERR_NAME_NOT_RESOLVED/ });
  });
  afterAll(() => page?.close());

  test("is isolated, so that WebAssembly may use threads", async () => {
    const { isolated, cores } = await page.call<{ isolated: boolean; cores: number }>("platform");
    expect(isolated).toBe(true);
    expect(await page.call("refusal", { threads: Math.min(cores, 2) })).toBeUndefined();
  });

  test("reaches nothing but its own server", async () => {
    expect(await page.call("reachesOutside", "/")).toBe(true);
    expect(await page.call("reachesOutside", "http://example.com/")).toBe(false);
  });
});

describe.skipIf(withoutBrowser)("a page that is not isolated", () => {
  let page: BrowserPage;
  beforeAll(async () => {
    page = await openPage("operators.ts", { isolated: false });
  });
  afterAll(() => page?.close());

  test("runs on one thread and refuses more", async () => {
    expect(await page.call("overlapping", [3], "wasm")).toEqual([3]);
    expect(await page.call("refusal", { threads: 2 })).toEqual({
      code: "bad-option",
      message:
        "onnxruntime-web: threads must be 1 on a page that is not cross-origin isolated, got 2.",
    });
  });
});
