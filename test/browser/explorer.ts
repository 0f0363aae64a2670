/** @file The explorer's page in Chromium: built once, served on this machine only, watched for errors and foreign requests. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build } from "vite";
import { expect, vi } from "vitest";
import { launchChromium } from "./page.ts";

const config = fileURLToPath(new URL("../../web/vite.config.ts", import.meta.url));

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

export interface OpenExplorer {
  readonly page: Page;
  readonly address: string;
  /** What is served. */
  readonly folder: string;
  /** What was said on the console, what failed, and what was asked of other hosts. */
  readonly problems: readonly string[];
  /** From now on the host answers nothing of what this says of a path, as if it were gone. */
  refuse(isRefused: (path: string) => boolean): void;
  close(): Promise<void>;
}

export interface ExplorerOptions {
  readonly width?: number;
  readonly height?: number;
  readonly args?: readonly string[];
  /** Whether the host sets the headers that isolate the page (the default); plain hosts do not. */
  readonly isIsolated?: boolean;
}

/** What axe-core finds that keeps people out, a line each. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  const source = readFileSync(
    createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
    "utf8",
  );
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
  });
}

/** Until the browser keeps all that a visit without network needs. */
export async function untilKept(page: Page): Promise<void> {
  // A page's `waitForFunction` would take the promise for an answer.
  const look = async () => expect(await page.evaluate(isKept)).toBe(true);
  await vi.waitFor(look, { timeout: 60_000 });
}

/** In the page. */
async function isKept(): Promise<boolean> {
  const store = await caches.open("limpid explorer");
  const kept = (await store.keys()).map(({ url }) => url);
  const files: string[] = await (await fetch("./files.json")).json();
  const all = ["./", ...files].map((name) => new URL(name, document.baseURI).href);
  return kept.some((url) => url.endsWith(".wasm")) && all.every((url) => kept.includes(url));
}

/** A page that is open, of a build of its own. */
export async function openExplorer({
  width = 1360,
  height = 900,
  args = [],
  isIsolated = true,
}: ExplorerOptions = {}): Promise<OpenExplorer> {
  const folder = mkdtempSync(join(tmpdir(), "limpid-explorer-"));
  await build({ configFile: config, logLevel: "error", build: { outDir: folder } });
  let isRefused = (_path: string) => false;
  const server = createServer((request, response) => {
    if (isRefused(request.url ?? "/")) {
      request.socket.destroy();
      return;
    }
    if (isIsolated) {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    }
    const path = normalize(decodeURIComponent((request.url ?? "/").split("?")[0]!));
    const file = join(folder, path === "/" ? "index.html" : path);
    const isThere = !path.includes("..") && existsSync(file) && statSync(file).isFile();
    response.statusCode = isThere ? 200 : 404;
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    response.end(isThere ? readFileSync(file) : undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await launchChromium(["--headless=new", "--no-sandbox", ...args]);
  const page = await browser.newPage({ viewport: { width, height } });
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["warning", "error"].includes(message.type())) problems.push(message.text());
  });
  page.on("request", (request) => {
    const url = request.url();
    const isOwn = [address, "data:", "blob:"].some((start) => url.startsWith(start));
    if (!isOwn) problems.push(`asked for ${url}`);
  });
  const close = async () => {
    await browser.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const refuse = (refused: (path: string) => boolean) => {
    isRefused = refused;
  };
  return { page, address, folder, problems, refuse, close };
}
