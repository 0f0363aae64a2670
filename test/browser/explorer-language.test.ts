/** @file The explorer in a language whose words come late, or do not come. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const words = /\/german-/;

describe.skipIf(withoutBrowser)("a language of its own", () => {
  let explorer: OpenExplorer;
  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  /** A reader of German; what a service worker asks for is not seen here. */
  const opened = async () => {
    const browser = explorer.page.context().browser()!;
    const context = await browser.newContext({ locale: "de-DE", serviceWorkers: "block" });
    return context.newPage();
  };

  test("whose words cannot be had is not what the page says it speaks, and is tried again", async () => {
    const page = await opened();
    explorer.refuse((path) => words.test(path));
    await page.goto(explorer.address);
    const said = await page.waitForSelector('.notices [data-trouble="missingCode"]');
    expect(await said.textContent()).toMatch(/^The part of the page for “.+” could not be fetched/);
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.title()).toBe("Limpid");
    await page.getByRole("button", { name: "Deutsch" }).waitFor();
    // A choice of something else is none of English.
    await page.getByRole("button", { name: /dark/i }).click();
    await page.waitForSelector('html[data-theme="dark"]');
    explorer.refuse(() => false);
    await page.reload();
    await page.waitForSelector('html[lang="de"][data-theme="dark"]');
    await page.getByRole("button", { name: "English" }).waitFor();
    expect(await page.locator("[data-trouble]").count()).toBe(0);
    await page.context().close();
  });

  test("that comes late undoes nothing that was chosen since", async () => {
    const page = await opened();
    explorer.refuse((path) => words.test(path));
    await page.goto(explorer.address);
    await page.waitForSelector('[data-trouble="missingCode"]');
    explorer.refuse(() => false);
    let come = () => undefined as void;
    const late = new Promise<void>((resolve) => (come = resolve));
    await page.route(words, async (route) => {
      await late;
      await route.continue();
    });
    await page.getByRole("button", { name: "Deutsch" }).click();
    await page.getByRole("button", { name: /dark/i }).click();
    await page.waitForSelector('html[lang="en"][data-theme="dark"]');
    come();
    await page.waitForSelector('html[lang="de"][data-theme="dark"]');
    expect(await page.locator("[data-trouble]").count()).toBe(0);
    await page.context().close();
  });

  test("is what the page says of a map, of its settings and of what was assumed", async () => {
    const page = await opened();
    await page.goto(explorer.address);
    await page.waitForSelector(".stage .heat");
    await page.locator(".method-settings summary").click();
    await page.locator(".foot summary").click();
    expect(await page.locator("p.sentence").textContent()).toMatch(/liegt die Hälfte/);
    expect(await page.locator("p.score").textContent()).toMatch(/Wahrscheinlichkeit .+Schicht/);
    expect(await page.locator(".stage .heat").getAttribute("aria-label")).toMatch(/am größten/);
    const said = ["p.sentence", ".score span", ".unit", ".method-settings small", ".foot li"];
    for (const place of said) {
      expect(await page.locator(place).count(), place).toBeGreaterThan(0);
      expect(await page.locator(`${place}[lang="en"]`).allTextContents(), place).toEqual([]);
    }
    await page.context().close();
  });
});
