/** @file Requests and jobs on BullMQ, whether its queues lie in Redis or in Postgres. */
import type { Claim, Outcome } from "../atlas/jobs/claims.ts";
import type {
  FailedJob,
  SharedJobs,
  SharedRequest,
  WorkServer,
} from "../atlas/jobs/work-server.ts";
import { isFailure } from "../errors.ts";
import type { PatientServer } from "./patience.ts";

/** What is used of BullMQ's jobs, queues and workers, which have other types for each server. */
interface BullJob {
  readonly id?: string | undefined;
  readonly name: string;
  readonly data: unknown;
  readonly failedReason: string;
  remove(): Promise<unknown>;
  extendLock(token: string, duration: number): Promise<number>;
  moveToCompleted(value: undefined, token: string, fetchNext: boolean): Promise<unknown>;
  moveToDelayed(timestamp: number, token: string): Promise<unknown>;
  moveToWait(token: string): Promise<unknown>;
  moveToFailed(error: Error, token: string, fetchNext: boolean): Promise<unknown>;
}

interface BullJobOptions {
  readonly jobId: string;
  readonly attempts?: number;
  readonly backoff?: { readonly type: string; readonly delay: number };
  readonly removeOnComplete?: boolean;
}

type BullState = "waiting" | "active" | "delayed" | "prioritized" | "failed";

interface BullQueue {
  add(name: string, data: unknown, options: BullJobOptions): Promise<unknown>;
  addBulk(
    jobs: { readonly name: string; readonly data: unknown; readonly opts: BullJobOptions }[],
  ): Promise<unknown>;
  getJobs(
    states: BullState[],
    start: number,
    end: number,
    ascending: boolean,
  ): Promise<(BullJob | undefined)[]>;
  getJobCountByTypes(...states: BullState[]): Promise<number>;
  remove(id: string): Promise<unknown>;
  obliterate(options: { readonly force: boolean }): Promise<void>;
  close(): Promise<void>;
}

interface BullWorker {
  readonly id: string;
  getNextJob(token: string, options: { readonly block: boolean }): Promise<BullJob | undefined>;
  startStalledCheckTimer(): Promise<void>;
  on(event: "error", heard: (fault: Error) => void): unknown;
  close(force: boolean): Promise<void>;
}

/** How queues lie on a server; each is opened whole, or throws the server's error and leaves nothing open. */
export interface BullBackend {
  queue(name: string): Promise<BullQueue>;
  worker(name: string, timing: BullTiming): Promise<BullWorker>;
  close(): Promise<void>;
}

/** Milliseconds that BullMQ works by. */
interface BullTiming {
  /** How long a claim stands that is not renewed. */
  readonly lockDuration: number;
  /** How often it is looked for claims that do not stand. */
  readonly stalledInterval: number;
}

/** Where requests lie. Nobody takes them from there as jobs. */
const requestsName = "limpid-requests";

/** How often a job is tried that fails. */
const mostTries = 4;

/** How often whoever had a job may go without a word before it counts as failed: it may be the job that ends them. */
export const mostSilences = 10;

/** Jobs that are handed over together. */
const addedTogether = 1000;

export function bullServer(
  backend: BullBackend,
  server: PatientServer,
  leaseMs: number,
): WorkServer {
  let opened: Promise<BullQueue> | undefined;
  const requests = () => (opened ??= server.ask(() => backend.queue(requestsName)));
  return {
    name: server.name,
    requests: async () => {
      const queue = await requests();
      const jobs = await server.ask(() => queue.getJobs(["waiting"], 0, -1, true));
      return jobs.flatMap((job): readonly SharedRequest[] =>
        job?.id === undefined ? [] : [{ id: job.id, data: job.data }],
      );
    },
    ask: async ({ id, data }) => {
      const queue = await requests();
      await server.ask(() => queue.add("request", data, { jobId: id }));
    },
    jobsOf: async (id) => openJobs(nameOf(id), backend, server, leaseMs),
    remove: async (id) => {
      const queue = await requests();
      await server.ask(() => queue.remove(id));
      const jobs = await server.ask(() => backend.queue(nameOf(id)));
      await server.ask(() => jobs.obliterate({ force: true }));
      await jobs.close();
    },
    close: async () => {
      await (await opened?.catch(() => undefined))?.close();
      await backend.close();
    },
  };
}

