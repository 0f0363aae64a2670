/** @file A visitor of the explorer who has no mouse. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { desktop, Visit } from "./explorer-visit.ts";
import { withoutBrowser } from "./page.ts";

interface Key {
  readonly key: string;
  readonly altKey?: boolean;
  readonly ctrlKey?: boolean;
}

describe.skipIf(withoutBrowser)("the explorer by keyboard", () => {
  let visit: Visit;
  beforeAll(async () => {
    visit = await Visit.begin(desktop);
    await visit.first();
  });
  afterAll(() => visit.explorer.close());
  const press = (...keys: readonly string[]) =>
    keys.reduce((last, key) => last.then(() => visit.page.keyboard.press(key)), Promise.resolve());
  const focused = () =>
    visit.page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute("aria-label") ?? activeElement?.textContent ?? "";
    });

  test("the first stop is a way past everything to the picture", async () => {
    await press("Tab");
    expect(await focused()).toBe("Skip to the picture");
    const { y } = (await visit.page.locator(".skip").boundingBox())!;
    expect(y).toBeGreaterThanOrEqual(0);
    await press("Enter");
    expect(await visit.page.evaluate(() => document.activeElement?.id)).toBe("picture");
    expect(new URL(visit.page.url()).hash).not.toContain("picture");
  });

  test("? shows the keys, Esc closes them, and the focus is where it was", async () => {
    await press("?");
    await visit.page.waitForSelector("dialog[open]");
    expect(await visit.page.locator("dialog kbd").count()).toBeGreaterThan(10);
    await visit.expectWell();
    await press("2", "Escape");
    await visit.page.waitForSelector("dialog[open]", { state: "detached" });
    expect(await visit.text(".score strong"), "the page's keys rest meanwhile").toBe("dog");
    expect(await visit.page.evaluate(() => document.activeElement?.id)).toBe("picture");
  });

  test("numbers choose the answer, M the method, C keeps the map, brackets go through layers", async () => {
    await press("2");
    await visit.untilText(".score strong", "cat");
    await press("c");
    await visit.untilCount(".compare figure", 1);
    await press("m");
    expect(await visit.page.evaluate(() => document.activeElement?.id)).toBe("method");
    const method = await visit.page.inputValue("#method");
    await press("ArrowDown");
    await visit.idle();
    expect(await visit.page.inputValue("#method")).not.toBe(method);
    await visit.tabTo(".spine li button");
    const layer = await visit.text(".units h2 small");
    await press("[");
    await visit.page.waitForFunction((before) => {
      const now = document.querySelector(".units h2 small")?.textContent;
      return now !== undefined && now !== before;
    }, layer);
    await press("]");
    await visit.untilText(".units h2 small", layer!.trim());
    await visit.idle();
  });

  test("brackets are heard with AltGr and Alt, letters with Caps Lock, and all beside a slider", async () => {
    const { page } = visit;
    const layer = async () => (await visit.text(".units h2 small"))!;
    const sent = ({ key, altKey = false, ctrlKey = false }: Key) =>
      page.evaluate(
        (told) => document.activeElement!.dispatchEvent(new KeyboardEvent("keydown", told)),
        { bubbles: true, key, altKey, ctrlKey },
      );
    await page.focus(".controls input[type=range]");
    const places = [await layer()];
    for (const modifiers of [{ altKey: true }, { altKey: true, ctrlKey: true }]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await sent({ key: "[", ...modifiers });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await page.waitForFunction((before) => {
        const now = document.querySelector(".units h2 small")?.textContent;
        return now !== undefined && !before.includes(now);
      }, places);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      places.push(await layer());
    }
    await sent({ key: "]", altKey: true });
    await visit.untilText(".units h2 small", places[1]!.trim());
    await sent({ key: "]" });
    await visit.untilText(".units h2 small", places[0]!.trim());
    await visit.idle();
    const kept = await page.locator(".compare figure").count();
    await sent({ key: "C" });
    await visit.untilCount(".compare figure", kept + 1);
    await sent({ key: "M" });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("method");
    await page.locator("#picture").focus();
    await sent({ key: "c", ctrlKey: true });
    await visit.idle();
    expect(await page.locator(".compare figure").count(), "Ctrl+C copies").toBe(kept + 1);
  });

  test("Ctrl+F searches the layers", async () => {
    await press("Control+f");
    await visit.page.keyboard.type("conv2");
    await visit.untilCount(".spine li", 1);
    await press("Tab", "Enter");
    await visit.untilText(".units h2 small", "conv2");
    await visit.until('.channel-grid [role="gridcell"]');
    await press("Control+f", "Control+a", "Delete");
    await visit.page.waitForFunction(() => document.querySelectorAll(".spine li").length > 8);
    await visit.idle();
  });

  test("arrows go through the channels, Enter makes a picture, Esc stops it and then leaves the channel", async () => {
    await visit.tabTo('[role="gridcell"]');
    expect(await focused()).toMatch(/^Channel 0, (dead|\d+\.\d % active, peak [a-z ]+)$/);
    const columns = Number(await visit.page.getAttribute(".channel-grid", "aria-colcount"));
    await press("ArrowRight", "ArrowDown", "ArrowLeft");
    expect(await focused()).toMatch(new RegExp(`^Channel ${columns}, `));
    await press("End");
    expect(await focused()).toMatch(/^Channel 31, /);
    await press("Home", "ArrowRight");
    const tabbable = visit.page.locator('[role="gridcell"][tabindex="0"]');
    await visit.page.waitForSelector('[data-channel="1"][aria-selected="true"]');
    expect(await tabbable.count(), "one stop in the grid").toBe(1);
    await press("Enter");
    await visit.until(".unit .excites");
    await press("Escape");
    await visit.idle();
    expect(await visit.page.locator(".unit progress").getAttribute("value")).not.toBe("64");
    await press("Escape");
    await visit.page.waitForSelector("section.unit", { state: "detached" });
    expect(await focused()).toMatch(/^Channel 1, /);
  });

  test("the brush moves by arrows and hides by the space bar", async () => {
    await visit.tabTo(".deeds button[aria-pressed]");
    await press("Enter");
    await visit.page.focus("#picture");
    await visit.tabTo(".brush");
    await press("ArrowLeft", "ArrowUp", " ");
    await visit.untilText(".answers .number", "→");
    await visit.expectWell();
  });

  test("says nothing on the console", () => {
    expect(visit.explorer.problems).toEqual([]);
  });
});
