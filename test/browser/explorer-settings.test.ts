/** @file Settings of a method in the explorer: set, told in the recipe and the address, refused in words, as usual again. */
import { afterEach, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("settings of a method", () => {
  let explorer: OpenExplorer;
  afterEach(() => explorer.close());

  const recipe = () => explorer.page.locator(".recipe pre").first().textContent();
  const isDone = () =>
    explorer.page.waitForFunction(
      () =>
        document.querySelector(".stage .heat") !== null &&
        document.querySelector(".work")?.textContent === "",
    );

  test.each<[number, number]>([
    [1360, 900],
    [390, 844],
  ])("are set by keyboard at %i x %i", async (width, height) => {
    explorer = await openExplorer({ width, height });
    const { page, address } = explorer;
    await page.goto(`${address}#method=occlusion`);
    await isDone();
    await page.locator(".method-settings summary").focus();
    await page.keyboard.press("Enter");
    await page.getByLabel(/^window/).focus();
    await page.keyboard.type("1");
    // What is drawn meanwhile takes nothing of it back.
    await page.locator(".channel-grid [data-channel='1']").evaluate((cell: HTMLElement) => {
      cell.click();
    });
    await page.getByLabel(/^window/).focus();
    await isDone();
    await page.keyboard.type("6");
    await page.keyboard.press("Tab");
    await expect.poll(recipe, { timeout: 20_000 }).toContain("--window 16");
    await isDone();
    expect(new URL(page.url()).hash).toContain("settings=window%3D16");
    expect(await page.locator(".recipe pre").nth(1).textContent()).toContain("window: 16");
    expect(await faultsOf(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    // An address alone leads to the same map.
    const hash = new URL(page.url()).hash;
    await page.goto("about:blank");
    await page.goto(`${address}${hash}`);
    await isDone();
    expect(await recipe()).toContain("--window 16");
    await page.locator(".method-settings summary").click();
    await page.getByLabel(/^window/).fill("many");
    await page.keyboard.press("Tab");
    const error = page.locator(".notices .error");
    await error.waitFor();
    expect(await error.textContent()).toContain("window: it must be a positive whole number");
    await page.locator(".method-settings .fields > button").click();
    await error.waitFor({ state: "detached" });
    await isDone();
    expect(await recipe()).not.toContain("--window");
    expect(new URL(page.url()).hash).not.toContain("settings");
    await page.locator("#method").selectOption("gradient");
    await isDone();
    expect(explorer.problems).toEqual([]);
  });
});
