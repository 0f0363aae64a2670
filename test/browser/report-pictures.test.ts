/** @file Golden pictures of a study's report in Chromium: the page, light, dark and narrow, and every kind of figure. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, test } from "vitest";
import { decodePicture } from "../../src/node/codecs.ts";
import { expectGoldenLook } from "../golden-picture.ts";
import { writeDrawnStudy } from "../pictures/drawn-study.ts";
import { launchChromium, withoutBrowser } from "./page.ts";

type Scheme = "light" | "dark";

describe.skipIf(withoutBrowser)("a report as people see it", () => {
  let folder: string;
  let address: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "limpid-report-"));
    address = pathToFileURL(await writeDrawnStudy(folder)).href;
    browser = await launchChromium(["--headless=new", "--no-sandbox", "--hide-scrollbars"]);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(width: number, height: number, colorScheme: Scheme) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(address, { waitUntil: "load" });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return page;
  }

  test.each<[string, number, number, Scheme]>([
    ["light", 1000, 1000, "light"],
    ["dark", 1000, 1000, "dark"],
    ["phone", 375, 1500, "light"],
  ])("the page, %s", async (name, width, height, scheme) => {
    const page = await open(width, height, scheme);
    await expectGoldenLook(`report-${name}`, await decodePicture(await page.screenshot(), name));
    await page.close();
  });

  test.each<[string, number, Scheme]>([
    ["confusion", 700, "light"],
    ["most-wrong", 700, "light"],
    ["units", 700, "light"],
    ["sweep", 700, "light"],
    ["filters", 700, "light"],
    ["depth", 700, "dark"],
    ["layer", 900, "light"],
    ["saliency", 700, "light"],
  ])("the figure %s", async (id, width, scheme) => {
    const page = await open(width, 900, scheme);
    // Alone on the page, so that what stands before it does not move it by parts of a pixel.
    await page.evaluate((name) => {
      const figure = document.getElementById(name)!;
      document.body.replaceChildren(figure);
      document.body.style.padding = figure.style.margin = "20px";
    }, id);
    const shot = await page.locator(`figure#${id}`).screenshot();
    await expectGoldenLook(`report-figure-${id}`, await decodePicture(shot, id));
    await page.close();
  });
});
