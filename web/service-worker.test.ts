/** @file The service worker where nothing can be stored, or what is stored is all there is. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { KeepRequest } from "./service-worker.ts";

type Listener = (event: unknown) => void;

let answered: (url: string, mode?: RequestMode) => Promise<Response>;
let kept: (asked: KeepRequest) => Promise<unknown>;

/** Its listeners, with a storage and a network of the test's. */
async function begun(open: () => Promise<unknown>, network: (asked: Request) => Promise<Response>) {
  const listeners = new Map<string, Listener>();
  vi.stubGlobal("registration", { scope: "http://page/" });
  vi.stubGlobal("addEventListener", (name: string, listener: Listener) =>
    listeners.set(name, listener),
  );
  vi.stubGlobal("caches", { open });
  vi.stubGlobal("fetch", network);
  await import("./service-worker.ts");
  answered = (url, mode) =>
    new Promise((resolve, reject) => {
      const respondWith = (response: Promise<Response>) => void response.then(resolve, reject);
      const request = new Request(url);
      // No script can make a request that goes to a page.
      if (mode) Object.defineProperty(request, "mode", { value: mode });
      listeners.get("fetch")!({ request, respondWith });
    });
  kept = async (asked) => {
    let work: Promise<unknown> | undefined;
    const waitUntil = (begun: Promise<unknown>) => (work = begun);
    listeners.get("message")!({ data: asked, waitUntil });
    await work;
  };
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

test("where neither network nor page is there, words of the page's own say so", async () => {
  await begun(async () => ({ match: async () => undefined, put: refusal }), refusal);
  const page = await answered("http://page/", "navigate");
  const text = await page.text();
  expect(text).toContain("once you are online");
  expect(text).toContain("sobald du online bist");
  expect(page.status).toBe(503);
  await expect(answered("http://page/assets/a.js")).rejects.toThrow();
});

const pageNaming = (...tags: readonly string[]) => `<head>${tags.join("\n")}</head>`;

/** What is kept of a visit to a page that needs `a` and `b`, in the order in which it is. */
async function keptOf({
  lost = "none",
  refused = "none",
  page = pageNaming('<script type="module" src="./a"></script>'),
}: {
  readonly lost?: string;
  readonly refused?: string;
  readonly page?: string;
}): Promise<readonly string[]> {
  const stored = new Map<string, Response>();
  const put = async ({ url }: Request, response: Response) => {
    if (url.endsWith(`/${refused}`)) await refusal();
    stored.set(url, response);
  };
  await begun(
    async () => ({ match: async ({ url }: Request) => stored.get(url), put }),
    async ({ url }) => {
      if (url.endsWith(`/${lost}`)) await refusal();
      return new Response(url.endsWith("/") ? page : "there");
    },
  );
  const [needed, others] = [["a", "b"], ["c"]].map((names) =>
    names.map((name) => `http://page/${name}`),
  ) as [string[], string[]];
  await kept({ page: "http://page/", needed, others });
  return [...stored.keys()].map((url) => url.replace("http://page/", ""));
}

test.each([
  ["all of it, the page behind what its first map needs", {}, ["a", "b", "", "c"]],
  ["no page where what it needs did not come", { lost: "b" }, ["a", "c"]],
  ["no page where storage has no room for what it needs", { refused: "b" }, ["a", "c"]],
  ["the page, though others did not come", { lost: "c" }, ["a", "b", ""]],
  ["the page, though there is no room for others", { refused: "c" }, ["a", "b", ""]],
])("a visit is kept: %s", async (_, wrong, wanted) => {
  expect(await keptOf(wrong)).toEqual(wanted);
});

test.each([
  '<script type="module" crossorigin src="./renewed"></script>',
  '<link rel="stylesheet" crossorigin href="./renewed">',
  '<link\n  href="./renewed"\n  rel="modulepreload"\n/>',
])("no page is kept that names what the visit did not load: %s", async (tag) => {
  expect(await keptOf({ page: pageNaming(tag) })).toEqual(["a", "b", "c"]);
});

test("a page is kept whatever else it names", async () => {
  const page = pageNaming('<link rel="icon" href="data:," />', '<link rel="preload" href="./d">');
  expect(await keptOf({ page })).toContain("");
});

test("a page that is opened is not kept before what it needs is", async () => {
  const put = vi.fn(async () => undefined);
  await begun(async () => ({ match: async () => undefined, put }), network);
  expect(await (await answered("http://page/", "navigate")).text()).toBe("from the network");
  expect(put).not.toHaveBeenCalled();
});
