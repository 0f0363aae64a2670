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
    await page.waitForSelector(".kernels-now");
    const begun = performance.now();
    await until(() => Boolean(document.querySelector("polyline")?.getAttribute("points")));
    // Two seconds on an idle machine; tests share theirs.
    expect(performance.now() - begun).toBeLessThan(6000);
    await until(() => document.querySelectorAll(".training-curve circle").length >= 2);
    await page.waitForSelector(".confusions canvas");
  });

  test("stops at once by Esc, looks back, and goes on", async () => {
    const { page } = explorer;
    await page.locator("body").press("Escape");
    const pressed = performance.now();
    await button("Go on").waitFor();
    expect(performance.now() - pressed).toBeLessThan(2000);
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
