/**
 * @file A run of an atlas in a process of its own: `atlas-run.ts atlas OPTIONS` asks for one, `atlas-run.ts work OPTIONS` works on a queue.
 * OPTIONS is JSON: what `RunOptions` says.
 */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { atlas } from "../src/atlas/atlas.ts";
import { work } from "../src/atlas/work.ts";
import { jobPlatform } from "../src/app/job-platform.ts";
import type { JobContext } from "../src/app/context.ts";
import { openQueue } from "../src/engines/open.ts";
import { s3Store } from "../src/engines/s3-store.ts";
import { nodePlatform } from "../src/node/platform.ts";
import { LimpidError } from "../src/errors.ts";
import { commandWords, wordsOf } from "../src/wording/face.ts";

/** What a run is told. */
export interface RunOptions {
  readonly model?: string;
  readonly photos?: string;
  readonly out: string;
  /** Other runs work into the same folder. */
  readonly together?: boolean;
  readonly queue?: string;
  readonly store?: string;
  readonly leaseMs?: number;
  /** Layers that have an activation atlas. */
  readonly activationAtlas?: readonly string[];
  /** A photo that cannot be read as often as there are no files `NAME-1`, `NAME-2` of this name yet. */
  readonly failing?: { readonly photo: string; readonly mark: string; readonly times: number };
}

const [way, text] = process.argv.slice(2) as ["atlas" | "work", string];
const { model, photos, out, together, queue, store, leaseMs, activationAtlas, failing } =
  JSON.parse(text) as RunOptions;
const platform = jobPlatform({
  ...nodePlatform,
  // The page is built apart; here it is whatever file.
  shipped: async (name) => (name.startsWith("atlas/") ? fileURLToPath(import.meta.url) : undefined),
  readPicture: async (path, range) => {
    if (failing && path.endsWith(failing.photo)) failOnce(failing);
    return nodePlatform.readPicture(path, range);
  },
});
const stop = new AbortController();
const tell = (note: string) => process.stderr.write(`note: ${note}\n`);
const listener = { signal: stop.signal, onNote: tell };
const context: JobContext = {
  platform,
  signal: stop.signal,
  offline: true,
  words: commandWords,
  onNote: (note) => tell(wordsOf(note, commandWords)),
  onFailure: (failure) => tell(wordsOf(failure, commandWords)),
};
const patience = { firstMs: 20_000, laterMs: 60_000, tellMs: 500 };
const server =
  queue === undefined
    ? undefined
    : await openQueue(queue, listener, { patience, ...(leaseMs ? { leaseMs } : {}) });
const openStore = (address: string) => s3Store(address, listener, patience);

/** Throws where that was not done often enough. */
function failOnce({ mark, times }: NonNullable<RunOptions["failing"]>): void {
  for (let i = 1; i <= times; i++) {
    if (existsSync(`${mark}-${i}`)) continue;
    writeFileSync(`${mark}-${i}`, "");
    throw new Error("a job that the test makes fail");
  }
}

try {
  if (way === "atlas") {
    const request = {
      model: model!,
      photos: photos!,
      out,
      preset: "icons",
      seed: 0,
      runtime: "cpu",
    } as const;
    const more = {
      ...(together ? { together } : {}),
      ...(activationAtlas ? { activationAtlas } : {}),
    };
    await atlas({ ...request, ...more }, context, {
      ...(server ? { server } : {}),
      ...(store === undefined ? {} : { store: await openStore(store) }),
    });
  } else {
    await work(
      { out, stays: false },
      { server: server!, openStore, ...(store === undefined ? {} : { store }) },
      context,
    );
  }
} catch (error) {
  process.stderr.write(`limpid: ${error instanceof LimpidError ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await server?.close();
}
