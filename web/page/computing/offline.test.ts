/** @file What is asked to keep a visit is the service worker of that moment. */
import { afterEach, expect, test, vi } from "vitest";
import type { Client } from "./client.ts";
import { keepOffline } from "./offline.ts";

afterEach(() => vi.unstubAllGlobals());

test("a visit that goes online again is kept by the service worker that is active by then", async () => {
  const [first, renewed] = [vi.fn(), vi.fn()];
  const worker = {
    register: async () => undefined,
    ready: Promise.resolve({ active: { postMessage: first } }),
  };
  let online = () => undefined;
  vi.stubGlobal("document", { baseURI: "http://page/", querySelector: () => null });
  vi.stubGlobal("location", { origin: "http://page" });
  vi.stubGlobal("navigator", { serviceWorker: worker });
  vi.stubGlobal("crossOriginIsolated", true);
  vi.stubGlobal("addEventListener", (_: string, listener: () => undefined) => (online = listener));
  vi.stubGlobal("fetch", async () => Response.json(["assets/b.js"]));
  const answer = Promise.resolve(["http://page/assets/a.js", "http://other/c.js"]);
  await keepOffline({ call: () => ({ answer }) } as unknown as Client);
  const visit = {
    page: "http://page/",
    needed: ["http://page/assets/a.js"],
    others: ["http://page/assets/b.js"],
  };
  expect(first.mock.calls).toEqual([[visit, { transfer: [] }]]);
  worker.ready = Promise.resolve({ active: { postMessage: renewed } });
  online();
  await vi.waitFor(() => expect(renewed.mock.calls).toEqual([[visit, { transfer: [] }]]));
  expect(first).toHaveBeenCalledOnce();
});
