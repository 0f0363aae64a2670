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
    active?.postMessage({ keep: [document.baseURI, ...new Set(own)] }, { transfer: [] });
  } catch {
    // Browsers in private windows, and hosts without HTTPS, have none: the page then computes on one thread and says so.
  }
}
