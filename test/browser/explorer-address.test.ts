/** @file An address that is shared: what of it is to be dropped is said, and once it is there the page goes where it leads. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readGoldenFile } from "../goldens/load.ts";
import { dropPaths } from "./explorer-drop.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("a shared address", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-shared-"));
  const at = (name: string) => join(folder, name);
  const photo = async (name: string, step: number) => {
    const data = Uint8Array.from({ length: 3 * 64 * 64 }, (_, i) => (i * step) % 256);
    const raw = { width: 64, height: 64, channels: 3 } as const;
    await sharp(data, { raw }).png().toFile(at(name));
  };
  const idle = (model: string) =>
    explorer.page.waitForFunction(
      (name) =>
        document.querySelector(".open-model")?.textContent === name &&
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".stage .heat") !== null,
      model,
    );
  const notice = () => explorer.page.textContent(".files-notice .shared");

  beforeAll(async () => {
    explorer = await openExplorer();
    for (const name of ["resnet.onnx", "densenet.onnx"]) {
      writeFileSync(at(name), readGoldenFile(name));
    }
    await photo("a & b.png", 37);
    await photo("other.png", 11);
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("says what is missing and what is another, and leads there once it is dropped", async () => {
    const { page } = explorer;
    await page.goto(explorer.address);
    await idle("pets.onnx");
    await dropPaths(page, [at("resnet.onnx"), at("a & b.png")]);
    await idle("resnet.onnx");
    await page.locator(".spine li button").nth(1).click();
    await page.selectOption("#method", "layer-cam");
    await page.keyboard.press("2");
    await page.waitForFunction(
      () =>
        /layer=.*method=layer-cam.*target=/.test(location.hash) &&
        document.querySelector(".work")?.textContent === "",
    );
    const shared = page.url();
    const heading = await page.textContent(".sentence");
    const [, model] = /model=(\w{64})/.exec(shared)!;
    const [, picture] = /picture=(\w{64})/.exec(shared)!;

    await page.goto("about:blank");
    await page.goto(shared);
    await idle("pets.onnx");
    const wanted = `To see what this address shows, drop the network “resnet.onnx” (${model!.slice(0, 8)})`;
    expect(await notice()).toBe(`${wanted} and the picture “a & b.png” (${picture!.slice(0, 8)}).`);
    expect(page.url()).toBe(shared);
    expect(await faultsOf(page)).toEqual([]);

    await dropPaths(page, [at("densenet.onnx"), at("other.png")]);
    await idle("densenet.onnx");
    expect(await notice()).toMatch(/“densenet.onnx” \(\w{8}\) is another network/);
    expect(await notice()).toMatch(/“other.png” \(\w{8}\) is another picture/);

    await dropPaths(page, [at("resnet.onnx")]);
    await idle("resnet.onnx");
    expect(await notice()).toMatch(/^To see what this address shows, drop the picture “a & b.png”/);
    await dropPaths(page, [at("a & b.png")]);
    await page.waitForFunction(() => !document.querySelector(".files-notice"));
    await idle("resnet.onnx");
    expect(page.url()).toBe(shared);
    expect(await page.textContent(".sentence")).toBe(heading);
  });

  test.each([
    ["layer=conv2&channel=99999", 'channel: it must be one of 0 to 31 in "conv2", got 99999'],
    ["layer=nowhere", '"nowhere" must name one layer of this model'],
    ["method=__proto__", 'got "__proto__"'],
    ["settings=__proto__%3D1", "__proto__"],
    ["target=%3Cb%3Eno", "<b>no"],
  ])("that holds nonsense is told in words, and the page works on: %s", async (hash, words) => {
    const { page } = explorer;
    await page.goto("about:blank");
    await page.goto(`${explorer.address}#${hash}`);
    await page.waitForFunction(
      (part) => document.querySelector(".notices .error")?.textContent?.includes(part) === true,
      words,
    );
    const said = await page.textContent(".notices .error");
    expect(said).not.toMatch(/destructure|undefined|is not a function|internal|\[object/);
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    expect(await page.locator(".channel-turner").count()).toBe(0);
    await page.locator(".spine li button").first().click();
    await page.locator("#method").selectOption("gradient");
    await page.locator(".answers li button").first().click();
    await page.waitForSelector(".stage .heat");
    await page.waitForSelector(".channel-grid [role=gridcell]");
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
