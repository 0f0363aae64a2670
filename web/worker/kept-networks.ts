/** @file Networks that the browser keeps by the SHA-256 of their file, as far as it has room. */
import { LimpidError } from "../../src/errors.ts";
import type { NetworkFile } from "../../src/fetch/catalog-networks.ts";

const storeName = "limpid networks";

/** Storage is keyed by addresses; nothing lies at these. */
const keyOf = (sha256: string): string => `/kept/${sha256}`;

/** The first of the files that is kept whole; undefined too where storage is forbidden or broken. */
export async function keptNetwork(
  files: readonly NetworkFile[],
): Promise<readonly [NetworkFile, Blob] | undefined> {
  const store = await openStore();
  for (const file of files) {
    const kept = await store?.match(keyOf(file.sha256)).catch(() => undefined);
    const data = await kept?.blob().catch(() => undefined);
    if (data && (await sha256Of(data)) === file.sha256) return [file, data];
  }
  return undefined;
}

/** A sentence where there is no room, or no storage at all. */
export async function keepNetwork(sha256: string, data: Blob): Promise<string | undefined> {
  try {
    const store = await caches.open(storeName);
    await store.put(keyOf(sha256), new Response(data));
    return undefined;
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
    const why = isFull ? "has no more room" : "lets this page keep nothing";
    return `explorer: the network is not kept in the browser, which ${why}; it is fetched again the next time.`;
  }
}

/** Which of the files it is. Throws `bad-file` where it is none of them. */
export async function fileOf(
  name: string,
  files: readonly NetworkFile[],
  data: Blob,
): Promise<NetworkFile> {
  const digest = await sha256Of(data);
  const found = files.find(({ sha256 }) => sha256 === digest);
  if (found) return found;
  const wanted = files.map(({ sha256 }) => sha256.slice(0, 8)).join(" or ");
  throw new LimpidError(
    "bad-file",
    `${name}: its SHA-256 must begin with ${wanted}, got ${digest.slice(0, 8)}. it is not opened; fetch it again.`,
  );
}

async function openStore(): Promise<Cache | undefined> {
  try {
    return await caches.open(storeName);
  } catch {
    return undefined;
  }
}

async function sha256Of(data: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await data.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
