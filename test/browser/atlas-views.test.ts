/** @file The views of a layer in the atlas's site: its map of units and its activations, by wheel, thumb and keys. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { unitBeside } from "../../web/atlas/views/map-view.ts";
import { colourOf, colourOfCell, spiralOf } from "./atlas-folder.ts";
import { atlasInBrowser, colourIn, go, place, until } from "./atlas-site.ts";
import { faultsOf } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";
import { touches } from "./thumbs.ts";

const phone = { width: 390, height: 844 } as const;

describe.skipIf(withoutBrowser)("the views of a layer", () => {
  const site = atlasInBrowser();
  const { fromDisk } = site;
  const chosen = (page: Page, text: string) =>
    page.waitForFunction(
      (wanted) => document.querySelector(".chosen")?.textContent === wanted,
      text,
    );

  test("maps a layer's units, by wheel, thumb and keys", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    const folder = site.atlas.folders[2]!;
    await go(tab, `#/${folder}`, ".contact-sheet li");
    await page.click('.view-choice a[href*="view=map"]');
    await until(page, `#/${folder}?view=map`);
    const canvas = page.locator(".map-frame canvas");
    await page.waitForLoadState("networkidle");
    await canvas.waitFor();
    await page.waitForFunction(() => document.querySelector("canvas")!.width > 100);
    await canvas.scrollIntoViewIfNeeded();
    const { x, y, width } = (await canvas.boundingBox())!;
    const middle = [x + width / 2, y + width / 2] as const;
    // Unit 0 lies in the middle of the spiral, above all others of which it is the first.
    await page.mouse.move(...middle);
    await chosen(page, "Open Unit 0");
    expect(await page.textContent(".glance strong")).toBe("Unit 0");
    expect(await colourIn(page, ".map-frame canvas")).toEqual(colourOf(2, 0));
    const farther = page.getByRole("button", { name: "Farther" });
    expect(await farther.isDisabled()).toBe(true);
    await page.mouse.wheel(0, -600);
    await page.waitForFunction(() => !document.querySelector(".map-tools button:disabled"));
    await page.mouse.down();
    await page.mouse.move(middle[0] + 120, middle[1]);
    await page.mouse.up();
    expect(place(page)).toBe(`#/${folder}?view=map`);
    await page.mouse.move(middle[0] + 120, middle[1] + 1);
    await chosen(page, "Open Unit 0");
    expect(await faultsOf(page)).toEqual([]);
    await canvas.focus();
    await page.keyboard.press("0");
    let unit = 0;
    for (const key of ["ArrowRight", "ArrowDown"]) {
      await page.keyboard.press(key);
      unit = unitBeside(spiralOf(300), unit, key)!;
      await page.waitForSelector(`.chosen a[href="#/${folder}/${unit}"]`);
    }
    for (const key of ["+", "-", "Shift+ArrowLeft"]) await page.keyboard.press(key);
    await page.click(".as-list summary");
    await page.waitForSelector(".as-list li");
    expect(await page.locator(".as-list li").count()).toBe(300);
    expect(await page.textContent(".as-list li:nth-child(5)")).toBe("Unit 4: 5 0.87");
    expect(await faultsOf(page)).toEqual([]);
    await canvas.focus();
    await page.keyboard.press("Enter");
    await until(page, `#/${folder}/${unit}`);
    await page.keyboard.press("Escape");
    await until(page, `#/${folder}?view=map`);
    await page.keyboard.press("]");
    await until(page, `#/${site.atlas.folders[3]}?view=map`);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  test("lays a layer's activations out, by pointer, keys and as a list", async () => {
    const tab = await fromDisk();
    const { page } = tab;
    const folder = site.atlas.folders[2]!;
    await go(tab, `#/${folder}`, ".contact-sheet li");
    await page.click('.view-choice a[href*="view=cells"]');
    await until(page, `#/${folder}?view=cells`);
    const canvas = page.locator(".cell-atlas canvas");
    await canvas.waitFor();
    await page.waitForFunction(() => document.querySelector("canvas")!.width > 100);
    await page.waitForLoadState("networkidle");
    await canvas.scrollIntoViewIfNeeded();
    expect(await page.textContent(".cell-atlas .hint")).toContain(
      "480 places of 120 photos, 4 of each",
    );
    const { x, y, width } = (await canvas.boundingBox())!;
    // The whole leaves 6 % at each side; cells are five a row.
    const at = (column: number, row: number) =>
      [
        x + (0.06 + (0.88 * (column + 0.5)) / 5) * width,
        y + (0.06 + (0.88 * (row + 0.5)) / 5) * width,
      ] as const;
    await page.mouse.move(...at(3, 2));
    await page.waitForSelector(".cell-glance .cell");
    expect(await page.textContent(".cell-glance strong")).toBe("Row 3, column 4");
    // The thirteenth cell: the middle of the grid has none.
    expect(await page.textContent(".cell-glance p")).toContain("average of 19 places");
    expect(await page.textContent(".cell-glance p")).toContain("<b>cats</b> 17, dogs 2");
    expect(await page.getAttribute(".cell-glance .patches .cell", "aria-label")).toBe(
      "cat <1>.jpg",
    );
    expect(await colourIn(page, ".cell-glance .cell")).toEqual(colourOfCell(12));
    expect(await page.locator(".cell-glance .patches .cell").count()).toBe(2);
    expect(await faultsOf(page)).toEqual([]);
    await page.mouse.move(...at(2, 2));
    expect(await page.textContent(".cell-glance strong")).toBe("Row 3, column 4");
    await canvas.focus();
    for (const key of ["ArrowUp", "ArrowRight", "+", "Shift+ArrowLeft"])
      await page.keyboard.press(key);
    await page.waitForFunction(
      () => document.querySelector(".cell-glance strong")!.textContent === "Row 2, column 5",
    );
    await page.keyboard.press("Enter");
    await page.waitForSelector(".cell-glance:focus");
    await page.click(".as-list summary");
    await page.waitForSelector(".as-list li");
    expect(await page.locator(".as-list li").count()).toBe(24);
    await page.click(".as-list li:first-child button");
    await page.waitForFunction(
      () => document.querySelector(".cell-glance strong")!.textContent === "Row 1, column 1",
    );
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("]");
    await until(page, `#/${site.atlas.folders[3]}?view=cells`);
    await page.waitForSelector(".no-map");
    expect(await page.textContent(".no-map")).toContain("It needs 250 places");
    await go(tab, `#/${site.atlas.folders[0]}?view=cells`, ".no-map");
    expect(await page.locator('.view-choice a[href*="view=cells"]').count()).toBe(0);
    expect(tab.problems).toEqual([]);
    await tab.close();
  });

  for (const view of ["map", "cells"] as const) {
    test(`the ${view} are moved and zoomed by thumbs, and a tap chooses`, async () => {
      const tab = await fromDisk({ ...phone, hasTouch: true });
      const { page } = tab;
      await go(tab, `#/${site.atlas.folders[2]}?view=${view}`, "canvas");
      await page.waitForFunction(() => document.querySelector("canvas")!.width > 100);
      await page.waitForLoadState("networkidle");
      const canvas = page.locator("canvas");
      await canvas.scrollIntoViewIfNeeded();
      const { x, y, width } = (await canvas.boundingBox())!;
      const [left, top] = [x + 0.3 * width, y + 0.35 * width];
      const told = () => page.textContent(view === "map" ? ".chosen" : ".cell-glance strong");
      const thumbs = await touches(page);
      const whole = page.getByRole("button", { name: "Whole map" });
      await thumbs.tap([left, top]);
      await page.waitForFunction(() => document.querySelector(".chosen a, .cell-glance strong"));
      const first = await told();
      // A tap chooses and opens nothing; neither does a finger that scrolls the page.
      expect(place(page)).toBe(`#/${site.atlas.folders[2]}?view=${view}`);
      expect(await whole.isDisabled()).toBe(true);
      const middle = [x + width / 2, y + width / 2] as const;
      await thumbs.pinch(middle, 30, 90);
      await page.waitForFunction(
        () => getComputedStyle(document.querySelector("canvas")!).touchAction === "none",
      );
      expect(await whole.isDisabled()).toBe(false);
      // Three times as near: what was chosen is three times as far from the middle.
      const near = [middle[0] + 3 * (left - middle[0]), middle[1] + 3 * (top - middle[1])] as const;
      await thumbs.drag(middle, [
        middle[0] - (near[0] - middle[0]),
        middle[1] - (near[1] - middle[1]),
      ]);
      await thumbs.tap([middle[0] + 60, middle[1] + 60]);
      await thumbs.tap(middle);
      await page.waitForFunction(
        (text) => document.querySelector(".chosen, .cell-glance strong")!.textContent === text,
        first,
      );
      expect(await faultsOf(page)).toEqual([]);
      expect(tab.problems).toEqual([]);
      await tab.close();
    });
  }
});
