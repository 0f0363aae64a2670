/** @file The explorer where something breaks: its worker, WebAssembly, and files that are nothing, too much, or cut short. */
import { mkdtempSync, openSync, ftruncateSync, closeSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { faultsOf, openExplorer, type OpenExplorer } from "./explorer.ts";
import { withoutBrowser } from "./page.ts";

const mnist = fileURLToPath(new URL("../../assets/networks/mnist.onnx", import.meta.url));

describe.skipIf(withoutBrowser)("the explorer goes on", () => {
  let explorer: OpenExplorer;
  const folder = mkdtempSync(join(tmpdir(), "limpid-robust-"));
  const until = (selector: string) => explorer.page.waitForSelector(selector);
  const said = () => explorer.page.textContent(".notices");
  const whole = async () => {
    await until(".stage .heat");
    await until('.channel-grid [role="gridcell"]');
  };

  beforeAll(async () => {
    explorer = await openExplorer();
    await explorer.page.goto(`${explorer.address}#model=mnist`);
    await whole();
  });
  afterAll(async () => {
    await explorer.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ["ends without a word", "self.close()"],
    ["throws", "setTimeout(() => { throw new Error('a bug') })"],
  ])("with another worker and everything as it was where one %s", async (_, end) => {
    const { page } = explorer;
    await page.selectOption("#method", "gradient");
    await page.click('.channel-grid [data-channel="2"]');
    await until(".details .histogram");
    const before = new URL(page.url()).hash;
    // Threads have workers too, and one that is ended may still be listed.
    void page
      .workers()
      .findLast((worker) => /\/worker-[^/]*\.js$/.test(worker.url()))!
      .evaluate(end)
      .catch(() => undefined);
    await until('[data-trouble="restarted"]');
    await whole();
    await until(".details .histogram");
    expect(new URL(page.url()).hash).toBe(before);
    expect(await faultsOf(page)).toEqual([]);
    await page.locator(".error button").click();
  });

  test("with the next file after one that is nothing", async () => {
    const { page } = explorer;
    const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: "#a41" } })
      .png()
      .toBuffer();
    const model = readFileSync(mnist);
    const bad: readonly (readonly [string, Buffer])[] = [
      ["cut.onnx", model.subarray(0, 5000)],
      ["text.onnx", Buffer.from("not a model")],
      ["empty.onnx", Buffer.alloc(0)],
      ["cut.png", png.subarray(0, 60)],
      ["wide.png", sized(png, 20_000, 20_000)],
    ];
    for (const [name, buffer] of bad) {
      await page.setInputFiles("#model-files", { name, mimeType: "", buffer });
      await page.waitForFunction(
        (part) => document.querySelector(".notices")?.textContent?.includes(part) === true,
        name,
      );
      expect(await said()).not.toMatch(/--\w/);
      await page.setInputFiles("#model-files", mnist);
      await page.waitForFunction(() => !document.querySelector(".notices")?.textContent);
      await whole();
    }
  });

  test("after a network that no tab can hold, which is refused before it is read", async () => {
    const { page } = explorer;
    const path = join(folder, "huge.onnx");
    const file = openSync(path, "w");
    ftruncateSync(file, 3 * 2 ** 30);
    closeSync(file);
    await page.setInputFiles("#model-files", path);
    await page.waitForFunction(
      () => document.querySelector(".notices")?.textContent?.includes("command line") === true,
    );
    await page.setInputFiles("#model-files", mnist);
    await whole();
  });

  test("in words where WebAssembly is switched off", async () => {
    const browser = explorer.page.context().browser()!;
    const context = await browser.newContext({ serviceWorkers: "block" });
    await context.route(/\/assets\/worker-[^/]*\.js$/, async (route) => {
      const answer = await route.fetch();
      const body = `delete globalThis.WebAssembly;\n${await answer.text()}`;
      await route.fulfill({ response: answer, body });
    });
    const page = await context.newPage();
    await page.goto(explorer.address);
    await page.waitForSelector('[data-trouble="noWasm"]');
    await context.close();
  });

  test("says nothing on the console", () => {
    expect(explorer.problems).toEqual([]);
  });
});

/** A PNG file whose header tells another size. */
function sized(png: Buffer, width: number, height: number): Buffer {
  const bytes = Buffer.from(png);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}
