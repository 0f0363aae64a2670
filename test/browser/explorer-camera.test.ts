/** @file The explorer in Chromium with a camera that is none: frames are explained live, and its light goes off. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

describe.skipIf(withoutBrowser)("the live camera", () => {
  let explorer: OpenExplorer;
  const start = async () => {
    await explorer.page.locator(".doors").getByRole("button", { name: "Camera" }).click();
    await explorer.page.waitForFunction(
      () => Number(document.querySelector(".frame-rate")?.textContent) > 0,
    );
  };
  /** The states of all tracks that the page was given. */
  const lights = () =>
    explorer.page.evaluate(() => {
      const { given } = globalThis as unknown as { given: MediaStream[] };
      return given.flatMap((stream) => stream.getTracks().map(({ readyState }) => readyState));
    });
  const stopped = async () => {
    await explorer.page.waitForSelector(".live", { state: "detached" });
    await explorer.page.waitForSelector(".stage .heat");
    await explorer.page.waitForSelector('.channel-grid [role="gridcell"]');
    expect(new Set(await lights())).toEqual(new Set(["ended"]));
  };

  beforeAll(async () => {
    explorer = await openExplorer({
      args: ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"],
    });
    await explorer.page.addInitScript(() => {
      const given: MediaStream[] = [];
      Object.assign(globalThis, { given });
      const { mediaDevices } = navigator;
      const ask = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (wanted) => {
        const stream = await ask(wanted);
        given.push(stream);
        return stream;
      };
    });
    await explorer.page.goto(explorer.address);
    await explorer.page.waitForSelector('.channel-grid [role="gridcell"]');
  });
  afterAll(() => explorer.close());

  test("explains frame after frame, and says how many a second", async () => {
    const { page } = explorer;
    await start();
    const picture = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>(".live .photo")!;
        return canvas.toDataURL();
      });
    const first = await picture();
    await page.waitForFunction(
      (before) => document.querySelector<HTMLCanvasElement>(".live .photo")!.toDataURL() !== before,
      first,
    );
    // The fake device gives 20 or more a second; this machine is shared.
    await page.waitForFunction(
      () => Number(document.querySelector(".frame-rate")?.textContent) >= 5,
    );
    expect(await lights()).toEqual(["live"]);
    expect(await faultsOf(page)).toEqual([]);
  });

  test("stops by Esc, with the last frame as the picture", async () => {
    const { page } = explorer;
    const shown = await page.textContent(".live .sentence strong");
    await page.locator("body").press("Escape");
    await stopped();
    expect(new URL(page.url()).hash).toContain("picture=camera");
    expect(["cat", "dog"]).toContain(shown);
    expect(await page.locator(".answers li").count()).toBe(2);
  });

  test("what is explained stays so of the picture that is kept", async () => {
    const { page } = explorer;
    await start();
    await page.click(".target summary");
    // Whichever the camera shows, one of the two is not the answer.
    for (const label of ["cat", "dog"]) {
      if (label === "dog") await start();
      await page.getByLabel("For", { exact: true }).fill(label);
      await page.getByRole("button", { name: "Explain this" }).click();
      await page.waitForFunction(
        (wanted) => document.querySelector(".live .sentence strong")?.textContent === wanted,
        label,
      );
      await page.getByRole("button", { name: "Keep this picture" }).click();
      await stopped();
      expect(await page.textContent(".score strong")).toBe(label);
      expect(new URL(page.url()).hash).toContain(`target=${label === "dog" ? 1 : 0}`);
    }
    await page.click(".target summary");
  });

  test("says that the camera ended by itself, with the last frame as the picture", async () => {
    const { page } = explorer;
    await start();
    await page.evaluate(() => {
      const { given } = globalThis as unknown as { given: MediaStream[] };
      for (const track of given.at(-1)!.getTracks()) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
      }
    });
    await stopped();
    expect(await page.textContent('.doors [role="alert"]')).toMatch(/gives no more pictures/);
  });

  test("stops where its tab is hidden, and by its own button", async () => {
    const { page } = explorer;
    await start();
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
    });
    await stopped();
    await start();
    await page.getByRole("button", { name: "Keep this picture" }).click();
    await stopped();
  });

  test("another method and another network while it is on, and nothing of the picture before", async () => {
    const { page } = explorer;
    await start();
    await page.selectOption("#method", "gradient");
    await page.waitForFunction(
      () => document.querySelector(".live .color-bar .unit")?.textContent?.includes("per") === true,
    );
    await page.waitForTimeout(600);
    // None of these has a picture that it could be of.
    for (const deed of await page.locator(".deeds button").all()) {
      expect(await deed.isDisabled(), (await deed.textContent()) ?? "").toBe(true);
    }
    expect(await page.locator(".spine .thumbnail canvas").count()).toBe(0);
    await page.selectOption(".networks select", "mnist");
    await page.waitForFunction(
      () => document.querySelector(".open-model")?.textContent === "mnist.onnx",
    );
    await stopped();
  });

  test("says nothing on the console and asks nobody else", () => {
    expect(explorer.problems).toEqual([]);
  });
});
