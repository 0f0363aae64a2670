/** @file Before the code that the first map does not call is there, what is stopped is stopped, and is no error. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FromWorker } from "../../web/protocol.ts";
import { letEscapeWait } from "./escape-at-once.ts";
import { openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** Codes of what the worker said in the page. */
declare const errors: Set<string>;

describe.skipIf(withoutBrowser)("before later code is there", () => {
  let explorer: OpenExplorer;
  beforeAll(async () => {
    explorer = await openExplorer();
  });
  afterAll(() => explorer.close());

  test("a map that is stopped is no error and waits for nothing, and the next one is made", async () => {
    const browser = explorer.page.context().browser()!;
    const context = await browser.newContext({ serviceWorkers: "block" });
    let letThrough = (): void => undefined;
    const isLet = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await context.route(/later-code/, async (route) => {
      await isLet;
      await route.continue();
    });
    const page = await context.newPage();
    await letEscapeWait(page, "explain");
    await page.addInitScript(() => {
      Object.assign(globalThis, { errors: new Set<string>() });
      const Plain = Worker;
      globalThis.Worker = class extends Plain {
        constructor(address: string | URL, options?: WorkerOptions) {
          super(address, options);
          this.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
            if ("error" in data) errors.add(data.error.code);
          });
        }
      };
    });
    await page.goto(explorer.address);
    await page.waitForFunction(() => errors.has("aborted"), undefined, { timeout: 20_000 });
    letThrough();
    await page.click(".answers li:nth-child(2) button");
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    await page.waitForSelector(".stage .heat");
    expect(await page.evaluate(() => [...errors])).toEqual(["aborted"]);
    await context.close();
  });
});
