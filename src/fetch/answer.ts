/** @file What a server's answer says of the file that it holds, and whether it is the one that was asked for. */
import type { RemoteFile } from "./catalog.ts";
import { isPacked } from "./file-digest.ts";
import { ServerFault, type Answer } from "./request.ts";

/** The bytes of an answer. */
export interface Body {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Where in the file they begin. */
  readonly start: number;
  /** Bytes of the file in all, as the server says or the catalog. */
  readonly total: number | undefined;
  /** They are unpacked on the way, so that nothing can go on from their middle. */
  readonly isEncoded: boolean;
  /** Throws `ServerFault` once there are more than the file can have. */
  requireLength(done: number): void;
  /** Throws, if the bytes ended too early, `ServerFault` where that is no accident. */
  requireEnd(done: number): void;
}

/** An answer that does not fit to what came before: only another request from the start on may help. */
export class FromTheStart extends Error {}

/** Answers that may be better the next time. */
const passing = new Set([408, 425, 429]);

/**
 * The body of an answer to a request for a file from byte `had` on. Throws `ServerFault` if it is not the file,
 * `FromTheStart`, and an `Error` if the same request may help later.
 */
export function bodyOf({ head, chunks }: Answer, file: RemoteFile, had: number): Body {
  const { status, statusText, headers } = head;
  if (status === 416) throw new FromTheStart("the server has no such range");
  if (status >= 500 || passing.has(status)) throw new Error(`the server answered ${status}`);
  if (!head.ok || !chunks) {
    throw new ServerFault(
      file.url,
      `must be there, got the server's answer ${status} ${statusText.slice(0, 80)}. try again later, or put the file into a mirror.`,
    );
  }
  const start = status === 206 ? had : 0;
  const isEncoded = !["", "identity"].includes(headers.get("content-encoding") ?? "");
  requireRange(headers.get("content-range"), start);
  if (isEncoded && start > 0) throw new FromTheStart("the server packs what it sends");
  const length = isEncoded ? 0 : Number(headers.get("content-length") ?? 0);
  const isPage = /^text\/html\b/i.test(headers.get("content-type") ?? "");
  const wrong = (got: string) => wrongLength(file, got, isPage);
  // How much a packed file has on the way is not known.
  const isKnown = isEncoded || !isPacked(file);
  const most = isKnown ? file.bytes : mostPacked(file);
  const told = length > 0 ? start + length : undefined;
  if (told !== undefined && (told > most || (isKnown && told < most))) {
    throw start > 0
      ? new FromTheStart("the server has another version of the file")
      : wrong(`${length}`);
  }
  if (isPage && told === undefined) throw wrong("an unknown number");
  const isChunked = isEncoded || headers.get("transfer-encoding") === "chunked";
  const total = told ?? (isKnown ? most : undefined);
  return {
    chunks,
    start,
    total,
    isEncoded,
    requireLength: (done) => {
      if (done > most) throw wrong("more");
    },
    requireEnd: (done) => {
      if (total === undefined || done >= total) return;
      throw isChunked ? wrong(`${done}`) : new Error("the line broke");
    },
  };
}

/** Packing makes nothing larger, but for a few bytes. */
function mostPacked({ bytes }: RemoteFile): number {
  return bytes + Math.ceil(bytes / 1000) + 1024;
}

function requireRange(range: string | null, start: number): void {
  const from = /^bytes (\d+)-/.exec(range ?? "")?.[1];
  if (from !== undefined && Number(from) !== start) {
    throw new FromTheStart("the server sent another range than it was asked for");
  }
}

function wrongLength(file: RemoteFile, got: string, isPage: boolean): ServerFault {
  const must = isPacked(file) ? `at most ${mostPacked(file)} bytes` : `${file.bytes} bytes`;
  const page = isPage ? " of a web page (HTML) in its place" : "";
  return new ServerFault(
    file.url,
    `must have ${must}, got ${got}${page}. nothing of it was kept; try again later, or put the file into a mirror.`,
  );
}
