/** @file The atlas: planned, made job by job, and drawn as a site when everything is there. */
import type { JobContext } from "../app/context.ts";
import { headOptions } from "../app/head-options.ts";
import { openNetwork, readyModel } from "../app/open.ts";
import { requireFolderPlace } from "../app/places.ts";
import { LimpidError } from "../errors.ts";
import { claimsIn, everythingClaimed, type Claims } from "./jobs/claims.ts";
import type { PlannedJob } from "./jobs/job.ts";
import { folderStore, type PartStore } from "./jobs/part-store.ts";
import { askerClaims } from "./jobs/queue-claims.ts";
import type { WorkServer } from "./jobs/work-server.ts";
import { planAtlas, type AtlasPlan } from "./plan.ts";
import type { AtlasRequest } from "./request.ts";
import { jobsOf, missingNote, runJobs } from "./run.ts";
import { onQueue, requestId, requestPart } from "./shared-request.ts";
import { writeSite } from "./site/write-site.ts";

/** What came of a run. */
export interface AtlasResult {
  /** Units that have pictures. */
  readonly units: number;
  readonly layers: number;
  /** The page; undefined while other shards have something to do. */
  readonly page: string | undefined;
}

/** What several machines share beyond a folder. */
export interface AtlasEngines {
  /** Where jobs are shared; without it, runs in the folder share them. */
  readonly server?: WorkServer;
  /** Where parts lie; without it, in the folder. */
  readonly store?: AddressedStore;
}

/** A store that others find by its address. */
export interface AddressedStore extends PartStore {
  readonly address: string;
}

/** Shows every unit of a network's layers. Throws `LimpidError`; what was finished before stays, and the same request goes on with it. */
export async function atlas(
  request: AtlasRequest,
  context: JobContext,
  engines: AtlasEngines = {},
): Promise<AtlasResult> {
  await requireFolderPlace(context.platform, request.out);
  return withPlan(request, context, async (plan) => {
    const { platform } = context;
    const store = engines.store ?? folderStore(platform, request.out);
    if (engines.server) return asked(plan, engines.server, store, engines.store, context);
    const isTogether = request.together === true || request.helps === true;
    const isShared = request.shard !== undefined || isTogether;
    // One run alone keeps others out of its folder.
    if (!isShared)
      return platform.within(request.out, () => made(plan, store, everythingClaimed, context));
    const claims = isTogether ? claimsIn(platform, request.out) : everythingClaimed;
    return made(plan, store, claims, context);
  });
}

/** Does work with a request's plan, whose notes are told. */
export async function withPlan<T>(
  request: AtlasRequest,
  context: JobContext,
  work: (plan: AtlasPlan) => Promise<T>,
): Promise<T> {
  const { platform } = context;
  const graph = await openNetwork(request.model, context);
  const runtime = await platform.openRuntime(request.runtime);
  try {
    const { output, kind } = request;
    const head = headOptions({
      ...(output === undefined ? {} : { output }),
      ...(kind === undefined ? {} : { kind }),
    });
    const model = await readyModel(graph, runtime, context, head);
    const plan = await planAtlas(model, request, context);
    for (const note of plan.notes) context.onNote?.(note);
    platform.protect(plan.photos?.folder.paths ?? []);
    if (request.caricature !== undefined) platform.protect([request.caricature]);
    return await work(plan);
  } finally {
    await runtime.release();
  }
}

/** Puts the jobs on a queue, does them as one of those that work on it, and draws the site when all are done. */
async function asked(
  plan: AtlasPlan,
  server: WorkServer,
  store: PartStore,
  addressed: AddressedStore | undefined,
  context: JobContext,
): Promise<AtlasResult> {
  const data = await onQueue(plan, context.platform.versions(), addressed?.address);
  const id = await requestId(data);
  await store.write(requestPart(id), new TextEncoder().encode(JSON.stringify(data)));
  const jobs = await server.jobsOf(id);
  try {
    const there = new Set(await store.list());
    const parts = jobsOf(plan).map(({ part }) => part);
    await jobs.add(parts.filter((part) => !there.has(part)));
    await server.ask({ id, data });
    await madeParts(plan, store, askerClaims(jobs), context);
  } finally {
    await jobs.close();
  }
  await server.remove(id);
  return {
    ...countsOf(plan),
    page: await context.platform.within(plan.request.out, () => writeSite(plan, store, context)),
  };
}

async function made(
  plan: AtlasPlan,
  store: PartStore,
  claims: Claims,
  context: JobContext,
): Promise<AtlasResult> {
  const missing = await madeParts(plan, store, claims, context);
  if (missing.length > 0) {
    context.onNote?.(missingNote(missing));
    return { ...countsOf(plan), page: undefined };
  }
  if (plan.request.helps === true) return { ...countsOf(plan), page: undefined };
  return { ...countsOf(plan), page: await drawn(plan, store, claims, context) };
}

function countsOf({ layers }: AtlasPlan): Pick<AtlasResult, "units" | "layers"> {
  const units = layers.reduce((sum, { channels }) => sum + channels, 0);
  return { units, layers: layers.length };
}

/** Does what is to be done; returns what is still missing. */
async function madeParts(
  plan: AtlasPlan,
  store: PartStore,
  claims: Claims,
  context: JobContext,
): Promise<readonly PlannedJob[]> {
  try {
    return await runJobs(plan, store, claims, context);
  } catch (cause) {
    throw await stopped(cause, plan, store);
  }
}

/** The page; of several runs that find everything done, one draws it, which gives the same bytes as any other would. */
async function drawn(
  plan: AtlasPlan,
  store: PartStore,
  claims: Claims,
  context: JobContext,
): Promise<string | undefined> {
  const claim = await claims.claim(() => ["site"]);
  if (!claim) return undefined;
  try {
    return await writeSite(plan, store, context);
  } finally {
    await claim.finish("done");
  }
}

/** Of a run that is stopped, an error that says how far it came. */
async function stopped(cause: unknown, plan: AtlasPlan, store: PartStore): Promise<unknown> {
  if (!(cause instanceof LimpidError) || cause.code !== "aborted") return cause;
  const jobs = jobsOf(plan);
  const there = new Set(await store.list());
  const done = jobs.filter(({ part }) => there.has(part)).length;
  return new LimpidError(
    "aborted",
    `atlas: stopped, ${done} of ${jobs.length} jobs are in "${plan.request.out}". the same command goes on with the rest.`,
    { cause },
  );
}
