/** @file The atlas's site in Chromium: opened from disk or from a static host, watched for errors and foreign requests. */
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { atlasFolder, type AtlasFolder } from "./atlas-folder.ts";
import { decodePicture } from "../../src/node/codecs.ts";
import { launchChromium } from "./page.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".png": "image/png",
  ".jpg": "image/jpeg",
};

export interface OpenAtlas {
  readonly page: Page;
  /** Of the page, without a place. */
  readonly address: string;
  /** What was said on the console, what failed, and what was asked of other places. */
  readonly problems: readonly string[];
  close(): Promise<void>;
}

export interface AtlasPageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  readonly locale?: string;
  readonly hasTouch?: boolean;
}

/** A tab on an address; `own` is what all that it asks for begins with. */
export async function openTab(
  browser: Browser,
  address: string,
  own: string,
  {
    width = 1440,
    height = 900,
    scheme = "light",
    locale = "en-GB",
    hasTouch = false,
  }: AtlasPageOptions = {},
): Promise<OpenAtlas> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    locale,
    hasTouch,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => {
    problems.push(`a name ran as code: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("console", (message) => {
    // Where styles lie apart, axe-core fetches them once more, which the page rightly forbids.
    const isAxe = /^Connecting to '.*atlas(-views)?\.css' violates|preload assets/.test(
      message.text(),
    );
    if (["warning", "error"].includes(message.type()) && !isAxe) problems.push(message.text());
  });
  page.on("request", (request) => {
    const isOwn = [own, "data:"].some((start) => request.url().startsWith(start));
    if (!isOwn) problems.push(`asked for ${request.url()}`);
  });
  return { page, address, problems, close: () => context.close() };
}

export interface AtlasInBrowser {
  readonly browser: Browser;
  readonly atlas: AtlasFolder;
  /** A tab on the atlas, opened from disk. */
  fromDisk(options?: AtlasPageOptions): Promise<OpenAtlas>;
}

/** A browser and an atlas for the tests of the group that asks; there once the first of them runs. */
export function atlasInBrowser(): AtlasInBrowser {
  let browser: Browser;
  let atlas: AtlasFolder;
  beforeAll(async () => {
    [browser, atlas] = await Promise.all([launch(), atlasFolder()]);
  });
  afterAll(async () => {
    await browser.close();
    atlas.remove();
  });
  return {
    get browser() {
      return browser;
    },
    get atlas() {
      return atlas;
    },
    fromDisk: (options) => openTab(browser, diskAddress(atlas), "file://", options),
  };
}

/** The address of a folder's page, opened from disk. */
export function diskAddress({ path }: AtlasFolder): string {
  return pathToFileURL(join(path, "index.html")).href;
}

export interface ServedAtlas {
  readonly address: string;
  /** Bytes of each file that was asked for. */
  readonly sent: Map<string, number>;
  close(): void;
}

/** A static host that has the folder somewhere below its root, and that compresses nothing. */
export async function serveAtlas({ path }: AtlasFolder): Promise<ServedAtlas> {
  const prefix = "/some/where%20else/";
  const sent = new Map<string, number>();
  const server = createServer((request, response) => {
    const asked = (request.url ?? "").split("?")[0]!;
    const name = normalize(decodeURIComponent(asked.slice(prefix.length))) || "index.html";
    const file = join(path, name === "." ? "index.html" : name);
    const isThere =
      asked.startsWith(prefix) &&
      !name.includes("..") &&
      statSync(file, { throwIfNoEntry: false })?.isFile() === true;
    response.statusCode = isThere ? 200 : 404;
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    const bytes = isThere ? readFileSync(file) : undefined;
    sent.set(asked.slice(prefix.length), bytes?.length ?? 0);
    response.end(bytes);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${prefix}`,
    sent,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function launch(): Promise<Browser> {
  return launchChromium(["--headless=new", "--no-sandbox"]);
}

/** Goes to a place of the atlas, and waits for what is seen there. */
export async function go(
  { page, address }: OpenAtlas,
  hash: string,
  selector: string,
): Promise<void> {
  await page.goto("about:blank");
  await page.goto(`${address}${hash}`);
  await page.waitForSelector(selector);
}

export function place(page: Page): string {
  return decodeURIComponent(new URL(page.url()).hash);
}

/** Waits until the page is at a place. */
export async function until(page: Page, hash: string): Promise<void> {
  await page.waitForFunction((wanted) => decodeURIComponent(location.hash) === wanted, hash);
}

/** The colour in the middle of an element, as it is seen. */
export async function colourIn(page: Page, selector: string): Promise<readonly number[]> {
  const bytes = await page.locator(selector).first().screenshot();
  const { data, widthPx, heightPx } = await decodePicture(bytes, selector);
  const at = 3 * (Math.floor(heightPx / 2) * widthPx + Math.floor(widthPx / 2));
  return [...data.subarray(at, at + 3)];
}
