/** @file The report of a study in Chromium, opened from disk: no error, nothing missing, usable by all. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobPlatform } from "../../src/app/job-platform.ts";
import { nodePlatform } from "../../src/node/platform.ts";
import { writeReport } from "../../src/study/report-folder.ts";
import { writeExampleStudy } from "../example-study.ts";
import { launchChromium, withoutBrowser } from "./page.ts";

const widths = { desktop: { width: 1280, height: 900 }, phone: { width: 375, height: 740 } };

describe.skipIf(withoutBrowser)("the report in Chromium, from disk", () => {
  let folder: string;
  let address: string;
  let browser: Browser;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "limpid-report-"));
    const record = await writeExampleStudy(folder);
    address = pathToFileURL(await writeReport(jobPlatform(nodePlatform), folder, record)).href;
    const args = ["--headless=new", "--no-sandbox", "--disable-quic", "--no-first-run"];
    browser = await launchChromium(args);
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(width: keyof typeof widths, colorScheme: "light" | "dark" = "light") {
    const page = await browser.newPage({ viewport: widths[width], colorScheme });
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) problems.push(message.text());
    });
    page.on("requestfailed", (request) => problems.push(`missing ${request.url()}`));
    await page.goto(address, { waitUntil: "load" });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return { page, problems };
  }

  async function violations(page: Page): Promise<readonly string[]> {
    // The page's policy lets no script in, so this one comes by the way of the developer's tools.
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8"));
    const { violations: found } = await page.evaluate(() => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResults> } };
      return axe.run();
    });
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }

  test.each([
    ["desktop", "light"],
    ["desktop", "dark"],
    ["phone", "light"],
    ["phone", "dark"],
  ] as const)("%s, %s: no error, no missing file, no axe violation", async (width, scheme) => {
    const { page, problems } = await open(width, scheme);
    const broken = await page.$$eval(".cell img", (images) =>
      (images as HTMLImageElement[])
        .filter((image) => image.naturalWidth === 0)
        .map(({ src }) => src),
    );
    expect(broken).toEqual([]);
    expect(await page.evaluate(() => document.fonts.check("600 20px Inter"))).toBe(true);
    expect(await violations(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.close();
  });

  test("nothing is wider than a phone, and text is escaped", async () => {
    const { page } = await open("phone");
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    expect(await page.textContent("h1")).toBe("How a network sees <digits> & more");
    await page.close();
  });

  test("pictures open large, turn with the arrows and close; the open dialog has no violation", async () => {
    const { page, problems } = await open("desktop");
    await page.click("#units .cell a");
    const shown = () => page.getAttribute("dialog[open] img", "alt");
    expect(await shown()).toBe("Waves number 0");
    await page.keyboard.press("ArrowRight");
    expect(await shown()).toBe("Waves number 1");
    expect(await violations(page)).toEqual([]);
    await page.click("[data-close]");
    expect(await page.$("dialog[open]")).toBeNull();
    expect(problems).toEqual([]);
    await page.close();
  });

  test("headings come in order and every link within the page has its end", async () => {
    const { page } = await open("desktop");
    const levels = await page.$$eval("h1, h2, h3", (heads) => heads.map((head) => head.tagName));
    expect(levels).toEqual(["H1", "H2", "H3", "H2"]);
    const lost = await page.$$eval(
      'a[href^="#"]',
      (links) =>
        (links as HTMLAnchorElement[]).filter((link) => !document.querySelector(link.hash)).length,
    );
    expect(lost).toBe(0);
    await page.close();
  });
});
