/** @file The atlas: planned, made job by job, and drawn as a site when everything is there. */
import type { JobContext } from "../app/context.ts";
import { headOptions } from "../app/head-options.ts";
import { openNetwork, readyModel } from "../app/open.ts";
import { requireFolderPlace } from "../app/places.ts";
import { LimpidError } from "../errors.ts";
import { claimsIn, everythingClaimed, type Claims } from "./jobs/claims.ts";
import { folderStore, type PartStore } from "./jobs/part-store.ts";
import { planAtlas, type AtlasPlan } from "./plan.ts";
import type { AtlasRequest } from "./request.ts";
import { jobsOf, missingNote, runJobs } from "./run.ts";
import { writeSite } from "./site/write-site.ts";

/** What came of a run. */
export interface AtlasResult {
  /** Units that have pictures. */
  readonly units: number;
  readonly layers: number;
  /** The page; undefined while other shards have something to do. */
  readonly page: string | undefined;
}

/** Shows every unit of a network's layers. Throws `LimpidError`; what was finished before stays, and the same request goes on with it. */
export async function atlas(request: AtlasRequest, context: JobContext): Promise<AtlasResult> {
  const { platform } = context;
  await requireFolderPlace(platform, request.out);
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
    const isShared = request.shard !== undefined || request.together === true;
    // One run alone keeps others out of its folder.
    if (!isShared)
      return await platform.within(request.out, () => made(plan, everythingClaimed, context));
    const claims = request.together === true ? claimsIn(platform, request.out) : everythingClaimed;
    return await made(plan, claims, context);
  } finally {
    await runtime.release();
  }
}

async function made(plan: AtlasPlan, claims: Claims, context: JobContext): Promise<AtlasResult> {
  const store = folderStore(context.platform, plan.request.out);
  const units = plan.layers.reduce((sum, { channels }) => sum + channels, 0);
  const counts = { units, layers: plan.layers.length };
  try {
    const missing = await runJobs(plan, store, claims, context);
    if (missing.length > 0) {
      context.onNote?.(missingNote(missing));
      return { ...counts, page: undefined };
    }
  } catch (cause) {
    throw await stopped(cause, plan, store);
  }
  return { ...counts, page: await drawn(plan, store, claims, context) };
}

/** The page; of several runs that find everything done, one draws it, which gives the same bytes as any other would. */
async function drawn(
  plan: AtlasPlan,
  store: PartStore,
  claims: Claims,
  context: JobContext,
): Promise<string | undefined> {
  const claim = await claims.claim("site");
  if (!claim) return undefined;
  try {
    return await writeSite(plan, store, context);
  } finally {
    await claim.finish();
  }
}

/** Of a run that is stopped, an error that says how far it came. */
async function stopped(cause: unknown, plan: AtlasPlan, store: PartStore): Promise<unknown> {
  if (!(cause instanceof LimpidError) || cause.code !== "aborted") return cause;
  const jobs = jobsOf(plan);
  const there = await Promise.all(jobs.map(({ part }) => store.has(part)));
  return new LimpidError(
    "aborted",
    `atlas: stopped, ${there.filter(Boolean).length} of ${jobs.length} jobs are in "${plan.request.out}". the same command goes on with the rest.`,
    { cause },
  );
}
