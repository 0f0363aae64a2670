/** @file What is under way is told where it moves nothing and hides nothing. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { desktop, phone, Visit, type Screen } from "./explorer-visit.ts";
import { withoutBrowser } from "./page.ts";

const tablet: Screen = { name: "a tablet", width: 800, height: 1000, isNarrow: false };

/** In the page: where its parts stand. */
function places(): readonly string[] {
  const parts = [".bar", ".spine", ".middle", ".units", ".foot", ".sections", ".stage"];
  return parts.map((selector) => {
    const { x, y, width, height } = document.querySelector(selector)!.getBoundingClientRect();
    return `${selector}: ${x} ${y} ${width} ${height}`;
  });
}

/** In the page: all that moves from now on, but for what text of another length does within its own line. */
function watchMoves(): void {
  const moves: string[] = [];
  Object.assign(globalThis, { moves });
  new PerformanceObserver((list) => {
    for (const { sources } of list.getEntries() as unknown as readonly {
      sources: readonly { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
    }[]) {
      for (const { node, previousRect: from, currentRect: to } of sources) {
        moves.push(`${node?.nodeName}: ${from.x}, ${from.y} → ${to.x}, ${to.y}`);
      }
    }
  }).observe({ type: "layout-shift" });
}

/** In the page: whether the line lies within the strip that is there anyway, and which texts of it lie below. */
function lineIn(strip: string): { readonly isWithin: boolean; readonly below: readonly string[] } {
  const [line, room] = [".work-line", strip].map((selector) =>
    document.querySelector(selector)!.getBoundingClientRect(),
  ) as [DOMRect, DOMRect];
  const texts = document.createTreeWalker(document.querySelector(strip)!, NodeFilter.SHOW_TEXT);
  const below: string[] = [];
  const range = document.createRange();
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    range.selectNode(text);
    const isBelow = [...range.getClientRects()].some(
      ({ left, right, top, bottom }) =>
        right > line.left && left < line.right && bottom > line.top && top < line.bottom,
    );
    if (isBelow) below.push(text.textContent ?? "");
  }
  const isWithin =
    line.top >= room.top - 1 && line.bottom <= innerHeight + 1 && line.right <= innerWidth + 1;
  return { isWithin, below };
}

describe.each([desktop, tablet, phone])("what is under way, on $name", (screen) => {
  describe.skipIf(withoutBrowser)("in the explorer", () => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.begin(screen);
      await visit.first("#method=integrated-gradients&settings=steps%3D2");
      await visit.untilCount(
        ".spine .thumbnail canvas",
        await visit.page.locator(".spine li").count(),
      );
      await visit.until(".processor");
      await visit.idle();
      await visit.page.locator(".method-settings summary").click();
      await visit.page.getByLabel(/^steps/).fill("5000");
    });
    afterAll(() => visit.explorer.close());

    test.each(["English", "Deutsch"])("moves nothing and hides nothing in %s", async (language) => {
      const { page } = visit;
      if (language === "Deutsch") {
        await visit.button(language);
        // Its words come when they are asked for, and change what is written everywhere.
        await page.getByRole("button", { name: "English" }).waitFor();
      }
      await page.mouse.move(0, 0);
      await page.getByLabel(/^steps/).fill(language === "Deutsch" ? "4000" : "5000");
      await page.evaluate(() => scrollTo(0, 0));
      await page.evaluate(watchMoves);
      const before = await page.evaluate(places);
      await page.getByLabel(/^steps/).evaluate((field) => (field as HTMLElement).blur());
      await page.locator(".work-line button").waitFor({ state: "visible" });
      const strip = screen.isNarrow ? ".sections" : ".foot";
      expect(await page.evaluate(lineIn, strip)).toEqual({ isWithin: true, below: [] });
      expect(await page.evaluate(places)).toEqual(before);
      await visit.expectWell();
      const moves = await page.evaluate(
        () => (globalThis as unknown as { moves: readonly string[] }).moves,
      );
      expect(moves).toEqual([]);
      await page.keyboard.press("Escape");
      await visit.idle();
    });
  });
});
