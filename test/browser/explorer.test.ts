/** @file The explorer in Chromium: stories of visitors, each of which has to end well and quietly. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const networks = fileURLToPath(new URL("../../assets/networks", import.meta.url));
const shipped = (name: string) => join(networks, name);

describe.skipIf(withoutBrowser)("the explorer", () => {
  let explorer: OpenExplorer;
  const text = (selector: string) => explorer.page.textContent(selector);
  const until = (selector: string) => explorer.page.waitForSelector(selector);
  const idle = () =>
    explorer.page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
  const first = async (hash = "") => {
    await explorer.page.goto("about:blank");
    await explorer.page.goto(`${explorer.address}${hash}`);
    await until(".stage .heat");
    await until(".channel-grid");
  };

  beforeAll(async () => {
    const camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"];
    explorer = await openExplorer({ args: camera });
    await first();
  });
  afterAll(() => explorer.close());

  test("opens with a network and a picture that is explained already", async () => {
    expect(await text(".answers li:first-child .label")).toBe("dog");
    expect(await text(".sentence")).toMatch(/^maximum /);
    expect(await explorer.page.locator(".spine li").count()).toBe(9);
    expect(await explorer.page.locator('.channel-grid [role="gridcell"]').count()).toBe(96);
    expect(await faultsOf(explorer.page)).toEqual([]);
  });

  test("makes a channel's picture, and stops at once", async () => {
    const { page } = explorer;
    await page.click('.channel-grid [data-channel="5"]');
    await until(".details .histogram");
    expect(await page.locator(".kernels canvas").count()).toBeGreaterThan(3);
    await page.click(".unit .primary");
    await until(".unit .excites");
    await page.keyboard.press("Escape");
    await idle();
    expect(await page.locator(".unit progress").getAttribute("value")).not.toBe("64");
    await page.click(".unit .primary");
    await page.waitForFunction(() => document.querySelector("progress")?.value === 64);
    await until(".unit .facts");
    expect(new URL(page.url()).hash).toContain("channel=5");
    expect(await faultsOf(page)).toEqual([]);
  });

  test("explains another class by another method on another layer, all by keyboard", async () => {
    const { page } = explorer;
    await page.locator("body").press("2");
    await page.waitForFunction(
      () => document.querySelector(".score strong")?.textContent === "cat",
    );
    await page.locator("body").press("m");
    await page.keyboard.type("Grad"); // the first of the list that begins so
    await page.selectOption("#method", "gradient");
    await page.waitForFunction(
      () => document.querySelector(".color-bar .unit")?.textContent?.includes("per") === true,
    );
    await page.locator(".spine li:nth-child(2) button").focus();
    await page.keyboard.press("[");
    await idle();
    await page.keyboard.press("Control+f");
    await page.keyboard.type("conv1");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction(
      () => document.querySelector(".units h2 small")?.textContent?.trim() === "conv1",
    );
    await page.fill("#search", "");
  });

  test("compares two maps in one scale, and hides parts by the brush", async () => {
    const { page } = explorer;
    await first();
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await page.click(".answers li:nth-child(2) button");
    await page.waitForFunction(
      () => document.querySelector(".score strong")?.textContent === "cat",
    );
    await page.getByRole("button", { name: "Compare", exact: true }).click();
    await until(".compare > .color-bar");
    expect(await page.locator(".compare figure").count()).toBe(2);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Hide by brush" }).click();
    const box = (await page.locator(".brush").boundingBox())!;
    const at = (share: number) => [box.x + share * box.width, box.y + share * box.height] as const;
    await page.mouse.move(...at(0.3));
    await page.mouse.down();
    for (let share = 0.3; share < 0.7; share += 0.05) await page.mouse.move(...at(share));
    await page.mouse.up();
    await page.waitForFunction(
      () => document.querySelector(".answers .number")?.textContent?.includes("→") === true,
    );
  });

  test("tells its story in nine steps, in German too", async () => {
    const { page } = explorer;
    await first();
    await page.getByRole("button", { name: "Deutsch" }).click();
    await page.getByRole("button", { name: "Geführte Geschichte" }).click();
    for (let step = 1; step < 9; step++) {
      expect(await text(".story h2")).toBe(`${step} / 9`);
      await page.getByRole("button", { name: "Weiter" }).click();
    }
    await page.waitForFunction(() => document.querySelectorAll(".answers li").length === 10);
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole("button", { name: "Frei erkunden" }).click();
    await page.getByRole("button", { name: "English" }).click();
  });

  test("opens a model in hand, and says what is wrong with a file that is none", async () => {
    const { page } = explorer;
    await first();
    const bytes = Buffer.from("not a model at all");
    await page.setInputFiles("#model-files", {
      name: "broken.onnx",
      mimeType: "",
      buffer: bytes,
    });
    await until(".error");
    expect(await text(".error")).toContain("broken.onnx");
    await page.setInputFiles("#model-files", shipped("mnist.onnx"));
    await page.waitForFunction(() => document.querySelectorAll(".answers li").length === 10);
    await until(".stage .heat");
    expect(await text(".open-model")).toBe("mnist.onnx");
    expect(await page.locator(".error").count()).toBe(0);
  });

  test("an address leads others to the same view", async () => {
    await first("#model=mnist&method=gradient&target=3&picture=drawn:4");
    expect(await text(".open-model")).toBe("mnist.onnx");
    expect(await text(".score")).toContain("class 3");
  });

  test("looks through the camera", async () => {
    const { page } = explorer;
    await first();
    await page.getByRole("button", { name: "Camera" }).click();
    await page.waitForFunction(() => location.hash.includes("camera"));
    await page.locator(".doors").getByRole("button", { name: "Stop" }).click();
    await idle();
  });

  test("is there again where the network is gone", async () => {
    const { page } = explorer;
    await first();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.waitForFunction(async () => {
      const store = await caches.open("limpid explorer");
      const kept = (await store.keys()).map(({ url }) => url);
      return [".wasm", ".onnx", ".css"].every((end) => kept.some((url) => url.endsWith(end)));
    });
    await page.context().setOffline(true);
    explorer.stopServing();
    await first();
    expect(await text(".answers li:first-child .label")).toBe("dog");
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
