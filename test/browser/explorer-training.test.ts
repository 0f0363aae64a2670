/** @file The explorer in Chromium: a network learns digits while one looks, is asked, stopped, gone on with and opened. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("training in the page", () => {
  let explorer: OpenExplorer;
  const until = (condition: () => boolean) => explorer.page.waitForFunction(condition);
  const epoch = async () =>
    Number((await explorer.page.textContent(".timeline span"))!.match(/[\d.]+/)![0]);
  const button = (name: string) =>
    explorer.page.locator(".train-doors").getByRole("button", { name, exact: true });

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector(".channel-grid");
  });
  afterAll(() => explorer.close());

  test("something changes at once, and curves grow", async () => {
    const { page } = explorer;
    await page.click("#train");
    await page.waitForSelector(".unit-sheet canvas");
    // Long before an epoch is done; how long that takes is the machine's matter.
    const begun = await page.waitForFunction(() =>
      document.querySelector("polyline")?.getAttribute("points")
        ? `${document.querySelectorAll(".training-curve circle").length} epochs`
        : undefined,
    );
    expect(await begun.jsonValue()).toBe("0 epochs");
    await until(() => document.querySelectorAll(".training-curve circle").length >= 2);
    await page.waitForSelector(".confusions canvas");
  });

  test("stops at once by Esc, looks back, and goes on", async () => {
    const { page } = explorer;
    const watched = await page.evaluateHandle(watchEscape);
    await page.locator("body").press("Escape");
    await button("Go on").waitFor();
    expect(await watched.evaluate(({ epochs }) => epochs)).toBeLessThan(1);
    expect(await page.locator(".dialog").count()).toBe(1);
    const stopped = await epoch();
    const answers = () => page.locator(".digit-answers").textContent();
    const last = await answers();
    await page.locator(".timeline input").focus();
    await page.keyboard.press("Home");
    await until(() => document.querySelector(".timeline span")!.textContent.includes(" 0.00 "));
    expect(await answers()).not.toBe(last);
    expect(await faultsOf(page)).toEqual([]);
    await page.keyboard.press("End");
    await until(() => !document.querySelector(".timeline span")!.textContent.includes(" 0.00 "));
    expect(await epoch()).toBe(stopped);
    expect(await answers()).toBe(last);
    await button("Go on").click();
    await page.waitForFunction(
      (before) =>
        Number(document.querySelector(".timeline span")!.textContent.match(/[\d.]+/)![0]) > before,
      stopped + 1,
    );
  });

  test("what excites each answer changes as one goes through time, and Esc stops it first", async () => {
    const { page } = explorer;
    const row = page.locator(".excited");
    const told = (epoch: string) =>
      page.waitForFunction(
        (at) => document.querySelector<HTMLElement>(".excited")!.dataset["epoch"] === at,
        epoch,
      );
    const busy = (is: string) =>
      page.waitForFunction((wanted) => document.querySelector(".excited")!.ariaBusy === wanted, is);
    const pictures = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLCanvasElement>(".excited canvas")].map((canvas) =>
          canvas.toDataURL(),
        ),
      );
    await page.locator("body").press("Escape");
    await button("Go on").waitFor();
    await page.locator(".timeline input").focus();
    await page.keyboard.press("Home");
    await told("0");
    const untrained = await pictures();
    expect(new Set(untrained).size).toBe(10);
    await page.keyboard.press("End");
    await page.waitForFunction(
      () => Number(document.querySelector<HTMLElement>(".excited")!.dataset["epoch"]) >= 1,
    );
    for (const [number, picture] of (await pictures()).entries()) {
      expect(picture).not.toBe(untrained[number]);
    }
    const texts = await row.getByRole("img").evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(texts[3]).toMatch(/^What excites each answer most: 3\. logit .*: .* → .*/);
    expect(await row.locator("small").textContent()).toContain("in 24 steps");
    // What Esc does, at once: a key would come after fast machines are done.
    await page.evaluate(() => {
      const shown = document.querySelector(".excited")!;
      const watch = new MutationObserver(() => {
        if (shown.ariaBusy !== "true") return;
        watch.disconnect();
        shown.closest("dialog")!.requestClose();
      });
      watch.observe(shown, { attributes: true });
    });
    await page.keyboard.press("ArrowLeft");
    await busy("false");
    expect(await page.locator(".dialog").count()).toBe(1);
    expect(await page.locator(".dialog [role=alert]").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    await button("Go on").click();
  });

  test("every channel is shown, and the chosen one through the epochs, which lead back in time", async () => {
    const { page } = explorer;
    await page.locator("body").press("Escape");
    await button("Go on").waitFor();
    const tiles = (of: string) => page.locator(`.tiles[data-of="${of}"] [role="radio"]`);
    expect(await tiles("kernels").count()).toBe(8);
    expect(await tiles("maps").count()).toBe(16);
    const past = async (channel: string) => {
      await page.waitForSelector(`.past[data-channel="${channel}"] canvas`);
      return page
        .locator(".past canvas")
        .evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()));
    };
    const first = await past("kernels 0");
    expect(new Set(first).size).toBe(first.length);
    await tiles("kernels").first().focus();
    await page.keyboard.press("ArrowRight");
    expect(await past("kernels 1")).not.toEqual(first);
    expect(await tiles("kernels").nth(1).getAttribute("aria-checked")).toBe("true");
    expect(await page.evaluate(() => document.activeElement?.ariaLabel)).toMatch(
      /^Channel 1, largest weight [−-]?[\d.]+/,
    );
    await tiles("maps").nth(5).click();
    const maps = await past("maps 5");
    // What the second layer makes is of the digit: another digit has another past.
    await page.getByRole("button", { name: "Ask about a drawn 8" }).click();
    await page.waitForFunction(
      (before) =>
        [...document.querySelectorAll<HTMLCanvasElement>(".past canvas")].some(
          (canvas, i) => canvas.toDataURL() !== before[i],
        ),
      maps,
    );
    await page.locator(".past button").first().click();
    await until(() => document.querySelector(".timeline span")!.textContent.includes(" 0.00 "));
    await page.waitForSelector('.past [aria-current="true"]:has-text("0")');
    expect(await faultsOf(page)).toEqual([]);
    await button("Go on").click();
  });

  test("is asked about one's own digit while it learns", async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Ask about a drawn 1" }).click();
    await until(
      () => document.querySelector(".digit-answers .best")?.textContent?.startsWith("1") === true,
    );
    await page.getByRole("button", { name: "Clear" }).click();
    const before = await page.locator(".digit-answers").textContent();
    const pad = page.locator(".digit-pad canvas");
    await pad.scrollIntoViewIfNeeded();
    const box = (await pad.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 0.2 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + 0.8 * box.height, { steps: 12 });
    await page.mouse.up();
    await page.waitForFunction(
      (told) => document.querySelector(".digit-answers")!.textContent !== told,
      before,
    );
    await until(
      () => document.querySelector(".digit-answers .best")?.textContent?.startsWith("1") === true,
    );
  });

  test("what was learned is there again after its window was closed, until it is started anew", async () => {
    const { page } = explorer;
    await page.locator("body").press("Escape");
    await button("Go on").waitFor();
    await page.waitForFunction(() => document.querySelector(".excited")!.ariaBusy !== "true");
    const known = async () => ({
      epoch: await epoch(),
      answers: await page.locator(".digit-answers").textContent(),
      moments: await page.locator(".timeline input").getAttribute("max"),
      curve: await page.locator("polyline").first().getAttribute("points"),
      drawn: await page
        .locator(".digit-pad canvas")
        .evaluate((pad: HTMLCanvasElement) => pad.toDataURL()),
    });
    const before = await known();
    expect(before.epoch).toBeGreaterThan(1);
    const close = page.getByRole("button", { name: "Close", exact: true });
    await close.click();
    await page.waitForSelector(".dialog", { state: "detached" });
    await page.click("#train");
    await expect.poll(known).toEqual(before);
    await button("Go on").click();
    await page.waitForFunction(
      (last) =>
        Number(document.querySelector(".timeline span")!.textContent.match(/[\d.]+/)![0]) > last,
      before.epoch,
    );
    // While it learns, too: closing stops it, and nothing is lost.
    await close.click();
    await page.waitForSelector(".dialog", { state: "detached" });
    await page.click("#train");
    await button("Go on").waitFor();
    expect(await epoch()).toBeGreaterThan(before.epoch);
    await button("Start anew").click();
    await page.waitForFunction(
      (last) =>
        Number(document.querySelector(".timeline span")!.textContent.match(/[\d.]+/)![0]) < last,
      before.epoch,
    );
  });

  test("opens as a network like any other", async () => {
    const { page } = explorer;
    await button("Open this network").click();
    await page.waitForSelector(".dialog", { state: "detached" });
    await until(() =>
      document.querySelector(".open-model")!.textContent.startsWith("digits-epoch-"),
    );
    await until(() => document.querySelectorAll(".answers li").length === 10);
    await page.waitForSelector(".stage .heat");
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});

/** In the page: how much of an epoch goes by from Esc until training rests; no number where it rested before. */
function watchEscape(): { readonly epochs: Promise<number> } {
  const epoch = () =>
    Number(document.querySelector(".timeline span")!.textContent.match(/[\d.]+/)![0]);
  let pressed = Number.NaN;
  addEventListener("keydown", () => (pressed = epoch()), { once: true, capture: true });
  const epochs = new Promise<number>((resolve) => {
    const look = () => {
      if (document.querySelector(".train-doors .primary")?.textContent !== "Go on") return;
      watch.disconnect();
      resolve(epoch() - pressed);
    };
    const watch = new MutationObserver(look);
    watch.observe(document.body, { childList: true, characterData: true, subtree: true });
    look();
  });
  return { epochs };
}
