/** @file The guided story in Chromium: gone through by keyboard, each step shows what it speaks of, its numbers are the page's. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("the guided story", () => {
  let explorer: OpenExplorer;
  const told = () => explorer.page.textContent(".story .told p");
  const until = (number: number) =>
    explorer.page.waitForFunction(
      (step) => document.querySelector(".story h2")?.textContent === `${step} / 9`,
      number,
    );
  /** Once the step's fact is there, which needs all that it sets. */
  const untilFact = (pattern: string) =>
    explorer.page.waitForFunction(
      (wanted) =>
        new RegExp(wanted).test(document.querySelector(".story .told p")?.textContent ?? ""),
      pattern,
    );
  const next = () => explorer.page.keyboard.press("Enter");

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".stage .heat");
    await explorer.page.waitForSelector(".channel-grid");
  });
  afterAll(() => explorer.close());

  test("tells its nine steps by Enter alone, with the page's own numbers", async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Guided story" }).press("Enter");
    await until(1);
    await untilFact("12,288 numbers");
    await page.locator(".story summary").press("Enter");
    expect(await page.locator(".story details p").isVisible()).toBe(true);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Next" }).focus();
    await next();
    await until(2);
    const answer = (await page.textContent(".answers li:first-child .label"))!;
    await untilFact(`“${answer}” with 0\\.`);
    expect(await page.locator(".story details p").isVisible()).toBe(false);
    await next();
    await untilFact("16 channels of 64 × 64");
    expect(await page.textContent(".units h2 small")).toContain("conv1");
    await next();
    await untilFact("from .* to ");
    await page.waitForSelector(".unit .facts");
    const [, to] = /to ([\d.,]+)\.$/.exec((await told())!.trim())!;
    expect(await page.textContent(".unit .facts")).toContain(to);
    await next();
    await until(5);
    await next();
    await untilFact("conv1 .* are zero");
    const zeros = /conv1 ([\d.]+)/.exec((await told())!)![1]!;
    expect(await page.textContent(".spine li:first-child")).toContain(zeros);
    await next();
    await untilFact(`explain “${answer}”`);
    await next();
    await untilFact("Compared are 3 maps");
    expect(await page.locator(".compare figure").count()).toBe(3);
    expect(await faultsOf(page)).toEqual([]);
    await next();
    await untilFact("from .* to ");
    expect(await page.locator(".answers li").count()).toBe(10);
    await next();
    expect(await page.locator(".story").count()).toBe(0);
    await page.waitForFunction(() => document.documentElement.dataset["spot"] === undefined);
  });

  test("on a phone, what a step speaks of is in sight", async () => {
    const { page } = explorer;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: "Guided story" }).click();
    await untilFact("12,288 numbers");
    const places = [".stage", ".answers", ".channel-grid"];
    for (const [i, place] of places.entries()) {
      await until(i + 1);
      await page.waitForFunction((selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return box !== undefined && box.height > 0 && box.top < innerHeight && box.bottom > 0;
      }, place);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThan(391);
      await page.getByRole("button", { name: "Next" }).click();
    }
    await page.locator(".story .end").click();
    await page.setViewportSize({ width: 1360, height: 900 });
  });

  test("steps that are skipped leave nothing behind", async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Guided story" }).click();
    for (let step = 1; step < 7; step++) await page.getByRole("button", { name: "Next" }).click();
    await until(7);
    await untilFact("colours explain");
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    expect(await page.inputValue("#method")).toBe("grad-cam");
    expect(new URL(page.url()).hash).not.toContain("channel=2");
    expect(explorer.problems).toEqual([]);
  });
});
