/** @file Brings the service worker up, once: for isolation on plain hosts, and for a page that works without network. */
import type { KeepRequest } from "../../service-worker.ts";
import type { Client } from "./client.ts";

const tried = "limpid isolation tried";

/** A command line that serves the page isolates it itself, and its page is gone when it ends. */
function isServedByCommand(): boolean {
  return document.querySelector('meta[name="limpid-handed"]') !== null;
}

/** Loads the page again, once, where only that isolates it. Without service workers it stays as it is. */
export async function keepOffline(client: Client): Promise<void> {
  if (isServedByCommand() || !("serviceWorker" in navigator)) return;
  const worker = navigator.serviceWorker;
  try {
    await worker.register(new URL("./service-worker.js", document.baseURI), { type: "module" });
    await worker.ready;
    if (!crossOriginIsolated && sessionStorage.getItem(tried) === null) {
      sessionStorage.setItem(tried, "yes");
      location.reload();
      return;
    }
    const keepVisit = async () => {
      const visit = await visited(client);
      // The one that was active before may have been renewed since.
      (await worker.ready).active?.postMessage(visit, { transfer: [] });
    };
    // What did not come before the network was gone comes once it is back.
    addEventListener("online", () => void keepVisit().catch(() => undefined));
    await keepVisit();
  } catch {
    // Browsers in private windows, and hosts without HTTPS, have none: the page then computes on one thread and says so.
  }
}

async function visited(client: Client): Promise<KeepRequest> {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  // Before there was a service worker, what the worker loads went past it.
  const all = [...loaded, ...(await client.call("loaded", null).answer)];
  const own = all.filter((name) => name.startsWith(location.origin));
  return { page: document.baseURI, needed: [...new Set(own)], others: await allFiles() };
}

/** Addresses of all code that a visit may still load; none where the list of it does not come. */
async function allFiles(): Promise<readonly string[]> {
  try {
    const list = await fetch(new URL("./files.json", document.baseURI));
    const names = (await list.json()) as readonly string[];
    return names.map((name) => new URL(name, document.baseURI).href);
  } catch {
    return [];
  }
}
