/** @file Opens what an address names: a queue in Redis or Postgres, a store in S3. */
import type { WorkServer } from "../atlas/jobs/work-server.ts";
import { LimpidError } from "../errors.ts";
import { bullServer } from "./bull-server.ts";
import { PatientServer, type Listener, type Patience } from "./patience.ts";

/** How jobs on a queue are timed. */
export interface QueueOptions {
  /** How long a claim stands that is not renewed; a worker that is gone is noticed one to two of these later. */
  readonly leaseMs?: number;
  readonly patience?: Patience;
}

/** Longer than any step of a picture, in which nothing can be renewed. */
export const usualLeaseMs = 60_000;

/** Throws `bad-option` for an address of nothing that is known. */
export async function openQueue(
  address: string,
  listener: Listener,
  { leaseMs = usualLeaseMs, patience }: QueueOptions = {},
): Promise<WorkServer> {
  const { url, name } = urlOf(address);
  const serverOf = (verdictOf: (cause: unknown) => "away" | "refuses") =>
    new PatientServer({ where: "queue", name }, listener, verdictOf, patience);
  const isRedis = /^rediss?:$/.test(url.protocol);
  const opened = isRedis
    ? await (await import("./redis-backend.ts")).redisBackend(address, serverOf)
    : await (await import("./postgres-backend.ts")).postgresBackend(address, serverOf);
  return bullServer(opened.backend, opened.server, leaseMs);
}

/** An address, and how it is told: without a password. */
function urlOf(address: string): { readonly url: URL; readonly name: string } {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^(rediss?|postgres|postgresql):$/.test(url.protocol)) {
    throw new LimpidError(
      "bad-option",
      `queue: the address must be redis://HOST:PORT or postgres://USER@HOST:PORT/DATABASE, got ${url ? `"${url.protocol}"` : "no address"}.`,
    );
  }
  return { url, name: `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}` };
}
