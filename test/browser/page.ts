/** @file A Chromium tab that runs the library: bundles a case file, serves it on this machine only, calls its functions. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { build } from "vite";
import { inject } from "vitest";
import { readGoldenFile } from "../goldens/load.ts";

const flags = [
  "--headless=new",
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

const root = fileURLToPath(new URL("../../", import.meta.url));

/** True where there is no browser, so that the tests in it are left out, for `describe.skipIf`. */
export const withoutBrowser = inject("chromium").path === undefined;

/** A busy machine takes long to start a browser, and for all that a page is waited for. */
const patienceMs = 180_000;

/** Opens the browser that `provide-chromium.ts` found. */
export async function launchChromium(args: readonly string[]): Promise<Browser> {
  const { path, missing } = inject("chromium");
  if (path === undefined) throw new Error(`browser tests need Chromium, got none: ${missing}.`);
  const asked = { executablePath: path, args: [...args], timeout: patienceMs };
  const browser = await chromium.launch(asked);
  browser.on("context", (context) => context.setDefaultTimeout(patienceMs));
  return browser;
}

/** An open tab. */
export interface BrowserPage {
  /**
   * Calls an exported function of the case file in the tab. Arguments and result are plain data; typed
   * arrays and bigints are, too.
   */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T>;
  /** Closes everything. Throws if the page had an error, or a warning or error on its console. */
  close(): Promise<void>;
}

export interface PageOptions {
  /** Cross-origin isolated (the default), so that WebAssembly may use threads. */
  readonly isolated?: boolean;
  /** Warnings and errors that are no failure. */
  readonly expectedProblems?: RegExp;
}

/**
 * Opens Chromium on a page that exposes the exports of `test/browser/cases/FILE.ts`. The golden files lie
 * under /goldens/; nothing but the page's own server can be reached. Throws if there is no Chromium.
 */
export async function openPage(caseFile: string, options: PageOptions = {}): Promise<BrowserPage> {
  const closing: (() => unknown)[] = [];
  const closeAll = async () => {
    for (const close of closing.reverse()) await close();
  };
  try {
    const folder = mkdtempSync(join(tmpdir(), "limpid-browser-"));
    closing.push(() => rmSync(folder, { recursive: true, force: true }));
    await bundle(caseFile, folder);
    const { server, address } = await serve(folder, options.isolated ?? true);
    closing.push(() => server.close());
    const browser = await launchChromium(flags);
    closing.push(() => browser.close());
    const { page, problems } = await load(browser, address);
    const close = async () => {
      await closeAll();
      const unexpected = problems.filter((problem) => !options.expectedProblems?.test(problem));
      if (unexpected.length > 0) throw new Error(`the page said: ${unexpected.join("; ")}`);
    };
    return { call: (name, ...args) => callCase(page, name, args) as Promise<never>, close };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function callCase(page: Page, name: string, args: readonly unknown[]): Promise<unknown> {
  return page.evaluate(
    ([called, given]) => {
      const { cases } = globalThis as unknown as {
        cases: Record<string, (...values: readonly unknown[]) => unknown>;
      };
      return cases[called]!(...given);
    },
    [name, args] as const,
  );
}

async function bundle(caseFile: string, outDir: string): Promise<void> {
  const entry = join(root, "test/browser/cases", caseFile);
  await build({
    root,
    configFile: false,
    logLevel: "error",
    worker: { format: "es" },
    build: {
      outDir,
      emptyOutDir: true,
      target: "esnext",
      rolldownOptions: {
        input: entry,
        output: { entryFileNames: "cases.js" },
        preserveEntrySignatures: "strict",
      },
    },
  });
}

const types: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".html": "text/html",
};

const html = `<!doctype html><title>limpid</title><script type="module">
import * as cases from "/cases.js";
globalThis.cases = cases;
</script>`;

const goldens = "/goldens/";

/** A golden file, put together again from its parts, or one of the bundle; undefined if there is none. */
function readServed(path: string, folder: string): Uint8Array | undefined {
  if (path.startsWith(goldens)) return readGoldenFile(path.slice(goldens.length));
  const file = join(folder, path);
  return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
}

/** Serves the bundle and the golden files. */
async function serve(
  folder: string,
  isolated: boolean,
): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    }
    const path = normalize(decodeURIComponent((request.url ?? "/").split("?")[0]!));
    if (path === "/") {
      response.setHeader("Content-Type", "text/html");
      response.end(html);
      return;
    }
    const bytes = path.includes("..") ? undefined : readServed(path, folder);
    response.statusCode = bytes ? 200 : path === "/favicon.ico" ? 204 : 404;
    response.setHeader("Content-Type", types[extname(path)] ?? "application/octet-stream");
    response.end(bytes);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const at = server.address();
  if (at === null || typeof at === "string") throw new Error("the server has no port");
  return { server, address: `http://127.0.0.1:${at.port}/` };
}

async function load(
  browser: Browser,
  address: string,
): Promise<{ page: Page; problems: readonly string[] }> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    const type = message.type();
    if (type === "warning" || type === "error") problems.push(message.text());
  });
  await page.goto(address);
  try {
    await page.waitForFunction("globalThis.cases !== undefined");
  } catch (cause) {
    throw new Error(`the page did not load: ${problems.join("; ")}`, { cause });
  }
  return { page, problems };
}
