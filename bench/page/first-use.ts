/** @file What a first visit loads, and how soon there is a map: of shipped networks, of one in hand, of one that is dropped. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import type { Browser, Request } from "playwright-core";
import { memoryOf } from "../../test/browser/wasm-memory.ts";
import { atMost } from "./lines.ts";
import { between, firstMoment, idle, momentsUntil, watchedPage } from "./probes.ts";

const repeats = 5;

/** Of the built folder. */
export function folderSizes(folder: string): void {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
  const total = files.reduce((sum, path) => sum + statSync(path).size, 0);
  atMost("the built folder", total / 1e6, 45, "MB");
}

/** Of a first visit: bytes on the way, code, files that are asked for twice. */
export async function firstVisit(browser: Browser, address: string, folder: string): Promise<void> {
  const context = await browser.newContext();
  const page = await watchedPage(context);
  const requests: Request[] = [];
  page.on("request", (request) => requests.push(request));
  await page.goto(address);
  await page.waitForSelector(".channel-grid [role=gridcell]");
  const origin = await page.evaluate(() => performance.timeOrigin);
  const shownMs = origin + (await firstMoment(page, "answer channels"));
  await context.close();
  // On a busy machine whoever waits for the channels hears of them when more is loaded.
  const urls = requests
    .filter((request) => request.timing().startTime <= shownMs)
    .map((request) => request.url());
  const paths = [...new Set(urls)]
    .filter((url) => url.startsWith(address))
    .map((url) => join(folder, new URL(url).pathname.replace(/\/$/, "/index.html")))
    .filter((path) => existsSync(path));
  const brotli = paths.reduce(
    (sum, path) => sum + brotliCompressSync(readFileSync(path)).length,
    0,
  );
  const builds = paths.filter((path) => path.endsWith(".wasm"));
  atMost("builds of WebAssembly that it loads", builds.length, 1, "");
  atMost("a first visit, brotli", brotli / 1e6, 3.2, "MB");
  const gzip = (kept: (name: string) => boolean) =>
    paths
      .filter((path) => /\.(js|css|html)$/.test(path) && kept(basename(path)))
      .reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0) / 1e3;
  const isRuntime = (name: string) => name.startsWith("ort.");
  const isPage = (name: string) => /^(index|kept-settings)/.test(name);
  atMost("code of the page itself, gzip", gzip(isPage), 150, "kB");
  atMost(
    "all code of Limpid's until the first map, gzip",
    gzip((name) => !isRuntime(name)),
    150,
    "kB",
  );
  // ONNX Runtime's threads load its script again.
  const again = urls.filter((url, i) => urls.indexOf(url) !== i && !/ort\.|runtime/.test(url));
  atMost("files that are asked for twice", again.length, 0, "");
}

/** From navigation to the first map, with nothing in any cache. */
export async function coldMaps(
  browser: Browser,
  address: string,
  what: string,
  mostMs: number,
): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const context = await browser.newContext();
    const page = await watchedPage(context);
    await page.goto(address);
    await page.waitForSelector(".stage .heat");
    times.push(await firstMoment(page, "heat"));
    await context.close();
  }
  atMost(`cold navigation to the first map, ${what}`, times, mostMs, "ms");
}

/** From files in hand to the layers, and to the first map. */
export async function droppedModel(
  browser: Browser,
  address: string,
  path: string,
  bounds: { readonly layersMs: number; readonly mapMs: number },
): Promise<void> {
  const [layers, maps, memory]: [number[], number[], number[]] = [[], [], []];
  const rounds = statSync(path).size > 1e8 ? 1 : repeats;
  for (let i = 0; i < rounds; i++) {
    const context = await browser.newContext();
    const page = await watchedPage(context);
    await page.goto(address);
    await idle(page);
    const drop = () => page.setInputFiles("#model-files", path);
    const moments = await momentsUntil(page, drop, "answer explain");
    layers.push(between(moments, "open", "answer open"));
    maps.push(between(moments, "open", "answer explain"));
    memory.push((await memoryOf(page)) / 2 ** 20);
    await context.close();
  }
  const size = `${Math.round(statSync(path).size / 1e6)} MB`;
  atMost(`a dropped file of ${size} to its layers`, layers, bounds.layersMs, "ms");
  atMost(`a dropped file of ${size} to its first map`, maps, bounds.mapMs, "ms");
  atMost(`memory of WebAssembly then`, memory, 2048, "MiB");
}
