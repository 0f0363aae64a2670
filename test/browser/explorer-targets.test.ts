/** @file What is explained in the explorer, in Chromium: a difference, a channel, a part of the picture. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("targets in the explorer", () => {
  let explorer: OpenExplorer;
  const heading = (start: string) =>
    explorer.page.waitForFunction(
      (wanted) => document.querySelector(".score strong")?.textContent.startsWith(wanted) === true,
      start,
    );
  const first = async (hash: string) => {
    await explorer.page.goto("about:blank");
    await explorer.page.goto(`${explorer.address}${hash}`);
    await explorer.page.waitForSelector(".channel-grid [role=gridcell]");
    await explorer.page.click(".target summary");
  };

  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  test("one class against another by name, and a channel of the layer", async () => {
    const { page } = explorer;
    await first("");
    await page.getByLabel("Kind").selectOption("difference");
    await page.getByLabel("For", { exact: true }).fill("dog");
    const explain = page.getByRole("button", { name: "Explain this" });
    expect(await explain.isDisabled()).toBe(true);
    await page.getByLabel("And not for").fill("cat");
    await explain.click();
    await heading("dog minus cat");
    expect(new URL(page.url()).hash).toContain("target=1+minus+0");
    expect(await faultsOf(page)).toEqual([]);
    await page.getByLabel("Kind").selectOption("unit");
    await explain.click();
    await heading("layer pool4, channel 0");
  });

  test("a part of the picture, drawn on it or in numbers, of a segmenter", async () => {
    const { page } = explorer;
    await first("#model=shapes-segment");
    await page.getByRole("button", { name: "Mark it on the picture" }).click();
    const box = (await page.locator(".region").boundingBox())!;
    const at = (share: number) => [box.x + share * box.width, box.y + share * box.height] as const;
    await page.mouse.move(...at(0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.4));
    await page.mouse.move(...at(0.7));
    await page.mouse.up();
    await page.waitForFunction(
      () => document.querySelector(".score strong")?.textContent.includes(" in the box ") === true,
    );
    expect(await page.getByLabel("Left %").inputValue()).toBe("20");
    expect(await faultsOf(page)).toEqual([]);
    const before = await page.textContent(".score strong");
    await page.getByLabel("Right %").fill("50");
    await page.getByLabel("Right %").press("Enter");
    await page.waitForFunction((last) => {
      const now = document.querySelector(".score strong")?.textContent;
      return now !== last && now?.includes(" in the box ") === true;
    }, before);
    expect(await page.locator(".recipe pre").first().textContent()).toMatch(
      /--box \d+,\d+,\d+,\d+/,
    );
    await page.getByRole("button", { name: "All of it again" }).click();
    await page.waitForFunction(
      () => document.querySelector(".score strong")?.textContent.includes("found") === true,
    );
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
