/** @file The explorer in Chromium: channels are stepped through, and what is added up is the network's own number. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("stepping through a channel", () => {
  let explorer: OpenExplorer;
  const first = async (hash: string) => {
    const { page, address } = explorer;
    await page.goto("about:blank");
    await page.goto(`${address}${hash}`);
    await page.waitForSelector(".stage .heat");
    await page.waitForSelector(".channel-grid");
  };
  const step = async (channel: number) => {
    await explorer.page.click(`.channel-grid [data-channel="${channel}"]`);
    await explorer.page.click("#steps");
    await explorer.page.waitForSelector(".step-pane, .step-note");
  };
  const close = async () => {
    await explorer.page.locator("body").press("Escape");
    await explorer.page.waitForSelector(".dialog", { state: "detached" });
  };
  /** What is summed up in the page, beside the network's own number. */
  const sums = () =>
    explorer.page.evaluate(() => {
      const { sum, own } = document.querySelector<HTMLElement>("[data-sum]")!.dataset;
      return { sum: Number(sum), own: Number(own) };
    });

  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  test("slides over a normalised convolution: at every place the sum is the layer's own", async () => {
    const { page } = explorer;
    await first("#layer=conv4");
    await step(5);
    await page.waitForSelector(".step-reads");
    expect(await page.locator(".step-reads li").count()).toBe(24);
    const place = page.locator('[role="slider"]');
    const before = await place.getAttribute("aria-valuenow");
    await page.waitForFunction(
      (at) => document.querySelector('[role="slider"]')?.getAttribute("aria-valuenow") !== at,
      before,
    );
    await page.getByRole("button", { name: "Pause" }).click();
    await place.press("Home");
    for (let i = 0; i < 12; i++) {
      const { sum, own } = await sums();
      expect(Math.abs(sum - own)).toBeLessThan(1e-4);
      await place.press(i % 2 === 0 ? "ArrowRight" : "ArrowDown");
    }
    expect(await place.getAttribute("aria-valuetext")).toMatch(/^row \d+, column \d+: /);
    const last = page.locator(".stage-number").last();
    expect(await page.locator(".step-sum dt small").allTextContents()).toContain("max(0, x)");
    const ends = (await place.getAttribute("aria-valuetext"))!.split(": ")[1];
    expect((await last.textContent())!.slice(0, 3)).toBe(ends!.slice(0, 3));
    expect(await page.locator(".warnings").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    await close();
  });

  test("a place is chosen by the mouse, another input by a click", async () => {
    const { page } = explorer;
    await first("#layer=conv1");
    await step(2);
    await page.waitForSelector(".step-reads");
    expect(await page.locator(".step-reads li").count()).toBe(3);
    await page.locator('[role="slider"]').click({ position: { x: 14, y: 2 } });
    const chosen = await page.locator('[role="slider"]').getAttribute("aria-valuetext");
    expect(chosen).toMatch(/^row 0, column 3: /);
    // The first window of a padded convolution reaches over the border.
    expect(await page.locator(".number-table").first().locator("td.outside").count()).toBe(3);
    const products = page.locator(".number-table").nth(2).locator("td");
    expect(await products.count()).toBe(9);
    const told = await page.locator(".window .step-line strong").textContent();
    await page.locator(".step-reads li:nth-child(2) button").click();
    expect(await page.locator(".window .step-line strong").textContent()).not.toBe(told);
    const { sum, own } = await sums();
    expect(sum).toBeCloseTo(own, 4);
    await close();
  });

  test("pools and dense layers too, without sliding where less motion is asked for", async () => {
    const { page } = explorer;
    await page.emulateMedia({ reducedMotion: "reduce" });
    await first("#layer=pool1");
    await step(0);
    await page.waitForSelector(".step-output");
    expect(await page.getByRole("button", { name: "Slide" }).count()).toBe(1);
    expect(await page.locator(".step-reads li").count()).toBe(1);
    expect(await sums()).toSatisfy(({ sum, own }) => sum === own);
    await close();
    await first("#model=mnist&method=gradient&layer=dense1");
    await step(1);
    await page.waitForSelector(".step-pane");
    const { sum, own } = await sums();
    expect(Math.abs(sum - own)).toBeLessThan(1e-3);
    expect(await faultsOf(page)).toEqual([]);
    await page.emulateMedia({ reducedMotion: null });
    await close();
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
