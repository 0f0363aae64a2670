/** @file A request as it lies on a queue: what is asked, and what tells whether a worker would make the same bytes. */
import * as v from "valibot";
import { runtimeNames } from "../app/platform.ts";
import { LimpidError } from "../errors.ts";
import { digestText } from "../graph/digest.ts";
import { partsFolder } from "./jobs/part-store.ts";
import type { AtlasPlan } from "./plan.ts";
import { jobsOf } from "./run.ts";

const format = "limpid-atlas-request-1";

const schema = v.object({
  format: v.literal(format),
  versions: v.record(v.string(), v.string()),
  /** SHA-256 of the network. */
  network: v.string(),
  /** Of the names of all parts, which hold everything that decides their bytes. */
  parts: v.string(),
  /** Options beyond these go along; the digest of the parts tells what this program makes of them. */
  request: v.looseObject({
    model: v.string(),
    preset: v.string(),
    seed: v.number(),
    runtime: v.picklist(runtimeNames),
    photos: v.optional(v.string()),
    out: v.string(),
    layers: v.optional(v.array(v.string())),
    also: v.optional(v.array(v.string())),
    caricature: v.optional(v.string()),
  }),
  /** Address of the store of parts; left out: the folder `out`. */
  store: v.optional(v.string()),
});

/** What lies on the queue. */
export type AtlasOnQueue = v.InferOutput<typeof schema>;

/** A plan as others are asked to do it. */
export async function onQueue(
  plan: AtlasPlan,
  versions: Readonly<Record<string, string>>,
  store: string | undefined,
): Promise<AtlasOnQueue> {
  const { shard: _, together: __, layers, also, ...request } = plan.request;
  return {
    format,
    versions: { ...versions },
    network: plan.digest,
    parts: await digestOfParts(plan),
    request: {
      ...request,
      ...(layers ? { layers: [...layers] } : {}),
      ...(also ? { also: [...also] } : {}),
    },
    ...(store === undefined ? {} : { store }),
  };
}

/** Names a request by what is asked: asked again, it is the same one. */
export async function requestId(data: AtlasOnQueue): Promise<string> {
  return (await digestText(JSON.stringify(data))).slice(0, 16);
}

/** The file that a store holds of a request: by it a worker knows that the store is the asker's. */
export function requestPart(id: string): string {
  return `${partsFolder}/request-${id}.json`;
}

function digestOfParts(plan: AtlasPlan): Promise<string> {
  return digestText(JSON.stringify(jobsOf(plan).map(({ part }) => part)));
}

/** Throws `bad-file` for what no version of this program puts on a queue. */
export function requestOnQueue(data: unknown): AtlasOnQueue {
  const read = v.safeParse(schema, data);
  if (read.success) return read.output;
  throw new LimpidError(
    "bad-file",
    `work: a request must be what "limpid atlas --queue" puts on the queue, got something else (${read.issues[0].message}). run the same version of limpid on all machines.`,
  );
}

/** Throws `bad-option` where this machine's program would not make the bytes that are asked for. */
export function requireVersions(asked: AtlasOnQueue, own: Readonly<Record<string, string>>): void {
  const names = [...new Set([...Object.keys(asked.versions), ...Object.keys(own)])];
  const other = names.find((name) => asked.versions[name] !== own[name]);
  if (other === undefined) return;
  throw new LimpidError(
    "bad-option",
    `work: "${other}" must be ${asked.versions[other] ?? "absent"} as where the atlas was asked for, got ${own[other] ?? "none"}. other versions make other bytes: install the same here.`,
  );
}

/** Throws `bad-file` where what this machine has is not what is asked for. */
export async function requireSamePlan(asked: AtlasOnQueue, plan: AtlasPlan): Promise<void> {
  if (plan.digest !== asked.network) {
    throw new LimpidError(
      "bad-file",
      `work: "${plan.request.model}" must be the network that was asked for, got another file: SHA-256 ${plan.digest.slice(0, 16)} instead of ${asked.network.slice(0, 16)}. copy that file here, and name it with --model.`,
    );
  }
  if ((await digestOfParts(plan)) === asked.parts) return;
  throw new LimpidError(
    "bad-file",
    `work: "${plan.request.photos ?? plan.request.model}" must be cut into the same jobs as where the atlas was asked for, got others. photos must have the same names, sizes and times of change (cp -p, rsync -a), and so must the photo of caricatures, and files of preprocessing and labels.`,
  );
}
