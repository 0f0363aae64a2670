/**
 * @file `npm run first-map`: lists the functions that the explorer's first map does not call, which the build puts into a
 * file of their own. A browser makes the map of networks that come with the page, in a build that notes what is called.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { chromium, type Browser } from "playwright-core";
import { build, loadConfigFromFile } from "vite";
import { servePage } from "../src/explore/page-server.ts";
import { installedChromium } from "../test/browser/this-machine.ts";
import { firstCalls, firstNetworks } from "../web/first-map.ts";
import { countedCalls } from "./first-map/counted-calls.ts";
import { firstMapEntries, notCalledPath, root } from "./first-map/entries.ts";
import { firstModules } from "./first-map/first-modules.ts";

/**
 * What makes and tells errors stands where it is: a stop is one, before the rest is there too, and so is that it does not
 * come. What lets go of sessions may not wait for it either.
 */
const staying =
  /^(web\/worker\/(worker|later-code|failures)|src\/(errors|wording\/shown-text|runtime\/session-cache))\.ts$/;

async function countingBuild(folder: string): Promise<void> {
  const env = { command: "build", mode: "production" } as const;
  const loaded = await loadConfigFromFile(env, resolve(root, "web/vite.config.ts"));
  const { worker, ...config } = loaded!.config;
  await build({
    ...config,
    configFile: false,
    logLevel: "error",
    worker: { ...worker, plugins: () => [countedCalls(root, firstMapEntries)] },
    build: { ...config.build, outDir: folder, minify: false },
  });
}

async function calledAt(browser: Browser, address: string): Promise<readonly string[]> {
  const context = await browser.newContext();
  // All else is kept from the worker, so that nothing else is counted.
  await context.addInitScript((asked: readonly string[]) => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, message: { readonly call?: string }) {
      if (message.call === undefined || asked.includes(message.call)) post.call(this, message);
    } as typeof post;
  }, firstCalls);
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForSelector(".stage .heat");
  await page.waitForSelector(".channel-grid [role=gridcell]");
  // ONNX Runtime's own workers wait, and answer nothing.
  const worker = page.workers().find((one) => one.url().includes("/worker-"))!;
  const called = await worker.evaluate(() => [
    ...(globalThis as unknown as { readonly called: ReadonlySet<string> }).called,
  ]);
  await context.close();
  return called;
}

async function calledFirst(): Promise<ReadonlySet<string>> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-first-map-"));
  const executablePath = await installedChromium();
  try {
    await countingBuild(folder);
    const { address, close } = await servePage({ folder, handed: [], port: 0 });
    const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
    try {
      const called = new Set<string>();
      for (const name of firstNetworks) {
        for (const one of await calledAt(browser, `${address}#model=${name}`)) called.add(one);
      }
      return called;
    } finally {
      await browser.close();
      await close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const called = await calledFirst();
const notCalled: Record<string, readonly string[]> = {};
for (const [id, { parts }] of firstModules(root, firstMapEntries, {})) {
  const path = relative(root, id);
  const names = parts.functions
    .map(({ name }) => name)
    .filter((name) => !called.has(`${path} ${name}`));
  if (names.length > 0 && !staying.test(path)) notCalled[path] = names;
}
writeFileSync(notCalledPath, `${JSON.stringify(notCalled, null, 2)}\n`);
console.log(
  `${called.size} functions are called; ${Object.values(notCalled).flat().length} are not.`,
);
