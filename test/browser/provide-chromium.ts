/** @file Once before all browser tests: the browser that they run in, which they read by `inject("chromium")`. */
import type { TestProject } from "vitest/node";
import { provideChromium, type FoundChromium } from "./chromium.ts";
import { thisMachine } from "./this-machine.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Only in browser tests. */
    chromium: FoundChromium;
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide("chromium", await provideChromium(thisMachine));
}
