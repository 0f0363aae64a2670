/** @file What the input gradient costs against the forward pass in Chromium, by WebAssembly, on two threads and on one. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser } from "playwright-core";
import { build } from "vite";
import { servePage } from "../src/explore/page-server.ts";
import { installedChromium } from "../test/browser/this-machine.ts";
import { gradientNetworks, networkFile, networkTwin } from "./gradient-networks.ts";

const root = fileURLToPath(new URL("./web/", import.meta.url));

/** Prints a row of a table for each network; names as arguments choose some of them. */
export async function run(): Promise<void> {
  const asked = process.argv.slice(3);
  const folder = mkdtempSync(join(tmpdir(), "limpid-gradients-"));
  const browser = await chromium.launch({
    executablePath: await installedChromium(),
    args: ["--headless=new", "--no-sandbox"],
  });
  try {
    await build({
      root,
      configFile: false,
      logLevel: "error",
      base: "./",
      build: { outDir: folder, target: "esnext" },
    });
    console.log(
      "| network | 2 threads: forward | with gradient | ratio | 1 thread: forward | with gradient | ratio |",
    );
    console.log(
      "| ------- | ------------------ | ------------- | ----- | ----------------- | ------------- | ----- |",
    );
    for (const name of asked.length > 0 ? asked : gradientNetworks) {
      const cells = [
        ...(await costOf(browser, folder, name, 2)),
        ...(await costOf(browser, folder, name, 1)),
      ];
      console.log(`| ${[name, ...cells].join(" | ")} |`);
    }
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

/** In a tab of its own, as memory of WebAssembly is not given back. */
async function costOf(
  browser: Browser,
  folder: string,
  name: string,
  threads: number,
): Promise<readonly string[]> {
  const twin = await networkTwin(name);
  twin?.close();
  const path = networkFile(name);
  const handed = [{ path, name: basename(path), role: "model" as const }];
  const { address, close } = await servePage({ folder, handed, port: 0 });
  const page = await browser.newPage();
  try {
    await page.goto(address);
    const [forward, gradient] = await page.evaluate(
      ([file, count]) => {
        const { costOf: measure } = globalThis as unknown as {
          costOf(address: string, threads: number): Promise<readonly number[]>;
        };
        return measure(file, count);
      },
      [new URL("handed/0", address).href, threads] as const,
    );
    return [
      `${forward!.toFixed(1)} ms`,
      `${gradient!.toFixed(1)} ms`,
      (gradient! / forward!).toFixed(2),
    ];
  } finally {
    await page.close();
    await close();
  }
}
