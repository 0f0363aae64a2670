/** @file The machine that the tests run on, as finding and installing a browser sees it. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { findChromium, type Machine } from "./chromium.ts";

/** Long enough for a download on a slow line. */
const installMs = 15 * 60_000;

/** Long enough for a busy machine. */
const openMs = 180_000;

function run(command: string, args: readonly string[]): boolean {
  const options = { stdio: "ignore", timeout: installMs } as const;
  return spawnSync(command, args, options).status === 0;
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  isRoot: process.getuid?.() === 0,
  playwrightBuild: chromium.executablePath(),
  isProgram(path) {
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  },
  async opens(path) {
    try {
      const args = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage"];
      await (await chromium.launch({ executablePath: path, args, timeout: openMs })).close();
      return true;
    } catch {
      return false;
    }
  },
  run,
  playwright(args) {
    const folder = dirname(createRequire(import.meta.url).resolve("playwright-core/package.json"));
    return run(process.execPath, [join(folder, "cli.js"), ...args]);
  },
  say: (line) => process.stdout.write(`${line}\n`),
};

/** For what is run by hand. Throws where there is none. */
export async function installedChromium(): Promise<string> {
  const path = await findChromium(thisMachine);
  if (path !== undefined) return path;
  throw new Error(
    "browser: a Chromium, Chrome or Edge must be installed, got none. install one, or name it by CHROMIUM_PATH.",
  );
}
