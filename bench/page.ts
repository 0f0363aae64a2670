/**
 * @file The explorer in Chromium: what a first visit loads, how soon there is a map, what a click takes, how soon a stop
 * is heard. GoogLeNet and a folder of photos are taken from `LIMPID_MIRROR` and are left out without it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { chromium, type Browser, type Page } from "playwright-core";
import { servePage } from "../src/explore/page-server.ts";
import { median } from "./measure.ts";

const folder = fileURLToPath(new URL("../dist/explorer", import.meta.url));
const chromiumPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const repeats = 5;

export async function run(): Promise<void> {
  sizes();
  const { address, close } = await servePage({ folder, handed: [], port: 0 });
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ["--headless=new", "--no-sandbox"],
  });
  try {
    for (const name of ["pets", "cats-dogs", "mnist"]) await firstMaps(browser, address, name);
    await stops(browser, address);
    await googLeNet(browser);
  } finally {
    await browser.close();
    await close();
  }
}

/** Of the built folder, and of code by kind. */
function sizes(): void {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
  const total = files.reduce((sum, path) => sum + statSync(path).size, 0);
  const code = files.filter((path) => path.endsWith(".js") && !path.includes("ort."));
  const zipped = code.reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
  console.log(`built folder ${megabytes(total)}; all code of Limpid's ${kilobytes(zipped)} gzip`);
}

async function firstMaps(browser: Browser, address: string, name: string): Promise<void> {
  const [cold, again]: [number[], number[]] = [[], []];
  let loaded: readonly string[] = [];
  for (let i = 0; i < repeats; i++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    const urls: string[] = [];
    page.on("request", (request) => urls.push(request.url()));
    cold.push(await firstMap(page, `${address}#model=${name}`));
    loaded = [...urls];
    await page.goto("about:blank");
    again.push(await firstMap(page, `${address}#model=${name}`));
    await context.close();
  }
  const brotli = loaded
    .filter((url) => url.startsWith(address))
    .map((url) =>
      join(folder, decodeURIComponent(new URL(url).pathname).replace(/^\/$/, "/index.html")),
    )
    .filter((path) => existsSync(path))
    .reduce((sum, path) => sum + brotliCompressSync(readFileSync(path)).length, 0);
  console.log(
    `${name}: first map ${milliseconds(cold)} cold, ${milliseconds(again)} on the second visit; loads ${megabytes(brotli)} brotli`,
  );
}

async function firstMap(page: Page, address: string): Promise<number> {
  const start = performance.now();
  await page.goto(address);
  await page.waitForSelector(".stage .heat");
  return performance.now() - start;
}

/** From Esc to the end of a maximisation. */
async function stops(browser: Browser, address: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(address);
  await page.waitForSelector(".channel-grid");
  await page.click('.channel-grid [data-channel="5"]');
  const times: number[] = [];
  for (let i = 0; i < repeats; i++) {
    await page.click(".unit .primary");
    await page.waitForSelector(".unit .excites");
    times.push(
      await page.evaluate(async () => {
        const start = performance.now();
        dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
        while (document.querySelector(".work")?.textContent !== "") {
          await new Promise((resolve) => {
            setTimeout(resolve, 5);
          });
        }
        return performance.now() - start;
      }),
    );
  }
  console.log(`Esc ends maximise within ${milliseconds(times)}`);
  await page.close();
}

async function googLeNet(browser: Browser): Promise<void> {
  const mirror = process.env["LIMPID_MIRROR"] ?? "";
  const path = join(mirror, "weights/googlenet/bvlc_googlenet.onnx");
  const photo = join(mirror, "photos/cat.1512.jpg");
  if (!existsSync(path) || !existsSync(photo)) {
    console.log("GoogLeNet is left out: set LIMPID_MIRROR to a folder with the published weights");
    return;
  }
  const handed = [
    { path, name: "bvlc_googlenet.onnx", role: "model" } as const,
    { path: photo, name: "cat.1512.jpg", role: "picture" } as const,
  ];
  const { address, close } = await servePage({ folder, handed, port: 0 });
  try {
    const page = await browser.newPage();
    const first = await firstMap(page, address);
    await page.waitForSelector(".channel-grid");
    const classes = await perClick(
      page,
      (i) => `.answers li:nth-child(${1 + (i % 2)}) button`,
      ".score strong",
    );
    console.log(
      `GoogLeNet: first map ${first.toFixed(0)} ms with its file handed over; another class's Grad-CAM ${milliseconds(classes)} from click to text`,
    );
    await page.close();
  } finally {
    await close();
  }
}

async function perClick(
  page: Page,
  selector: (i: number) => string,
  changed: string,
): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i <= repeats; i++) {
    const took = await page.evaluate(
      async ([button, text]) => {
        const before = document.querySelector(text!)?.textContent;
        const start = performance.now();
        document.querySelector<HTMLElement>(button!)!.click();
        while (
          document.querySelector(text!)?.textContent === before &&
          performance.now() - start < 20_000
        ) {
          await new Promise((resolve) => {
            requestAnimationFrame(resolve);
          });
        }
        return performance.now() - start;
      },
      [selector(i + 1), changed],
    );
    // The first opens the session.
    if (i > 0) times.push(took);
  }
  return times;
}

function milliseconds(times: readonly number[]): string {
  return `${median(times).toFixed(0)} ms`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1e3).toFixed(0)} kB`;
}
