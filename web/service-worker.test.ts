/** @file The service worker where nothing can be stored, or what is stored is all there is. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Listener = (event: unknown) => void;

let answered: (url: string) => Promise<Response>;

/** Its listeners, with a storage and a network of the test's. */
async function begun(open: () => Promise<unknown>, network: () => Promise<Response>) {
  const listeners = new Map<string, Listener>();
  vi.stubGlobal("registration", { scope: "http://page/" });
  vi.stubGlobal("addEventListener", (name: string, listener: Listener) =>
    listeners.set(name, listener),
  );
  vi.stubGlobal("caches", { open });
  vi.stubGlobal("fetch", network);
  await import("./service-worker.ts");
  answered = (url) =>
    new Promise((resolve, reject) => {
      const respondWith = (response: Promise<Response>) => void response.then(resolve, reject);
      listeners.get("fetch")!({ request: new Request(url), respondWith });
    });
}

beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

const refusal = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
const network = async () => new Response("from the network");

test.each<[string, () => Promise<unknown>]>([
  ["no storage may be opened", refusal],
  ["storage is full", async () => ({ match: async () => undefined, put: refusal })],
  ["storage is broken", async () => ({ match: refusal, put: refusal })],
])("the page is answered where %s", async (_, open) => {
  await begun(open, network);
  const answer = await answered("http://page/assets/a.js");
  expect(await answer.text()).toBe("from the network");
  expect(answer.headers.get("Cross-Origin-Embedder-Policy")).toBe("require-corp");
});

test("what was kept is given where there is no network", async () => {
  const kept = new Response("kept");
  await begun(async () => ({ match: async () => kept, put: refusal }), refusal);
  expect(await (await answered("http://page/")).text()).toBe("kept");
});

test("parts of files are not kept as if they were whole", async () => {
  const put = vi.fn(async () => undefined);
  const open = async () => ({ match: async () => undefined, put });
  await begun(open, async () => new Response("part", { status: 206 }));
  await answered("http://page/assets/a.wasm");
  expect(put).not.toHaveBeenCalled();
});
