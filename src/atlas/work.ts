/** @file A worker: takes requests from a queue and does their jobs, until there are none. */
import type { JobContext } from "../app/context.ts";
import { isFailure, LimpidError, throwIfAborted } from "../errors.ts";
import { say } from "../wording/face.ts";
import { formatCount } from "../wording/numbers.ts";
import { withPlan, type AddressedStore } from "./atlas.ts";
import { machineClock } from "./jobs/clock.ts";
import { folderStore, type PartStore } from "./jobs/part-store.ts";
import { workerClaims } from "./jobs/queue-claims.ts";
import type { SharedJobs, SharedRequest, WorkServer } from "./jobs/work-server.ts";
import type { AtlasRequest } from "./request.ts";
import { runJobs } from "./run.ts";
import {
  requestOnQueue,
  requestPart,
  requireSamePlan,
  requireVersions,
  type AtlasOnQueue,
} from "./shared-request.ts";

/** How a worker works, and where things lie that lie elsewhere than for the asker. */
export interface WorkOptions {
  readonly model?: string;
  readonly photos?: string;
  readonly caricature?: string;
  readonly out?: string;
  /** Waits for more requests when all are done. */
  readonly stays?: boolean;
}

export interface WorkEngines {
  readonly server: WorkServer;
  /** Opens the store at an address; throws `bad-option` for one that is none. */
  openStore(address: string): Promise<AddressedStore>;
  /** Address of the store, where it has another one here. */
  readonly store?: string;
}

/** How long a worker that stays waits before it looks for requests again. */
const lookMs = 2000;

/** Requests whose jobs this run helped to do. Throws `bad-file` or `bad-option` where it would not make the same bytes as the asker. */
export async function work(
  options: WorkOptions,
  engines: WorkEngines,
  context: JobContext,
): Promise<number> {
  const { server } = engines;
  const refused = new Set<string>();
  let done = 0;
  for (;;) {
    throwIfAborted(context.signal, "work");
    const next = await nextOf(server, refused);
    if (next) {
      done += (await helped(next, options, engines, refused, context)) ? 1 : 0;
    } else if (options.stays === true) {
      await machineClock.pause(lookMs);
    } else {
      return done;
    }
  }
}

/** The oldest request that has jobs left. */
async function nextOf(
  server: WorkServer,
  refused: ReadonlySet<string>,
): Promise<SharedRequest | undefined> {
  for (const request of await server.requests()) {
    if (refused.has(request.id)) continue;
    const jobs = await server.jobsOf(request.id);
    try {
      if ((await jobs.left()) > 0) return request;
    } finally {
      await jobs.close();
    }
  }
  return undefined;
}

/** A worker that stays says of a request that is not for it why, and goes on with others. */
async function helped(
  request: SharedRequest,
  options: WorkOptions,
  engines: WorkEngines,
  refused: Set<string>,
  context: JobContext,
): Promise<boolean> {
  const jobs = await engines.server.jobsOf(request.id);
  try {
    await help(request, jobs, options, engines, context);
    return true;
  } catch (cause) {
    if (options.stays !== true || !isFailure(cause)) throw cause;
    refused.add(request.id);
    context.onFailure?.(cause.said);
    return false;
  } finally {
    await jobs.close();
  }
}

async function help(
  { id, data }: SharedRequest,
  jobs: SharedJobs,
  options: WorkOptions,
  engines: WorkEngines,
  context: JobContext,
): Promise<void> {
  const asked = requestOnQueue(data);
  requireVersions(asked, context.platform.versions());
  const request = placedHere(asked, options);
  const store = await storeOf(asked, request, engines, context);
  if (!(await store.has(requestPart(id)))) throw otherStore(store, request);
  await withPlan(request, context, async (plan) => {
    await requireSamePlan(asked, plan);
    const missing = await runJobs(plan, store, workerClaims(jobs), context);
    if (missing.length === 0) return;
    const failed = await jobs.failed(1);
    for (const { part, reason } of failed)
      context.onFailure?.(
        say`${formatCount(missing.length)} jobs are not done; "${part}" failed again and again: ${reason}`,
      );
  });
}

/** A request with what lies elsewhere here. */
export function placedHere(
  { request }: AtlasOnQueue,
  { model, photos, caricature, out }: WorkOptions,
): AtlasRequest {
  return {
    ...(request as AtlasRequest),
    ...(model === undefined ? {} : { model }),
    ...(photos === undefined || request.photos === undefined ? {} : { photos }),
    ...(caricature === undefined || request.caricature === undefined ? {} : { caricature }),
    ...(out === undefined ? {} : { out }),
  };
}

async function storeOf(
  asked: AtlasOnQueue,
  { out }: AtlasRequest,
  engines: WorkEngines,
  { platform }: JobContext,
): Promise<PartStore> {
  const address = engines.store ?? asked.store;
  return address === undefined ? folderStore(platform, out) : engines.openStore(address);
}

function otherStore(store: PartStore, { out }: AtlasRequest): LimpidError {
  const name = "address" in store ? String(store.address) : out;
  return new LimpidError(
    "bad-file",
    `work: "${name}" must be the store of the run that asked, got one without its request. name the same --store, or the shared folder with --out.`,
  );
}
