/** @file Brings the service worker up, once: for isolation on plain hosts, and for a page that works without network. */

const tried = "limpid isolation tried";

/** A command line that serves the page isolates it itself, and its page is gone when it ends. */
function isServedByCommand(): boolean {
  return document.querySelector('meta[name="limpid-handed"]') !== null;
}

/** Loads the page again, once, where only that isolates it. Without service workers it stays as it is. */
export async function keepOffline(): Promise<void> {
  if (isServedByCommand() || !("serviceWorker" in navigator)) return;
  const worker = navigator.serviceWorker;
  try {
    await worker.register(new URL("./service-worker.js", document.baseURI), { type: "module" });
    const { active } = await worker.ready;
    if (!crossOriginIsolated && sessionStorage.getItem(tried) === null) {
      sessionStorage.setItem(tried, "yes");
      location.reload();
      return;
    }
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const own = loaded.filter((name) => name.startsWith(location.origin));
    const keep = [document.baseURI, ...own, ...(await allFiles())];
    active?.postMessage({ keep: [...new Set(keep)] }, { transfer: [] });
  } catch {
    // Browsers in private windows, and hosts without HTTPS, have none: the page then computes on one thread and says so.
  }
}

/** Addresses of all code that a visit may still load. */
async function allFiles(): Promise<readonly string[]> {
  const list = await fetch(new URL("./files.json", document.baseURI));
  const names = (await list.json()) as readonly string[];
  return names.map((name) => new URL(name, document.baseURI).href);
}
