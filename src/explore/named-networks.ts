/** @file Networks that the page asks for by name: fetched for the page of this server alone, one at a time. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { LocatedPath, LocateRequest } from "../app/platform.ts";
import { isFailure } from "../errors.ts";
import type { CatalogNetwork } from "../fetch/catalog-networks.ts";
import { shownLines } from "../wording/shown-text.ts";

/** What can be had by name, and how. */
export interface NamedNetworks {
  readonly items: readonly CatalogNetwork[];
  /** The file of a name, downloaded if need be; `request.signal` ends it. */
  locate(name: string, request: LocateRequest): Promise<Pick<LocatedPath, "path">>;
}

/** A line of the answer, which is JSON: how far it is, then where the file is had or why it is not. */
type FetchLine =
  | { readonly kind: "progress"; readonly done: number; readonly total: number | null }
  | { readonly kind: "note"; readonly note: string }
  | { readonly kind: "found"; readonly number: number }
  | { readonly kind: "failed"; readonly reason: string };

/** No more often than this is it said how far it is. */
const tellMs = 100;

export class NetworkDoor {
  /** What the page is told and others are not: a request without it is refused. */
  readonly token = randomBytes(32).toString("hex");
  readonly #networks: NamedNetworks;
  /** Gives a file a number, under which the page has it. */
  readonly #hand: (path: string) => number;
  #isBusy = false;

  constructor(networks: NamedNetworks, hand: (path: string) => number) {
    this.#networks = networks;
    this.#hand = hand;
  }

  /** The status by which a request is refused; undefined where it is the page's own. */
  refusalOf({ headers, method }: IncomingMessage, name: string): number | undefined {
    if (method !== "POST") return 405;
    const site = headers["sec-fetch-site"] ?? "same-origin";
    const isOwn = headers.origin === `http://${headers.host}` && site === "same-origin";
    if (!isOwn || !this.#isToken(headers["x-limpid-token"])) return 403;
    if (!this.#networks.items.some((item) => item.name === name)) return 404;
    return this.#isBusy ? 409 : undefined;
  }

  /** Answers a request that is not refused. Whoever goes away stops it. */
  async answer(name: string, response: ServerResponse): Promise<void> {
    this.#isBusy = true;
    const signal = { aborted: false };
    response.on("close", () => (signal.aborted = true));
    response.setHeader("Content-Type", "application/x-ndjson");
    const say = (line: FetchLine) => response.write(`${JSON.stringify(line)}\n`);
    let told = -Infinity;
    try {
      const { path } = await this.#networks.locate(name, {
        offline: false,
        asName: true,
        only: "network",
        signal,
        onNote: (note) => say({ kind: "note", note: shownLines(note) }),
        onDownload: (done, total) => {
          if (performance.now() - told < tellMs) return;
          told = performance.now();
          say({ kind: "progress", done, total: total ?? null });
        },
      });
      say({ kind: "found", number: this.#hand(path) });
    } catch (error) {
      if (signal.aborted) return;
      if (!isFailure(error)) throw error;
      say({ kind: "failed", reason: shownLines(error.message) });
    } finally {
      this.#isBusy = false;
      response.end();
    }
  }

  #isToken(given: string | readonly string[] | undefined): boolean {
    const [own, other] = [Buffer.from(this.token), Buffer.from(String(given))];
    return own.length === other.length && timingSafeEqual(own, other);
  }
}
