/** @file The page's service worker: isolates it on hosts that set no headers, and serves it where there is no network. */

/** The part of a worker's global that is used; the page's own types know no service worker. */
interface Scope {
  readonly location: Location;
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: string, listener: (event: never) => void): void;
}

interface Waiting {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Waiting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const scope = globalThis as unknown as Scope;
const storeName = "limpid explorer";

scope.addEventListener("install", (event: Waiting) => {
  event.waitUntil(scope.skipWaiting());
});

scope.addEventListener("activate", (event: Waiting) => {
  event.waitUntil(scope.clients.claim());
});

scope.addEventListener("fetch", (event: Asked) => {
  const { request } = event;
  const isOwn = request.url.startsWith(scope.registration.scope);
  if (request.method === "GET" && isOwn) event.respondWith(answered(request));
});

/** What the page loaded before this worker was there, so that it is kept too. */
scope.addEventListener(
  "message",
  (event: Waiting & { readonly data: { readonly keep: readonly string[] } }) => {
    const { keep } = event.data;
    event.waitUntil(Promise.all(keep.map((url) => answered(new Request(url)))));
  },
);

/** Files whose names hold their digest never change; everything else is asked for first. */
async function answered(request: Request): Promise<Response> {
  const store = await caches.open(storeName);
  const kept = await store.match(request, { ignoreVary: true });
  if (kept && new URL(request.url).pathname.includes("/assets/")) return kept;
  try {
    const found = isolated(await fetch(request));
    if (found.ok) await store.put(request, found.clone());
    return found;
  } catch (cause) {
    if (kept) return kept;
    throw cause;
  }
}

function isolated(response: Response): Response {
  if (response.type === "opaque" || response.status === 0) return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
