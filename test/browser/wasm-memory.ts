/** @file How much memory of WebAssembly the page's worker has, which no interface of browsers tells. */
import type { BrowserContext, Page } from "playwright-core";

const workerScript = /\/assets\/worker-[^/]*\.js$/;

/** Before the worker's own script: every memory that is made is kept in mind. */
const remember = `globalThis.memories ??= []; {
  const { Memory } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(...given) { super(...given); globalThis.memories.push(this); }
  };
}
`;

/** For pages that are loaded from now on, whose workers begin with a script of one's own as well. */
export async function rememberMemory(page: Page | BrowserContext, script = ""): Promise<void> {
  await page.route(workerScript, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: remember + script + (await response.text()) });
  });
}

/** Bytes of the WebAssembly memory of the page's worker. Its threads share it, and wait, so that they answer nothing. */
export async function memoryOf(page: Page): Promise<number> {
  const worker = page.workers().find((one) => workerScript.test(one.url()));
  if (!worker) return 0;
  return worker.evaluate(() => {
    const { memories = [] } = globalThis as unknown as { memories?: WebAssembly.Memory[] };
    return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  });
}
