/** @file The explorer's downloads in Chromium: the same figures and numbers as the command's, and a report that opens from disk. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { petScene } from "../../src/drawn/pets.ts";
import { decodeNpy } from "../../src/formats/npy.ts";
import { pictureOfFloats } from "../../src/image/float-picture.ts";
import type { Picture } from "../../src/image/picture.ts";
import { decodePicture, encodePng } from "../../src/node/codecs.ts";
import { open } from "../../src/node.ts";
import { largest } from "../../src/statistics.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const pets = fileURLToPath(new URL("../../assets/networks/pets.onnx", import.meta.url));
const hostile = "<img src=x onerror=alert(1)>.png";

describe.skipIf(withoutBrowser)("the explorer's downloads", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-downloads-"));
  const until = (selector: string) => explorer.page.waitForSelector(selector);
  const choose = async (text: string) => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Download" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: text }).click();
    const download = await saved;
    const path = await download.path();
    return { name: download.suggestedFilename(), path, bytes: readFileSync(path) };
  };

  beforeAll(async () => {
    const { picture } = petScene(7, 3, [3, 224, 224]);
    const size = { channels: 3, heightPx: 224, widthPx: 224 } as const;
    const photo = await encodePng(pictureOfFloats(picture, size, "range"));
    writeFileSync(join(folder, hostile), photo);
    explorer = await openExplorer();
    const { page } = explorer;
    await page.goto(explorer.address);
    await until(".stage .heat");
    await page.setInputFiles("#picture-files", join(folder, hostile));
    await page.waitForFunction(
      (name) => document.querySelector(".stage .photo")?.getAttribute("aria-label") === name,
      hostile,
    );
    await until(".stage .heat");
    await until(".channel-grid");
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the menu is gone through by keyboard", async () => {
    const { page } = explorer;
    const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
    await page.getByRole("button", { name: "Download" }).focus();
    await page.keyboard.press("Enter");
    await until(".downloads .menu");
    expect(await faultsOf(page)).toEqual([]);
    expect(await focused()).toContain("PNG");
    await page.keyboard.press("End");
    expect(await focused()).toContain("Report");
    await page.keyboard.press("c");
    expect(await focused()).toContain("Channels");
    await page.keyboard.press("Escape");
    expect(await page.locator(".menu").count()).toBe(0);
    expect(await focused()).toContain("Download");
  });

  test("the menu goes with the map, and does not come back by itself with the next", async () => {
    const { page } = explorer;
    const opener = page.getByRole("button", { name: "Download" });
    await opener.click();
    await until(".downloads .menu");
    expect(await opener.getAttribute("aria-expanded")).toBe("true");
    // Not all browsers tell that what had the focus is gone, as this one does.
    await page.evaluate(() =>
      addEventListener("focusout", (event) => event.stopImmediatePropagation(), {
        capture: true,
        once: true,
      }),
    );
    await page.setInputFiles("#picture-files", join(folder, hostile));
    await page.waitForSelector(".downloads .menu", { state: "detached" });
    await until(".downloads > button:not(:disabled)");
    await until(".stage .heat");
    expect(await page.locator(".menu").count()).toBe(0);
    expect(await opener.getAttribute("aria-expanded")).toBe("false");
    await until(".channel-grid");
  });

  test("figures and numbers are the command's", async () => {
    const net = await open(pets);
    const own = await net.explain(join(folder, hostile), { check: "off" });
    const { data, dims } = decodeNpy((await choose("Map's numbers")).bytes);
    expect(dims).toEqual([1, ...own.map.dims]);
    const off = own.map.data.map((value, i) => Math.abs(value - Number(data[i])));
    const reach = largest(own.map.data.map((value) => Math.abs(value)));
    expect(reach).toBeGreaterThan(0);
    expect(largest(off) / reach).toBeLessThan(1e-4);
    const record = JSON.parse((await choose("Map's record")).bytes.toString()) as object;
    const text = (value: unknown) =>
      JSON.stringify(value)
        .replace(`${folder}/`, "")
        .replaceAll(/-?\d+\.\d+(e-\d+)?/g, "#");
    expect(text(record)).toBe(text(own.record));
    const mine = await choose("Map as a picture");
    expect(mine.name).toBe("img-src-x-onerror-alert-1-grad-cam.png");
    expect(differenceOf(await decoded(mine.bytes), await decoded(await own.draw()))).toBeLessThan(
      0.5,
    );
    await net.close();
  });

  test("the drawing is a picture of the same size", async () => {
    const { page } = explorer;
    const { bytes } = await choose("Map as a drawing");
    const png = await decoded((await choose("Map as a picture")).bytes);
    const svg = bytes.toString();
    expect(svg).not.toContain("<img");
    const drawn = await page.evaluate(async (text) => {
      const image = new Image();
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    }, svg);
    expect([png.widthPx, png.heightPx]).toEqual(drawn.map((side) => 2 * side));
  });

  test("channels are had as a picture and as numbers", async () => {
    const { dims } = decodeNpy((await choose("Channels' numbers")).bytes);
    expect(dims[0]).toBe(await explorer.page.locator('.channel-grid [role="gridcell"]').count());
    const sheet = await decoded((await choose("Channels as a picture")).bytes);
    expect(sheet.widthPx).toBeGreaterThan(500);
  });

  test("a report holds all of it and opens from disk", async () => {
    const { page } = explorer;
    await page.click('.channel-grid [data-channel="1"]');
    await page.click(".unit .primary");
    await page.waitForFunction(() => document.querySelector("progress")?.value === 64);
    await until(".unit .facts");
    expect((await decoded((await choose("What excites the channel")).bytes)).widthPx).toBe(128);
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await until(".compare figure");
    const { path, name } = await choose("Report");
    expect(name).toMatch(/^[\w-]+report\.html$/);
    const report = await page.context().browser()!.newPage();
    const said: string[] = [];
    report.on("console", (message) => said.push(message.text()));
    report.on("dialog", (dialog) => {
      said.push(dialog.message());
      void dialog.dismiss();
    });
    report.on("request", (request) => {
      const isOwn = /^(file|data):/.test(request.url());
      if (!isOwn) said.push(request.url());
    });
    const place = join(folder, "report.html");
    copyFileSync(path, place);
    await report.goto(pathToFileURL(place).href);
    expect(await report.textContent("h1")).toBe(hostile);
    expect(await report.locator("img").count()).toBe(3);
    const widths = await report
      .locator("img")
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(widths.every((width) => width > 0)).toBe(true);
    expect(await report.textContent("pre >> nth=0")).toContain("limpid attribute");
    expect(await faultsOf(report)).toEqual([]);
    await report.setViewportSize({ width: 390, height: 844 });
    expect(await report.evaluate(() => document.documentElement.scrollWidth)).toBeLessThan(391);
    expect(said).toEqual([]);
    await report.close();
  });

  test("of a segmenter, whose maps lie on two layers, files hold the one that is shown", async () => {
    const { page } = explorer;
    await page.goto("about:blank");
    await page.goto(`${explorer.address}#model=shapes-segment`);
    await until(".stage .heat");
    await until(".channel-grid [role=gridcell]");
    const shown = (await page.textContent(".sentence"))!;
    const layer = / layer (\S+),/i.exec((await page.textContent(".score"))!)![1];
    const { bytes } = await choose("Map's record");
    const { results } = JSON.parse(bytes.toString()) as { results: Record<string, unknown>[] };
    expect(results).toHaveLength(1);
    expect(results[0]).toMatchObject({ layer, text: shown });
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});

function decoded(bytes: Uint8Array): Promise<Picture> {
  return decodePicture(bytes, "figure.png");
}

/** Mean distance of their pixels' numbers. */
function differenceOf(a: Picture, b: Picture): number {
  expect([a.widthPx, a.heightPx]).toEqual([b.widthPx, b.heightPx]);
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
  return sum / a.data.length;
}
