/** @file A Chromium tab that runs the library: bundles a case file, serves it on this machine only, calls its functions. */
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { build } from "vite";

const chromiumPath = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
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
];

const root = fileURLToPath(new URL("../../", import.meta.url));

/** An open tab. */
export interface BrowserPage {
  /** Calls an exported function of the case file in the tab; arguments and result are JSON. */
  call<T>(name: string, ...args: readonly unknown[]): Promise<T>;
  close(): Promise<void>;
}

/** Opens Chromium on a page that exposes the exports of `test/browser/cases/FILE.ts`. Throws if there is no Chromium. */
export async function openPage(caseFile: string): Promise<BrowserPage> {
  if (!existsSync(chromiumPath)) {
    throw new Error(
      `browser tests need Chromium at ${chromiumPath}. install Debian's package chromium, or set CHROMIUM_PATH.`,
    );
  }
  const folder = mkdtempSync(join(tmpdir(), "limpid-browser-"));
  await bundle(caseFile, folder);
  const { server, address } = await serve(folder);
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: flags,
    headless: true,
  });
  const page = await load(browser, address);
  return {
    call: (name, ...args) =>
      page.evaluate(
        ([called, given]) =>
          (globalThis as unknown as Record<string, Record<string, (...a: unknown[]) => unknown>>)[
            "cases"
          ]![called]!(...given),
        [name, args] as const,
      ) as Promise<never>,
    close: async () => {
      await browser.close();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function bundle(caseFile: string, outDir: string): Promise<void> {
  const entry = join(root, "test/browser/cases", caseFile);
  await build({
    root,
    configFile: false,
    logLevel: "error",
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

/** Serves the bundle and the golden files, cross-origin isolated so that WebAssembly may use threads. */
async function serve(folder: string): Promise<{ server: Server; address: string }> {
  const server = createServer((request, response) => {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    const path = normalize(decodeURIComponent((request.url ?? "/").split("?")[0]!));
    if (path === "/") {
      response.setHeader("Content-Type", "text/html");
      response.end(html);
      return;
    }
    const file = path.startsWith("/goldens/") ? join(root, "test", path) : join(folder, path);
    if (path.includes("..") || !existsSync(file) || !statSync(file).isFile()) {
      response.statusCode = path === "/favicon.ico" ? 204 : 404;
      response.end();
      return;
    }
    response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const at = server.address();
  if (at === null || typeof at === "string") throw new Error("the server has no port");
  return { server, address: `http://127.0.0.1:${at.port}/` };
}

async function load(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  await page.goto(address);
  try {
    await page.waitForFunction("globalThis.cases !== undefined", undefined, { timeout: 60_000 });
  } catch (cause) {
    throw new Error(`the page did not load: ${problems.join("; ")}`, { cause });
  }
  return page;
}
