/** @file The library in Chromium: a page's files, blobs and pixels, with the answers that Node gives. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { open } from "../../src/node.ts";
import { folderWithModel } from "../command-line.ts";
import type * as cases from "./cases/library.ts";
import { openPage, withoutBrowser, type BrowserPage } from "./page.ts";

describe.skipIf(withoutBrowser)("the library in Chromium", () => {
  let page: BrowserPage;
  let folder: string;
  beforeAll(async () => {
    folder = await folderWithModel();
    page = await openPage("library.ts");
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await page?.close();
  });

  test("answers as it does in Node", async () => {
    const paths = ["good.onnx", "good.png"].map((name) => join(folder, name));
    const [model, photo] = paths.map((path) => new Uint8Array(readFileSync(path)));
    type Answer = Awaited<ReturnType<typeof cases.asked>>;
    const told = await page.call<Answer>("asked", model, photo);
    const net = await open(paths[0]!, { preprocess: "unit" });
    const why = await net.explain(paths[1]!);
    const made = await net.maximize({ layer: "features", channel: "all", steps: 4 });
    const look = await net.activations(paths[1]!);
    for (const map of told.maps) expect(close([...map], [...why.map.data])).toBe(true);
    const activations = made.pictures.map(({ activation }) => activation);
    expect(close(told.activations, activations)).toBe(true);
    const shares = look.layers.map(({ statistics }) => statistics.zeroShare);
    expect(close(told.zeroShares, shares)).toBe(true);
    expect(told.layers).toEqual((await net.inspect()).layers.map(({ name }) => name));
    expect(String.fromCharCode(...told.drawn)).toBe("PNG");
    expect(told.written).toContain("why.png");
    expect(told.written).toContain("look/activations.json");
    expect(told.written).toContain("made/features/channel-0003.npy");
    await net.close();
  });
});

/** Whether as many numbers agree to 1e-4 of the largest. */
function close(got: readonly number[], wanted: readonly number[]): boolean {
  const largest = Math.max(...wanted.map(Math.abs));
  return (
    got.length === wanted.length &&
    largest > 0 &&
    wanted.every((value, i) => Math.abs(value - got[i]!) <= 1e-4 * largest)
  );
}
