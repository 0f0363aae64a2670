/**
 * @file The explorer in Chromium, each figure beside its bound: what a first visit loads, how soon there is a map, what a
 * click takes, how soon a stop is heard, what memory it takes. Published networks and photos are taken from
 * `LIMPID_MIRROR` and are left out without it. `npm run build:web` comes first.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { servePage } from "../src/explore/page-server.ts";
import { installedChromium } from "../test/browser/this-machine.ts";
import { coldMaps, droppedModel, firstVisit, folderSizes } from "./page/first-use.ts";
import { writeLargeModel } from "./page/large-model.ts";
import * as looking from "./page/looking.ts";

const folder = fileURLToPath(new URL("../dist/explorer", import.meta.url));
const args = ["--headless=new", "--no-sandbox", "--use-fake-ui-for-media-stream"];

const mirror = process.env["LIMPID_MIRROR"] ?? "";
const [googLeNet, squeezeNet, mobileNet, ...photos] = [
  "weights/googlenet/bvlc_googlenet.onnx",
  "weights/squeezenet1.1-gluon/squeezenet1.1.onnx",
  "weights/mobilenetv2/mobilenet_v2_1.0_224.onnx",
  "photos/cat.1512.jpg",
  "photos/dalmatian.jpg",
].map((path) => join(mirror, path)) as [string, string, string, ...string[]];

const isPublishedThere = [googLeNet, squeezeNet, mobileNet, ...photos].every((path) =>
  existsSync(path),
);

const clicked = [
  [googLeNet, input("GoogLeNet", "data")],
  [squeezeNet, input("SqueezeNet", "data")],
  [mobileNet, input("MobileNetV2", "input")],
] as const;

/** Methods of many runs, at whose stop somebody waits. */
const longMethods = ["occlusion", "integrated-gradients", "smooth-grad", "score-cam", "rise"];

export async function run(): Promise<void> {
  const executablePath = await installedChromium();
  const browser = await chromium.launch({
    executablePath,
    // Of the 20 frames a second that it gives unless told, no more than 20 can be explained.
    args: [...args, "--use-fake-device-for-media-stream=fps=30"],
  });
  try {
    await served([], (address) => shipped(browser, address));
    if (isPublishedThere) await published(browser);
    else console.log("published networks are left out: LIMPID_MIRROR names no folder with them");
  } finally {
    await browser.close();
  }
  if (isPublishedThere) await clicksAtOnce(executablePath);
}

/** In a browser that puts nothing off behind the frame of a click, for what the page itself takes. */
async function clicksAtOnce(executablePath: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath,
    args: [...args, "--disable-features=DeferRendererTasksAfterInput"],
  });
  try {
    for (const [path, measured] of clicked) {
      await served([path, ...photos], async (address) => {
        const page = await looking.openPage(browser, address);
        await looking.otherClassesAtOnce(page, measured);
        await page.context().close();
      });
    }
  } finally {
    await browser.close();
  }
}

async function shipped(browser: Browser, address: string): Promise<void> {
  folderSizes(folder);
  await firstVisit(browser, address, folder);
  await coldMaps(browser, address, "pets", 1200);
  await coldMaps(browser, `${address}#model=cats-dogs`, "cats-dogs", 1200);
  const page = await looking.openPage(browser, address);
  await looking.manyPictures(page, 100);
  await looking.heldUp(page, "making pictures");
  await page.context().close();
  const temporary = mkdtempSync(join(tmpdir(), "limpid-page-"));
  try {
    const path = join(temporary, "large.onnx");
    writeLargeModel(path);
    await droppedModel(browser, address, path, { layersMs: 5000, mapMs: 15_000 });
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

async function published(browser: Browser): Promise<void> {
  await served([], (address) =>
    droppedModel(browser, address, googLeNet, { layersMs: 600, mapMs: 1000 }),
  );
  await served([googLeNet, ...photos], async (address) => {
    await coldMaps(browser, address, "GoogLeNet", 1800);
    const page = await looking.openPage(browser, address);
    await looking.otherClasses(page, input("GoogLeNet", "data"), 85);
    await looking.otherPhotos(page, input("GoogLeNet", "data"));
    await looking.manyChannels(page);
    await page.locator(".spine li button", { hasText: "inception_4c" }).last().click();
    await looking.channelPictures(page, 5);
    await looking.stoppedMethods(page, longMethods);
    await looking.heldUp(page, "GoogLeNet");
    await page.context().close();
    const other = await looking.openPage(browser, address);
    await looking.tour(other);
    await looking.heldUp(other, "on the tour");
    await other.context().close();
  });
  await served([squeezeNet, ...photos], async (address) => {
    const page = await looking.openPage(browser, address);
    await looking.otherClasses(page, input("SqueezeNet", "data"), 30);
    await looking.otherPhotos(page, input("SqueezeNet", "data"));
    await page.context().close();
  });
  await served([mobileNet, ...photos], async (address) => {
    const page = await looking.openPage(browser, address);
    await looking.otherClasses(page, input("MobileNetV2", "input"), 30);
    await looking.otherPhotos(page, input("MobileNetV2", "input"));
    await looking.cameraMaps(page);
    await looking.heldUp(page, "MobileNetV2 and the camera");
    await page.context().close();
  });
}

function input(what: string, name: string): looking.Measured {
  return { what, input: name, dims: [1, 3, 224, 224] };
}

/** With files in the page's hand, the network first. */
async function served(
  paths: readonly string[],
  work: (address: string) => Promise<void>,
): Promise<void> {
  const handed = paths.map((path, i) => {
    const role = i === 0 ? ("model" as const) : ("picture" as const);
    return { path, name: basename(path), role };
  });
  const { address, close } = await servePage({ folder, handed, port: 0 });
  try {
    await work(address);
  } finally {
    await close();
  }
}
