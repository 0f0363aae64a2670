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
});
