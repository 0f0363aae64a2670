/** @file The explorer in Chromium: the picture is changed by sliders, and what is shown, answered and explained follows. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("changing the picture", () => {
  let explorer: OpenExplorer;
  const picture = () =>
    explorer.page.evaluate(() =>
      document.querySelector<HTMLCanvasElement>(".stage .photo")!.toDataURL(),
    );
  const idle = async () => {
    await explorer.page.waitForSelector('.channel-grid [role="gridcell"]');
  };
  const answers = () => explorer.page.locator(".answers .number").allTextContents();
  const slide = (key: string, value: string) => explorer.page.fill(`#alter-${key}`, value);
  const isOther = (before: string) =>
    explorer.page.waitForFunction(
      (was) => document.querySelector<HTMLCanvasElement>(".stage .photo")?.toDataURL() !== was,
      before,
    );

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await idle();
  });
  afterAll(() => explorer.close());

  test("answers and map follow a slider, and go back to what they were", async () => {
    const { page } = explorer;
    const [before, told] = [await picture(), await answers()];
    const map = await page.textContent(".sentence");
    await page.click("#alter");
    await page.waitForSelector(".alter-panel");
    await slide("turn", "120");
    await isOther(before);
    await idle();
    expect(await answers()).not.toEqual(told);
    expect(await page.textContent(".sentence")).not.toBe(map);
    expect(new URL(page.url()).hash).toContain("changed");
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "As it was" }).click();
    await page.waitForFunction(
      (was) => document.querySelector<HTMLCanvasElement>(".stage .photo")?.toDataURL() === was,
      before,
    );
    await idle();
    expect(await answers()).toEqual(told);
    expect(await page.textContent(".sentence")).toBe(map);
    expect(await page.inputValue("#alter-turn")).toBe("0");
    expect(new URL(page.url()).hash).not.toContain("picture");
  });

  test("changes are not built upon each other: back at nothing it is the picture itself", async () => {
    const { page } = explorer;
    const [before, told] = [await picture(), await answers()];
    await slide("noise", "0.2");
    await isOther(before);
    const noisy = await picture();
    await page.getByRole("button", { name: "Another noise" }).click();
    await isOther(noisy);
    await slide("zoom", "2");
    await slide("blur", "2");
    await slide("zoom", "1");
    await slide("blur", "0");
    await slide("noise", "0");
    await page.waitForFunction(
      (was) => document.querySelector<HTMLCanvasElement>(".stage .photo")?.toDataURL() === was,
      before,
    );
    await idle();
    expect(await answers()).toEqual(told);
  });

  test("another picture or network has its own", async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Mirrored" }).click();
    await page.waitForFunction(() => location.hash.includes("changed"));
    await idle();
    await page.selectOption(".networks select", "mnist");
    await page.waitForFunction(() => document.querySelectorAll(".answers li").length === 10);
    await idle();
    const mirrored = page.getByRole("button", { name: "Mirrored" });
    expect(await mirrored.getAttribute("aria-pressed")).toBe("false");
    const before = await picture();
    await slide("turn", "90");
    await isOther(before);
    await idle();
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
