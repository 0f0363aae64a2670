/** @file What tests of atlases by several processes share: a small network with photos, processes, and their files. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openQueue } from "../src/engines/open.ts";
import { s3Store } from "../src/engines/s3-store.ts";
import { encodePng } from "../src/node/codecs.ts";
import { randomStream } from "../src/random.ts";
import { filesOf } from "./atlas-files.ts";
import type { RunOptions } from "./atlas-run.ts";
import { folderWithModel } from "./command-line.ts";

const script = fileURLToPath(new URL("atlas-run.ts", import.meta.url));

/** A folder with `good.onnx` and `photos/` of 8 by 8 pixels, and room for results. */
export interface SmallAtlas {
  readonly folder: string;
  readonly model: string;
  readonly photos: string;
  /** The command line of a process of `atlas-run.ts`. */
  argv(way: "atlas" | "work", options: RunOptions): readonly string[];
  remove(): void;
}

export async function smallAtlas(photos: number): Promise<SmallAtlas> {
  const models = await folderWithModel();
  const folder = mkdtempSync(join(tmpdir(), "limpid-atlas-parts-"));
  mkdirSync(join(folder, "photos"));
  for (let i = 0; i < photos; i++) {
    const random = randomStream("atlas runs", i);
    const data = Uint8Array.from({ length: 192 }, () => random.below(256));
    // oxlint-disable-next-line no-await-in-loop -- pictures of 8 by 8
    const bytes = await encodePng({ widthPx: 8, heightPx: 8, channels: 3, data });
    writeFileSync(join(folder, "photos", `${i}.png`), bytes);
  }
  const own = { model: join(models, "good.onnx"), photos: join(folder, "photos") };
  return {
    folder,
    ...own,
    argv: (way, options) => [
      "--import",
      "tsx",
      script,
      way,
      JSON.stringify(way === "atlas" ? { ...own, ...options } : options),
    ],
    remove: () => {
      rmSync(folder, { recursive: true });
      rmSync(models, { recursive: true });
    },
  };
}

/** Makes the atlas into a folder by one process; throws what it says where it fails. */
export function makeAlone(small: SmallAtlas, out: string, more: Partial<RunOptions> = {}): void {
  const argv = small.argv("atlas", { ...more, out });
  const alone = spawnSync(process.execPath, argv, { encoding: "utf8" });
  if (alone.status !== 0) throw new Error(alone.stderr);
}

/** Files of the site in a folder, and the parts, which may lie elsewhere. */
export function siteAndParts(out: string) {
  const all = [...filesOf(out)];
  return {
    site: new Map(all.filter(([name]) => !name.startsWith("parts/"))),
    parts: new Map(all.filter(([name]) => name.startsWith("parts/") && !/request-/.test(name))),
  };
}

const listener = { signal: { aborted: false } };

/** Parts in an S3 store by name, as base64. */
export async function partsIn(address: string): Promise<ReadonlyMap<string, string>> {
  const store = await s3Store(address, listener);
  const found = new Map<string, string>();
  for (const part of (await store.list()).toSorted()) {
    if (part.includes("request-")) continue;
    // oxlint-disable-next-line no-await-in-loop -- a few small files
    found.set(part, Buffer.from((await store.read(part))!).toString("base64"));
  }
  store.close();
  return found;
}

/** Ends once somebody has asked for an atlas on a queue. */
export async function untilAsked(queue: string): Promise<void> {
  const server = await openQueue(queue, listener);
  while ((await server.requests()).length === 0) await pause(50);
  await server.close();
}

/** A process, what it says, and how it ends: its exit code, null where it was killed. */
export interface Running {
  readonly child: ChildProcess;
  readonly code: Promise<number | null>;
  said(): string;
}

export function running(program: string, argv: readonly string[]): Running {
  const child = spawn(program, argv, { stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (bytes: Buffer) => (text += bytes.toString()));
  const code = new Promise<number | null>((resolve) => {
    child.once("close", (ended) => resolve(ended));
  });
  return { child, code, said: () => text };
}
