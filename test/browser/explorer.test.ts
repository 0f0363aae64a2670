/** @file The explorer in Chromium: what a visitor sees first, and what follows a click. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("the explorer", () => {
  let explorer: OpenExplorer;

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".stage .heat");
  });
  afterAll(() => explorer.close());

  test("opens with a network and a picture that is explained already", async () => {
    const { page } = explorer;
    expect(await page.textContent(".answers li:first-child .label")).toBe("dog");
    expect(await page.textContent(".sentence")).toMatch(/^maximum /);
    expect(await page.locator(".spine li").count()).toBe(9);
    await page.waitForSelector(".channel-grid");
    expect(await page.locator('.channel-grid [role="gridcell"]').count()).toBe(96);
  });

  test("makes a channel's picture, and stops at once", async () => {
    const { page } = explorer;
    await page.click('.channel-grid [data-channel="5"]');
    await page.click(".unit .primary");
    await page.waitForSelector(".unit .excites");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    expect(await page.locator(".unit progress").getAttribute("value")).not.toBe("64");
    await page.click(".unit .primary");
    await page.waitForFunction(() => document.querySelector("progress")?.value === 64);
    await page.waitForSelector(".unit .facts");
    expect(new URL(page.url()).hash).toContain("channel=5");
  });

  test("explains another class by another method on another layer", async () => {
    const { page } = explorer;
    const before = await page.textContent(".score");
    await page.click(".answers li:nth-child(2) button");
    await page.waitForFunction(
      (was) => document.querySelector(".score")?.textContent !== was,
      before,
    );
    expect(await page.textContent(".score strong")).toBe("cat");
    await page.selectOption("#method", "gradient");
    await page.waitForFunction(
      () => document.querySelector(".color-bar .unit")?.textContent?.includes("per") === true,
    );
    await page.click(".spine li:first-child button");
    await page.waitForFunction(
      () => document.querySelector(".units h2 small")?.textContent?.trim() === "conv1",
    );
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
