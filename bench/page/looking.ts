/** @file What a click takes: another class, a layer of many channels, a channel's picture, a stop; and the camera. */
import type { Browser, Page } from "playwright-core";
import { median } from "../measure.ts";
import { memoryOf } from "../../test/browser/wasm-memory.ts";
import { atLeast, atMost, beside } from "./lines.ts";
import { bareForward, keepFrames, takeWork } from "./ort-runs.ts";
import { partsOf, type PartsOfClick } from "./parts-of-click.ts";
import { between, idle, longestTask, momentsUntil, watchedPage } from "./probes.ts";

const repeats = 5;

export async function openPage(browser: Browser, address: string): Promise<Page> {
  const page = await watchedPage(await browser.newContext());
  await page.goto(address);
  await page.waitForSelector(".channel-grid [role=gridcell]", { timeout: 120_000 });
  await idle(page);
  return page;
}

/** A network by its name, and the name and shape of its input. */
export interface Measured {
  readonly what: string;
  readonly input: string;
  readonly dims: readonly number[];
}

async function clicksOnClasses(page: Page): Promise<readonly PartsOfClick[]> {
  const clicks: PartsOfClick[] = [];
  const originMs = await page.evaluate(() => performance.timeOrigin);
  for (let i = 0; i < 4 * repeats; i++) {
    await takeWork(page);
    const choose = () => page.click(`.answers li:nth-child(${1 + ((i + 1) % 2)}) button`);
    const moments = await momentsUntil(page, choose, "heat");
    // The first ones make ready what the others find.
    if (i < 3) continue;
    clicks.push(partsOf(moments, await takeWork(page), originMs));
  }
  return clicks;
}

/** Grad-CAM for another class, from the message to the painted map. */
export async function otherClasses(
  page: Page,
  { what, input, dims }: Measured,
  mostMs: number,
): Promise<void> {
  const clicks = await clicksOnClasses(page);
  const all = (of: (click: PartsOfClick) => number) => clicks.map(of);
  atMost(
    `Grad-CAM from message to painted, ${what}`,
    all(({ whole }) => whole),
    mostMs,
    "ms",
  );
  atMost(
    "  of it outside ONNX Runtime",
    all(({ whole, runs }) => whole - runs),
    5,
    "ms",
  );
  beside(
    "    until the worker hears",
    all(({ heard }) => heard),
    "ms",
  );
  beside(
    "    until ONNX Runtime runs",
    all(({ prepared }) => prepared),
    "ms",
  );
  beside(
    "    from its numbers to a map",
    all(({ made }) => made),
    "ms",
  );
  beside(
    "    until the map is painted",
    all(({ painted }) => painted),
    "ms",
  );
  beside("  the forward pass alone, by ONNX Runtime", await bareForward(page, input, dims), "ms");
}

/** The same in a browser that does what a click asks before it draws a frame of the click itself. */
export async function otherClassesAtOnce(page: Page, { what }: Measured): Promise<void> {
  const clicks = await clicksOnClasses(page);
  const outside = clicks.map(({ whole, runs }) => whole - runs);
  beside(
    `the same without the frame of the click, ${what}`,
    median(clicks.map((one) => one.whole)),
    "ms",
  );
  beside("  of it outside ONNX Runtime", outside, "ms");
}

/** Answers and Grad-CAM for another photo, from the message to the painted map. */
export async function otherPhotos(page: Page, { what }: Measured): Promise<void> {
  const [looks, maps]: [number[], number[]] = [[], []];
  for (let i = 0; i < 2 * repeats; i++) {
    const choose = () => page.selectOption("#photos", { index: (i + 1) % 2 });
    const moments = await momentsUntil(page, choose, "heat");
    await idle(page);
    if (i < 2) continue;
    looks.push(between(moments, "look", "answer look"));
    maps.push(between(moments, "look", "heat"));
  }
  beside(`another photo, from message to answers, ${what}`, looks, "ms");
  beside("  to its painted map", maps, "ms");
}

