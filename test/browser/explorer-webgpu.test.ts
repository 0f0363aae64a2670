/** @file The explorer where the browser has WebGPU, played by SwiftShader: what is compared, what is left out, what is lost. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeNpy } from "../../src/formats/npy.ts";
import { toNumbers } from "../../src/graph/tensor.ts";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const softwareCard = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
];

/** What ONNX Runtime itself says when the card is gone under it: of what it runs, and of weights that it hands over. */
const fallen = [
  /^Aborted\(\)/,
  /^Failed to load external data "[^"]*": \w+: Failed to execute '\w+' on 'GPUDevice': /,
];

/** What says where it computes. */
const shown = ".processor";

describe.skipIf(withoutBrowser)("the explorer with a graphics card", () => {
  let explorer: OpenExplorer;
  const loaded: string[] = [];

  const open = async (hash: string) => {
    const { page, address } = explorer;
    await page.goto("about:blank");
    loaded.length = 0;
    await page.goto(`${address}${hash}`);
    await page.waitForSelector(".stage .heat");
    await page.waitForSelector(`${shown}:not([data-because="unchecked"])`);
  };
  const compute = async (on: string, ended: string) => {
    await explorer.page.selectOption("#processor", on);
    await explorer.page.waitForSelector(`${shown}${ended}`);
  };
  const said = () => explorer.page.textContent(`${shown} > span`);
  /** Numbers of the map that is shown. */
  const numbers = async (): Promise<readonly number[]> => {
    const { page } = explorer;
    await page.getByRole("button", { name: "Download" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Map's numbers" }).click();
    const bytes = readFileSync(await (await saved).path());
    return toNumbers(decodeNpy(bytes));
  };

  beforeAll(async () => {
    explorer = await openExplorer({ args: softwareCard });
    explorer.page.on("request", (request) => {
      const name = new URL(request.url()).pathname.split("/").at(-1)!;
      if (name.endsWith(".wasm")) loaded.push(name);
    });
  });
  afterAll(() => explorer.close());

  test("leaves out a card that the processor plays, and loads one build", async () => {
    await open("#model=mnist");
    expect(await said()).toContain("one that the processor plays");
    expect(loaded).toHaveLength(1);
    expect(loaded[0]).toContain("jspi");
    expect(await faultsOf(explorer.page)).toEqual([]);
  });

  test("computes on the card once it has computed the same, and so do its maps", async () => {
    const { page } = explorer;
    await open("#model=mnist");
    const wanted = await numbers();
    await compute("card", '[data-on="card"]');
    expect(await said()).toMatch(/differ from those of the processor by [\d.]+ %/);
    await page.locator("body").press("2");
    await page.waitForFunction(() => location.hash.includes("target"));
    await page.locator("body").press("1");
    await page.waitForFunction(() => document.querySelector(".work")?.textContent === "");
    const found = await numbers();
    const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = found.map((value, i) => Math.abs(value - wanted[i]!));
    expect(apart).toHaveLength(wanted.length);
    expect(apart.every((gap) => gap <= 1e-3 * largest)).toBe(true);
    expect(loaded).toHaveLength(1);
    expect(await faultsOf(page)).toEqual([]);
  });

  test("keeps to the processor where the card's numbers are wrong", async () => {
    const context = await explorer.page
      .context()
      .browser()!
      .newContext({ serviceWorkers: "block" });
    const page = await context.newPage();
    await context.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: wrongReading + (await answer.text()) });
    });
    await page.goto(`${explorer.address}#model=mnist`);
    await page.selectOption("#processor", "card");
    await page.waitForSelector(`${shown}[data-because="wrong"]`);
    expect(await page.textContent(`${shown} > span`)).toContain("other numbers");
    expect(await page.getAttribute(shown, "data-on")).toBe("processor");
    await context.close();
  });

  test("goes on with the processor after the card is lost, with everything as it was", async () => {
    const { page } = explorer;
    await open("#model=mnist&method=gradient&target=3");
    await compute("card", '[data-on="card"]');
    await page.click('.channel-grid [data-channel="2"]');
    await page.waitForSelector(".details .histogram");
    await page.getByRole("button", { name: "Check this map" }).click();
    await page.waitForFunction(checkedWords);
    await page.click("#trust");
    await page.waitForSelector(".trust .charts");
    const before = new URL(page.url()).hash;
    await page.getByRole("button", { name: "What excites it?" }).click();
    await page.waitForSelector('.unit button:has-text("Stop")');
    expect(explorer.problems).toEqual([]);
    const devtools = await page.context().browser()!.newBrowserCDPSession();
    // The answer does not come, as what would give it has ended.
    void devtools.send("Browser.crashGpuProcess").catch(() => undefined);
    await page.waitForSelector('[data-trouble="lostCard"]');
    await page.waitForSelector(".stage .heat");
    await page.waitForSelector(".details .histogram");
    expect(new URL(page.url()).hash).toBe(before);
    expect(await page.textContent(".score")).toContain("3");
    await page.waitForSelector(`${shown}[data-because="chosen"]`);
    expect(await said()).toContain("was lost");
    // What was under way was asked again, and what was known of the map.
    await page.waitForSelector(".unit details.recipe");
    await page.waitForFunction(checkedWords);
    await page.waitForSelector(".trust .charts");
    expect(new Set(loaded).size).toBe(1);
  });

  test("says nothing on the console but that ONNX Runtime fell with the card", () => {
    const others = explorer.problems.filter((said) => !fallen.some((words) => words.test(said)));
    expect(others).toEqual([]);
  });
});

/** Whether the map that is shown was checked. */
const checkedWords = () => document.querySelector(".score")?.textContent?.includes("checked: ");

/** What is read back from the card is a hundredth too large. */
const wrongReading = `
const read = GPUBuffer.prototype.getMappedRange;
GPUBuffer.prototype.getMappedRange = function (...range) {
  const bytes = read.apply(this, range);
  if (this.usage & GPUBufferUsage.MAP_READ) {
    const numbers = new Float32Array(bytes, 0, Math.floor(bytes.byteLength / 4));
    for (let i = 0; i < numbers.length; i++) numbers[i] *= i % 2 ? 1.01 : 1;
  }
  return bytes;
};
`;