function nameOf(id: string): string {
  return `limpid-atlas-${id}`;
}

async function openJobs(
  name: string,
  backend: BullBackend,
  server: PatientServer,
  leaseMs: number,
): Promise<SharedJobs> {
  const timing = { lockDuration: leaseMs, stalledInterval: leaseMs / 2 };
  const queue = await server.ask(() => backend.queue(name));
  let worker: Promise<BullWorker> | undefined;
  // Only who claims looks for claims that do not stand.
  const working = () => (worker ??= server.ask(() => opened(backend, name, timing)));
  let claims = 0;
  return {
    renewMs: leaseMs / 6,
    claim: async () => {
      const bull = await working();
      const token = `${bull.id}:${claims++}`;
      const job = await server.ask(() => bull.getNextJob(token, { block: false }));
      return job && claimOf(job, token, server, leaseMs);
    },
    left: () =>
      server.ask(() => queue.getJobCountByTypes("waiting", "active", "delayed", "prioritized")),
    failed: (count) =>
      server.ask(async () => {
        const jobs = await queue.getJobs(["failed"], 0, count - 1, true);
        return jobs.flatMap((job): readonly FailedJob[] =>
          job ? [{ part: job.name, reason: job.failedReason }] : [],
        );
      }),
    add: (parts) => added(parts, queue, server),
    close: async () => {
      await (await worker)?.close(true);
      await queue.close();
    },
  };
}

/** A worker that takes jobs only when it is told to, and gives anybody those of workers that went without a word. */
async function opened(backend: BullBackend, name: string, timing: BullTiming): Promise<BullWorker> {
  const worker = await backend.worker(name, timing);
  let again: NodeJS.Timeout | undefined;
  worker.on("error", () => {
    // The check ends with the first fault; the server may be back after a while.
    again ??= setTimeout(() => {
      again = undefined;
      void worker.startStalledCheckTimer();
    }, timing.stalledInterval);
    again.unref();
  });
  await worker.startStalledCheckTimer();
  return worker;
}

async function added(
  parts: readonly string[],
  queue: BullQueue,
  server: PatientServer,
): Promise<void> {
  for (;;) {
    const failed = await server.ask(() => queue.getJobs(["failed"], 0, addedTogether - 1, true));
    if (failed.length === 0) break;
    for (const job of failed) if (job) await server.ask(() => withoutOwner(job.remove()));
  }
  for (let at = 0; at < parts.length; at += addedTogether) {
    const jobs = parts.slice(at, at + addedTogether).map((part) => ({
      name: part,
      data: {},
      opts: {
        // Neither server nor client takes every letter in a job's name.
        jobId: part.replaceAll(/[^\w.-]/g, "_"),
        attempts: mostTries,
        backoff: { type: "exponential", delay: 1000 },
        removeOnComplete: true,
      },
    }));
    await server.ask(() => queue.addBulk(jobs));
  }
}

function claimOf(job: BullJob, token: string, server: PatientServer, leaseMs: number): Claim {
  const ended = (how: () => Promise<unknown>) => server.ask(() => withoutOwner(how()));
  return {
    part: job.name,
    renew: () => server.ask(async () => (await job.extendLock(token, leaseMs)) > 0),
    finish: async (outcome: Outcome) => {
      if (outcome === "done") await ended(() => job.moveToCompleted(undefined, token, false));
      else if (outcome === "later")
        await ended(() => job.moveToDelayed(Math.round(Date.now() + leaseMs / 12), token));
      else if (outcome === "back") await ended(() => job.moveToWait(token));
      else await ended(() => job.moveToFailed(asError(outcome.failed), token, false));
    },
  };
}

/** Whether a job was still this run's; one that is not has been done, or will be, by another. */
async function withoutOwner(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (cause) {
    if (isOthers(cause)) return false;
    throw cause;
  }
}

/** BullMQ numbers what may be the matter with a job: it is not there, its lock is not or is another's, or it is in another state. */
function isOthers(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const code: unknown = "code" in cause ? cause.code : undefined;
  return typeof code === "number" && [-1, -2, -3, -6].includes(code);
}

/** Stacks and bugs are no reasons; an error of this program is one in its own words. */
function asError(failed: unknown): Error {
  const text = failed instanceof Error ? failed.message : String(failed);
  return new Error(isFailure(failed) ? text : `internal error: ${text}`);
}