/** All channels of the first layer of 512, from the message to the painted sprite. */
export async function manyChannels(page: Page): Promise<void> {
  const times: number[] = [];
  const rows = page.locator(".spine li button");
  const [first, many] = [rows.first(), rows.filter({ hasText: "512 ×" }).first()];
  for (let i = 0; i <= repeats; i++) {
    await momentsUntil(page, () => first.click(), "sprite");
    await idle(page);
    const moments = await momentsUntil(page, () => many.click(), "sprite");
    if (i > 0) times.push(between(moments, "channels", "sprite"));
    await idle(page);
  }
  atMost("512 channels, from message to painted", times, 180, "ms");
}

/** A channel's picture, whole and stopped, and what it costs to show it on its way. */
export async function channelPictures(page: Page, channel: number): Promise<void> {
  await page.click(`.channel-grid [data-channel="${channel}"]`);
  await idle(page);
  const make = () => page.click(".unit .primary");
  const [whole, first, frames, stops]: [number[], number[], number[], number[]] = [[], [], [], []];
  const costs: number[] = [];
  for (let i = 0; i < repeats; i++) {
    // In turns, as a machine's speed changes from minute to minute.
    await keepFrames(page, true);
    const unseen = between(
      await momentsUntil(page, make, "answer maximize"),
      "maximize",
      "answer maximize",
    );
    await keepFrames(page, false);
    const moments = await momentsUntil(page, make, "answer maximize");
    await idle(page);
    whole.push(between(moments, "maximize", "answer maximize"));
    costs.push(100 * (whole.at(-1)! / unseen - 1));
    const painted = moments.filter(({ what }) => what === "excites");
    frames.push(painted.length);
    first.push(painted[0]!.atMs - moments.find(({ what }) => what === "maximize")!.atMs);
    await momentsUntil(page, make, "excites", 3);
    stops.push(await escaped(page));
  }
  atMost("a channel's picture, 128 px, 64 steps", whole, 4000, "ms");
  atMost("to its first frame", first, 500, "ms");
  atLeast("frames painted on the way", frames, 64, "");
  atMost("longer than without frames by", costs, 10, "%");
  atMost("Esc ends it within", stops, 150, "ms");
}

/** Esc while a method of many runs is under way; the next map is there. */
export async function stoppedMethods(page: Page, methods: readonly string[]): Promise<void> {
  for (const method of methods) {
    const choose = () => page.selectOption("#method", method);
    await momentsUntil(page, choose, "explain");
    await page.waitForTimeout(400);
    atMost(`Esc ends ${method} within`, await escaped(page), 1000, "ms");
    await momentsUntil(page, () => page.selectOption("#method", "grad-cam"), "heat");
    await idle(page);
  }
}

/** Milliseconds from Esc to a page that computes nothing. */
async function escaped(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const start = performance.now();
    dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    while (document.querySelector(".work")?.textContent !== "") {
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
    return performance.now() - start;
  });
}

/** Maps of Chromium's own camera, a second. */
export async function cameraMaps(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Camera" }).click();
  await momentsUntil(page, async () => undefined, "heat", 10);
  const rates: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const moments = await momentsUntil(page, async () => undefined, "heat", 30);
    rates.push(29_000 / between(moments, "heat", "heat"));
  }
  atLeast("maps of the camera a second", rates, 20, "");
}

/** A map and all channels on every layer, one after the other. */
export async function tour(page: Page): Promise<void> {
  const rows = page.locator(".spine li button");
  const count = await rows.count();
  let most = 0;
  for (let i = 0; i < count; i++) {
    await rows.nth(i).click();
    await idle(page);
    most = Math.max(most, await memoryOf(page));
  }
  atMost(`memory of WebAssembly on a tour of ${count} layers`, most / 2 ** 20, 300, "MiB");
}

/** So many pictures of channels: memory after the tenth, and after the last. */
export async function manyPictures(page: Page, count: number): Promise<void> {
  const make = () => page.click(".unit .primary");
  await page.click('.channel-grid [data-channel="5"]');
  await idle(page);
  let early = 0;
  for (let i = 1; i <= count; i++) {
    await momentsUntil(page, make, "answer maximize");
    if (i === 10) early = await memoryOf(page);
  }
  const grown = ((await memoryOf(page)) - early) / 2 ** 20;
  atMost(`growth from the 10th to the ${count}th picture of a channel`, grown, 0, "MiB");
}

export async function heldUp(page: Page, what: string): Promise<void> {
  atMost(`the longest task of the main thread, ${what}`, await longestTask(page), 50, "ms");
}
