/** @file The guided story in Chromium: gone through by keyboard, each step shows what it speaks of, its numbers are the page's. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** What each step speaks of. */
const places = [
  ".look .stage",
  ".answers",
  ".channel-grid",
  "section.unit",
  "section.unit",
  ".spine",
  ".look .stage",
  ".compare",
  "section.unit",
] as const;

/** In the page: what of the story, and of what it speaks of, is not to be seen. */
function hiddenOfStory(place: string): readonly string[] {
  const isSeen = (x: number, y: number, whole: Element) => {
    const found = document.elementFromPoint(x, y);
    return found !== null && whole.contains(found);
  };
  const story = document.querySelector(".story")!;
  const isWhole = (element: Element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const middle = (left + right) / 2;
    return isSeen(middle, top + 3, story) && isSeen(middle, bottom - 3, story);
  };
  const texts = [...story.querySelectorAll(".told strong, .told > div > p, summary")];
  const buttons = [...story.querySelectorAll("button")];
  const spot = document.querySelector(place)?.getBoundingClientRect();
  const element = document.querySelector(place);
  const seenOfSpot = spot
    ? Array.from({ length: innerHeight }, (_, y) => y).filter(
        (y) =>
          y >= spot.top && y < spot.bottom && isSeen((spot.left + spot.right) / 2, y, element!),
      ).length
    : 0;
  return [
    ...(texts.every(isWhole) ? [] : ["text"]),
    ...(buttons.every(isWhole) ? [] : ["buttons"]),
    ...(seenOfSpot >= Math.min(200, 0.9 * (spot?.height ?? 1)) ? [] : [`${place}: ${seenOfSpot}`]),
  ];
}

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

  test.each([
    ["English", "light", "Guided story", "Next"],
    ["German", "dark", "Geführte Geschichte", "Weiter"],
  ])(
    "on a phone, every step is in sight with what it speaks of, in %s, %s",
    async (_, theme, door, forward) => {
      const { page } = explorer;
      await page.setViewportSize({ width: 390, height: 844 });
      if (theme === "dark") {
        await page.getByRole("button", { name: "Deutsch" }).click();
        await page.getByRole("button", { name: "Hell / dunkel" }).click();
      }
      await page.getByRole("button", { name: door }).click();
      for (let step = 1; step <= 9; step++) {
        await until(step);
        await page.waitForFunction(
          () =>
            document.querySelector(".work")?.textContent === "" &&
            document.querySelector(".story .told p")!.textContent.trim().endsWith("."),
        );
        await expect.poll(() => page.evaluate(hiddenOfStory, places[step - 1]!)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThan(391);
        if (step % 4 === 1) expect(await faultsOf(page), `step ${step}`).toEqual([]);
        await page.locator(".story summary").click();
        expect(await page.evaluate(hiddenOfStory, places[step - 1]!)).not.toContain("buttons");
        if (step < 9) await page.getByRole("button", { name: forward }).click();
      }
      await page.locator(".story .end").click();
      await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
      if (theme === "dark") {
        await page.getByRole("button", { name: "Hell / dunkel" }).click();
        await page.getByRole("button", { name: "English" }).click();
      }
      await page.setViewportSize({ width: 1360, height: 900 });
    },
  );

  /** What the visitor has: the address, the maps that are compared, what is open. */
  const inHand = async () => {
    const { page } = explorer;
    await page.waitForFunction(
      () =>
        document.querySelector(".work")?.textContent === "" &&
        document.querySelector(".channel-grid [role=gridcell]") !== null &&
        document.querySelector(".stage .heat") !== null,
    );
    return {
      hash: new URL(page.url()).hash,
      network: await page.textContent(".open-model"),
      explained: await page.textContent(".score"),
      compared: await page.locator(".compare figcaption").allTextContents(),
    };
  };
  const toStep = async (last: number) => {
    await explorer.page.getByRole("button", { name: "Guided story" }).click();
    for (let step = 1; step <= last; step++) {
      await until(step);
      if (step >= 8) await untilFact(step === 8 ? "Compared are 3 maps" : "from .* to ");
      if (step < last) await explorer.page.getByRole("button", { name: "Next" }).click();
    }
  };
  const compareTwo = async () => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.click(".answers li:nth-child(2) button");
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.waitForFunction(() => document.querySelectorAll(".compare figure").length === 2);
  };

  test.each([1, 3, 8, 9])(
    "what the visitor had is put back where it is closed at step %i",
    async (last) => {
      const { page } = explorer;
      await page.goto("about:blank");
      await page.goto(
        `${explorer.address}#model=mnist&layer=conv1&channel=2&method=gradient&picture=drawn:4`,
      );
      await inHand();
      if (last > 3) {
        const buffer = readFileSync(new URL("../../assets/networks/pets.onnx", import.meta.url));
        await page.setInputFiles("#model-files", { name: "mine.onnx", mimeType: "", buffer });
        await page.waitForFunction(
          () => document.querySelector(".open-model")?.textContent === "mine.onnx",
        );
        await inHand();
        await page.selectOption("#method", "layer-cam");
      }
      await compareTwo();
      const before = await inHand();
      await toStep(last);
      await page.locator(".story .end").click();
      await expect.poll(inHand, { timeout: 15_000 }).toEqual(before);
      expect(await page.locator(".notices > *").count()).toBe(0);
    },
  );

  test("what the visitor opens while it is told stays, and the maps of before come back", async () => {
    const { page } = explorer;
    const { compared } = await inHand();
    await toStep(9);
    const buffer = readFileSync(new URL("../../assets/networks/mnist.onnx", import.meta.url));
    await page.setInputFiles("#model-files", { name: "other.onnx", mimeType: "", buffer });
    await page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "other.onnx",
    );
    await inHand();
    await page.locator(".story .end").click();
    await expect.poll(async () => (await inHand()).compared).toEqual(compared);
    expect((await inHand()).network).toBe("other.onnx");
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
