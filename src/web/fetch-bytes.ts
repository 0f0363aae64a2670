/** @file The bytes at an address that a page names, in memory. */
import type { FetchRequest } from "../app/platform.ts";
import { LimpidError, throwIfAborted } from "../errors.ts";

/** How often the signal is looked at. */
const lookMs = 50;

/** How long a server may say nothing. */
const silenceMs = 15_000;

/** A buffer can have so many. */
const mostBytes = 2 ** 31 - 1;

/** As the platform's `fetchBytes`. */
export async function fetchBytes(
  address: string,
  { signal, onDownload }: FetchRequest,
): Promise<Uint8Array | undefined> {
  const stop = new AbortController();
  let lastMs = performance.now();
  const watch = setInterval(() => {
    if (signal.aborted) stop.abort();
    else if (performance.now() - lastMs > silenceMs) stop.abort(new Error("nothing came for 15 s"));
  }, lookMs);
  try {
    const answer = await fetch(address, { signal: stop.signal });
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (!answer.ok || !answer.body) throw new Error(`the server's answer ${answer.status}`);
    return await bytesOf(answer.body, (done) => {
      lastMs = performance.now();
      onDownload(done, undefined, address);
    });
  } catch (cause) {
    throwIfAborted(signal, "fetch");
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new LimpidError(
      "bad-file",
      `fetch: "${address.slice(0, 500)}" must be there, got: ${reason}. download it and hand in the file.`,
      { cause },
    );
  } finally {
    clearInterval(watch);
    stop.abort();
  }
}

async function bytesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  tell: (done: number) => void,
): Promise<Uint8Array> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = body.getReader();
  let done = 0;
  let part = await reader.read();
  while (!part.done) {
    done += part.value.length;
    if (done > mostBytes) throw new Error(`more than ${mostBytes} bytes`);
    parts.push(part.value);
    tell(done);
    part = await reader.read();
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
