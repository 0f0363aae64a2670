/** @file What tests of atlases by several processes share: a small network with photos, processes, and their files. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodePng } from "../src/node/codecs.ts";
import { randomStream } from "../src/random.ts";
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
