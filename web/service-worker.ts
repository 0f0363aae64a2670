/** @file The page's service worker: isolates it on hosts that set no headers, and serves it where there is no network. */

import { unkeptPage } from "./unkept-page.ts";

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

/** Addresses of what a visit has loaded and of what it may still load. */
export interface KeepRequest {
  readonly page: string;
  /** All that the page and its worker have loaded until the first map. */
  readonly needed: readonly string[];
  readonly others: readonly string[];
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

scope.addEventListener("message", (event: Waiting & { readonly data: KeepRequest }) => {
  event.waitUntil(keepVisit(event.data));
});

/** The page is kept behind all that its first map needs: whoever comes back without network gets both, or is told. */
async function keepVisit({ page, needed, others }: KeepRequest): Promise<void> {
  await Promise.allSettled(needed.map(answeredAt));
  await Promise.allSettled([keepPage(page, needed)]);
  await Promise.allSettled(others.map(answeredAt));
}

function answeredAt(address: string): Promise<Response> {
  return answered(new Request(address));
}

/** What came need not be kept, as storage may be full; and the site may be another one since the visit loaded its files. */
async function keepPage(address: string, needed: readonly string[]): Promise<void> {
  const store = await openStore();
  if (!store || !(await areKept(store, needed))) return;
  const request = new Request(address);
  const found = isolated(await fetch(request));
  const named = namedIn(await found.clone().text(), address);
  if (found.status === 200 && (await areKept(store, named))) await keep(store, request, found);
}

async function areKept(store: Cache, addresses: readonly string[]): Promise<boolean> {
  const found = addresses.map((each) => store.match(new Request(each), { ignoreVary: true }));
  return (await Promise.all(found)).every((each) => each !== undefined);
}

const namedFile =
  /<(?:script\b[^>]*?\ssrc|link\b(?=[^>]*\srel="(?:stylesheet|modulepreload)")[^>]*?\shref)="([^"]+)"/g;

/** Addresses of the scripts and styles that a page names. */
function namedIn(html: string, page: string): readonly string[] {
  return [...html.matchAll(namedFile)].map(([, name]) => new URL(name!, page).href);
}

/** Files whose names hold their digest never change; everything else is asked for first. */
async function answered(request: Request): Promise<Response> {
  const store = await openStore();
  const kept = await store?.match(request, { ignoreVary: true }).catch(() => undefined);
  if (kept && new URL(request.url).pathname.includes("/assets/")) return kept;
  try {
    const found = isolated(await fetch(request));
    if (found.status === 200 && !isPage(request)) await keep(store, request, found.clone());
    return found;
  } catch (cause) {
    if (kept) return kept;
    if (isPage(request)) return isolated(unkeptPage());
    throw cause;
  }
}

function isPage({ mode }: Request): boolean {
  return mode === "navigate";
}

/** Undefined where storage is forbidden or broken: the page then works, and asks for everything again. */
async function openStore(): Promise<Cache | undefined> {
  try {
    return await caches.open(storeName);
  } catch {
    return undefined;
  }
}

/** What storage has no room for is not kept. */
async function keep(store: Cache | undefined, request: Request, response: Response): Promise<void> {
  try {
    await store?.put(request, response);
  } catch {
    // The answer is there all the same; without network it will not be.
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
