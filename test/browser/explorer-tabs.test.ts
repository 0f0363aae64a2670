/** @file The explorer in several tabs, in one that is hidden, on a host that is plain, and while it is renewed. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

/** A name that is not of this machine, so that a page of it is no secure one. */
const plainName = "limpid.test";

const until = (page: Page, selector: string) => page.waitForSelector(selector);
const whole = async (page: Page) => {
  await until(page, ".stage .heat");
  await until(page, '.channel-grid [role="gridcell"]');
};
/** Another class is explained. */
const explains = async (page: Page, key: string) => {
  const before = await page.textContent(".score");
  await page.locator("body").press(key);
  await page.waitForFunction(
    (old) => document.querySelector(".score")?.textContent !== old,
    before,
  );
  await whole(page);
};
const threads = (page: Page) => page.textContent(".foot");

describe.skipIf(withoutBrowser)("the explorer", () => {
  let plain: OpenExplorer;

  beforeAll(async () => {
    plain = await openExplorer({
      isIsolated: false,
      args: [
        `--host-resolver-rules=MAP ${plainName} 127.0.0.1`,
        "--enable-unsafe-webgpu",
        "--use-webgpu-adapter=swiftshader",
        "--enable-features=Vulkan",
      ],
    });
  });
  afterAll(() => plain.close());

  test("answers in two tabs at once, and in one after the other is closed", async () => {
    const context = await plain.page.context().browser()!.newContext();
    const [first, second] = [await context.newPage(), await context.newPage()];
    await Promise.all([
      first.goto(`${plain.address}#model=mnist`),
      second.goto(`${plain.address}#model=pets`),
    ]);
    await Promise.all([whole(first), whole(second)]);
    await Promise.all([explains(first, "2"), explains(second, "2")]);
    await first.close();
    await explains(second, "1");
    expect(await second.locator(".error").count()).toBe(0);
    expect(await second.textContent(".open-model")).toBe("pets.onnx");
    await context.close();
  });

  test("isolates itself on a plain host, and goes on while its service worker is renewed", async () => {
    const context = await plain.page.context().browser()!.newContext();
    const page = await context.newPage();
    await page.goto(`${plain.address}#model=mnist`);
    await page.waitForFunction(() => crossOriginIsolated);
    await whole(page);
    await page.evaluate(() => {
      navigator.serviceWorker.addEventListener("controllerchange", () => {
        document.documentElement.dataset["renewed"] = "yes";
      });
    });
    appendFileSync(join(plain.folder, "service-worker.js"), "\n// Renewed.\n");
    // The browser looks for a new one by itself, too, and an update that is asked for meanwhile is that one, of the old file.
    const renewed = () =>
      page.evaluate(async () => {
        await (await navigator.serviceWorker.ready).update();
        return document.documentElement.dataset["renewed"];
      });
    await expect.poll(renewed).toBe("yes");
    await explains(page, "2");
    await page.click('.channel-grid [data-channel="2"]');
    await until(page, ".details .histogram");
    expect(await page.locator(".error").count()).toBe(0);
    await context.close();
  });

  test("makes a channel's picture to its end in a tab that is hidden meanwhile", async () => {
    const context = await plain.page.context().browser()!.newContext();
    const page = await context.newPage();
    await page.goto(`${plain.address}#model=pets`);
    await page.waitForFunction(() => crossOriginIsolated);
    await whole(page);
    await page.click('.channel-grid [data-channel="2"]');
    await until(page, ".details .histogram");
    await page.getByRole("button", { name: "What excites it?" }).click();
    await until(page, ".unit canvas");
    const devtools = await context.newCDPSession(page);
    await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
    await devtools.send("Page.setWebLifecycleState", { state: "active" });
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    await until(page, ".unit details.recipe");
    await explains(page, "2");
    expect(await page.locator(".error").count()).toBe(0);
    await context.close();
  });

  test("computes on one thread where nothing isolates it, with the card's build too", async () => {
    const context = await plain.page.context().browser()!.newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    const loaded: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith(".wasm")) loaded.push(request.url());
    });
    await page.goto(`${plain.address}#model=mnist`);
    await whole(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    expect(await threads(page)).toContain("one thread");
    expect(loaded).toHaveLength(1);
    expect(loaded[0]).toContain("jspi");
    await explains(page, "2");
    await page.selectOption("#processor", "card");
    await until(page, '.processor[data-on="card"]');
    await explains(page, "1");
    expect(await page.locator(".error").count()).toBe(0);
    await context.close();
  });

  test("works without https under another name, and says what it does not have there", async () => {
    const context = await plain.page.context().browser()!.newContext();
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (["warning", "error"].includes(message.type())) problems.push(message.text());
    });
    const { port } = new URL(plain.address);
    await page.goto(`http://${plainName}:${port}/#model=mnist`);
    await whole(page);
    expect(await page.evaluate(() => isSecureContext)).toBe(false);
    expect(await threads(page)).toContain("one thread");
    expect(await page.textContent(".processor > span")).toContain("offers this page no WebGPU");
    await explains(page, "2");
    await page.click('.channel-grid [data-channel="2"]');
    await until(page, ".details .histogram");
    await page.getByRole("button", { name: "Camera" }).click();
    await page.getByText("Browsers give a camera only").waitFor();
    expect(await page.locator(".error").count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
    expect(problems).toEqual([]);
    await context.close();
  });
});
