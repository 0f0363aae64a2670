/** @file The bytes at an address that a user names, in memory. */
import { setTimeout as pause } from "node:timers/promises";
import type { FetchRequest } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { formatMegabytes } from "../wording/numbers.ts";
import { request, ServerFault, Silence, type Answer, type RequestOptions } from "./request.ts";

/** A buffer can have so many. */
const mostBytes = 2 ** 31 - 1;

/** Answers that are packed on the way, though that was not asked for, may be full of zeros. */
const unpackedLimits = { smallBytes: 2 ** 27, mostRatio: 100 } as const;

const mostTries = 3;

/** Before the second try. */
const waitMs = 300;

/** How an address is fetched; a server may say nothing for 15 seconds by default. */
type BytesRequest = FetchRequest & Pick<RequestOptions, "silenceMs">;

/** As the platform's `fetchBytes`. A broken line is tried again, from the start. */
export async function fetchBytes(
  address: string,
  options: BytesRequest,
): Promise<Uint8Array | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      const headers = { "Accept-Encoding": "identity" };
      return await request(address, headers, options, (answer, heard) =>
        bodyOf(address, answer, options, heard),
      );
    } catch (cause) {
      if (cause instanceof LimpidError) throw cause;
      if (tries >= mostTries || cause instanceof Silence) throw unreachable(address, cause);
      await pause(waitMs * tries);
    }
  }
}

async function bodyOf(
  address: string,
  { head, chunks }: Answer,
  { onDownload }: BytesRequest,
  heard: (bytes: number) => void,
): Promise<Uint8Array | undefined> {
  const { status, statusText, headers } = head;
  if (status === 404 || status === 410) return undefined;
  if (status >= 500) throw new Error(`the server answered ${status}`);
  if (!head.ok || !chunks) {
    const got = `the server's answer ${status} ${statusText.slice(0, 80)}`.trim();
    throw new ServerFault(address, `must be there, got ${got}. check the address.`);
  }
  const isEncoded = !["", "identity"].includes(headers.get("content-encoding") ?? "");
  const told = headers.get("content-length");
  const total = told === null || isEncoded ? undefined : Number(told);
  const most = isEncoded ? mostUnpacked(Number(told ?? 0)) : mostBytes;
  requireModest(address, total ?? 0, most);
  const parts: Uint8Array[] = [];
  let done = 0;
  for await (const chunk of chunks) {
    done += chunk.length;
    requireModest(address, done, most);
    parts.push(chunk);
    heard(chunk.length);
    onDownload(done, total, address.replace(/[?#].*$/s, ""));
  }
  if (total !== undefined && done !== total) throw new Error("the line broke");
  return new Uint8Array(Buffer.concat(parts));
}

function mostUnpacked(packedBytes: number): number {
  const { smallBytes, mostRatio } = unpackedLimits;
  return Math.min(mostBytes, Math.max(smallBytes, mostRatio * packedBytes));
}

function requireModest(address: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new ServerFault(
    address,
    `must have at most ${formatMegabytes(most, 0)}, got more. download it and give the file.`,
  );
}

function unreachable(address: string, cause: unknown): ServerFault {
  const error = cause instanceof Error ? cause : undefined;
  const inner = error?.cause instanceof Error ? `: ${error.cause.message}` : "";
  return new ServerFault(
    address,
    `must be reachable, got: ${error?.message ?? String(cause)}${inner}. try again later, or download it and give the file.`,
    cause,
  );
}
