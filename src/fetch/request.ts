/** @file One request to a server that may be silent, slow, or lead elsewhere without an end. */
import { LimpidError, throwIfAborted, type StopSignal } from "../errors.ts";

/** A server that answers, but not with the file: another server may do better, and asking again will not help. */
export class ServerFault extends LimpidError {
  /** `what` follows the address in the message: what must hold, what came, what to do. */
  constructor(address: string, what: string, cause?: unknown) {
    super("bad-file", `fetch: "${withoutUser(address)}" ${what}`, { cause });
  }
}

/** Passwords are not for messages. */
function withoutUser(address: string): string {
  return address.slice(0, 500).replace(/\/\/[^/]*@/, "//...@");
}

/** A server from which nothing came for a while. */
export class Silence extends Error {}

export interface RequestOptions {
  readonly signal?: StopSignal;
  /** How long a server may say nothing; 15 seconds by default. */
  readonly silenceMs?: number;
}

export interface Answer {
  readonly head: Response;
  readonly chunks: AsyncIterable<Uint8Array> | undefined;
}

/** Fewer bytes than this within the time of silence are silence too. */
const leastBytes = 1024;

/** How often the signal and the silence are looked at. */
const lookMs = 50;

const mostRedirects = 10;

/**
 * Asks for an address and hands the answer to `use`, which tells `heard` of the bytes that come. Throws `aborted` once
 * the signal fires, `Silence`, `ServerFault` for redirects that lead to no file, and what `fetch` and `use` throw.
 */
export async function request<T>(
  address: string,
  headers: Readonly<Record<string, string>>,
  { signal, silenceMs = 15_000 }: RequestOptions,
  use: (answer: Answer, heard: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const silence = new Silence(`nothing came for ${Math.round(silenceMs / 1000)} s`);
  let lastMs = performance.now();
  let sinceThen = 0;
  const heard = (bytes: number) => {
    sinceThen += bytes;
    if (sinceThen < leastBytes) return;
    sinceThen = 0;
    lastMs = performance.now();
  };
  const watch = setInterval(() => {
    if (signal?.aborted) stop.abort();
    else if (performance.now() - lastMs > silenceMs) stop.abort(silence);
  }, lookMs);
  try {
    const head = await follow(address, headers, stop.signal);
    lastMs = performance.now();
    const chunks = head.body ? chunksOf(head.body, stop.signal) : undefined;
    return await use({ head, chunks }, heard);
  } catch (cause) {
    throwIfAborted(signal, "fetch");
    throw stop.signal.aborted ? silence : cause;
  } finally {
    clearInterval(watch);
    stop.abort();
  }
}

/** The bytes of a body until the signal fires, which not all that unpack them on the way notice. */
async function* chunksOf(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stopped = new Promise<{ done: true; value?: never }>((resolve) => {
    signal.addEventListener("abort", () => resolve({ done: true }), { once: true });
  });
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read(), stopped]);
      signal.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    // It may fail as the reading did, or never end.
    void reader.cancel().catch(() => {});
  }
}

async function follow(
  address: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Response> {
  let url = webAddress(address, address);
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one address leads to the next
    const answer = await fetch(url, { headers, signal, redirect: "manual" });
    const target = answer.headers.get("location");
    if (answer.status < 301 || answer.status > 308 || target === null) return answer;
    // oxlint-disable-next-line no-await-in-loop -- as above
    await answer.body?.cancel();
    url = webAddress(address, target, url);
  }
  throw new ServerFault(address, `must lead to a file, got more than ${mostRedirects} redirects.`);
}

/** The address that a server of `from` leads to. Never from a protected line to an open one, and never to a disk. */
function webAddress(address: string, target: string, from?: URL): URL {
  const url = URL.canParse(target, from?.href) ? new URL(target, from) : undefined;
  const isWeb = url?.protocol === "https:" || (url?.protocol === "http:" && !isProtected(from));
  if (url && isWeb && url.username === "" && url.password === "") return url;
  const got = from ? "a redirect to" : "the address";
  throw new ServerFault(
    address,
    `must be had from an address of http: or https:, without a user's name and never from https: to http:, got ${got} ${JSON.stringify(withoutUser(target))}.`,
  );
}

function isProtected(url: URL | undefined): boolean {
  return url?.protocol === "https:";
}
