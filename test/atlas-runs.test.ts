/** @file Several runs in one folder, some of which are killed: what the others make is what one alone makes. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodePng } from "../src/node/codecs.ts";
import { randomStream } from "../src/random.ts";
import { filesOf } from "./atlas-files.ts";
import { folderWithModel } from "./command-line.ts";

const script = fileURLToPath(new URL("atlas-run.ts", import.meta.url));
let folder: string;
let work: string;
const argvOf = (out: string) => [
  "--import",
  "tsx",
  script,
  join(folder, "good.onnx"),
  join(work, "photos"),
  join(work, out),
];

beforeAll(async () => {
  folder = await folderWithModel();
  work = mkdtempSync(join(tmpdir(), "limpid-atlas-runs-"));
  mkdirSync(join(work, "photos"));
  for (let i = 0; i < 700; i++) {
    const random = randomStream("atlas runs", i);
    const data = Uint8Array.from({ length: 192 }, () => random.below(256));
    // oxlint-disable-next-line no-await-in-loop -- pictures of 8 by 8
    const bytes = await encodePng({ widthPx: 8, heightPx: 8, channels: 3, data });
    writeFileSync(join(work, "photos", `${i}.png`), bytes);
  }
});
afterAll(() => {
  rmSync(work, { recursive: true });
  rmSync(folder, { recursive: true });
});

function parts(out: string): number {
  try {
    return readdirSync(join(work, out, "parts")).length;
  } catch {
    return 0;
  }
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
  });

test("four runs of which two are killed make the same bytes as one", async () => {
  const alone = spawnSync(process.execPath, argvOf("alone"), { encoding: "utf8" });
  expect([alone.status, alone.stderr]).toEqual([0, ""]);
  const runs = Array.from({ length: 4 }, () =>
    spawn(process.execPath, argvOf("shared"), { stdio: "ignore" }),
  );
  const codes = runs.map((run) => ended(run));
  for (const [i, run] of runs.slice(0, 2).entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, in the middle of the work
    while (parts("shared") < 2 + 2 * i)
      await new Promise((resolve) => void setTimeout(resolve, 20));
    run.kill("SIGKILL");
  }
  expect(await Promise.all(codes)).toEqual([null, null, 0, 0]);
  const shared = filesOf(join(work, "shared"));
  // What a killed run held, or was writing, may lie about until somebody sweeps it.
  const made = new Map([...shared].filter(([name]) => !/(^claims\/|\.limpid-|\.tmp)/.test(name)));
  expect([...made.keys()]).toEqual([...filesOf(join(work, "alone")).keys()]);
  expect(made).toEqual(filesOf(join(work, "alone")));
});
