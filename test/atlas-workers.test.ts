/** @file `limpid atlas --workers`: several processes of one command make what one makes, whichever of them is killed. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { threadsOfEach, workerArgv } from "../src/cli/atlas-workers.ts";
import { limpid } from "./command-line.ts";
import { makeAlone, running, siteAndParts, smallAtlas, type SmallAtlas } from "./atlas-parts.ts";

const main = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

let small: SmallAtlas;
const at = (name: string) => join(small.folder, name);

beforeAll(async () => {
  small = await smallAtlas(500);
  makeAlone(small, at("alone"));
});
afterAll(() => small.remove());

function started(out: string) {
  const asked = ["atlas", small.model, "--photos", small.photos, "--out", at(out)];
  return running(process.execPath, ["--import", "tsx", main, ...asked, "--workers=3"]);
}

const isWorker = (pid: number) =>
  spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout.includes(
    "--helps",
  );

/** Workers that have been seen with a job, once there are so many. */
async function workersOf(out: string, count: number): Promise<readonly number[]> {
  const seen = new Set<number>();
  while (seen.size < count) {
    for (const pid of holdersIn(out)) if (!seen.has(pid) && isWorker(pid)) seen.add(pid);
    await pause(2);
  }
  return [...seen];
}

function holdersIn(out: string): readonly number[] {
  try {
    return readdirSync(join(at(out), "claims")).map((name) => {
      const mark = readFileSync(join(at(out), "claims", name, ".limpid-running"), "utf8");
      return (JSON.parse(mark) as { pid: number }).pid;
    });
  } catch {
    // There are none yet, or one is gone again.
    return [];
  }
}

test("a worker that is killed leaves its job to the others, which is told", async () => {
  const { code, said } = started("killed");
  const [worker] = await workersOf("killed", 1);
  process.kill(worker!, "SIGKILL");
  await code;
  expect(said()).toContain("a worker ended, and the others do its jobs");
  expect(siteAndParts(at("killed")).parts).toEqual(siteAndParts(at("alone")).parts);
}, 60_000);

test("Ctrl-C stops all of them, and the same command goes on", async () => {
  const { child, code, said } = started("stopped");
  const workers = await workersOf("stopped", 2);
  child.kill("SIGINT");
  expect([await code, said()]).toEqual([130, said()]);
  expect(said()).toContain("the same command goes on with the rest");
  expect(said()).not.toContain("a worker ended");
  expect(workers.filter(isWorker)).toEqual([]);
  await started("stopped").code;
  expect(siteAndParts(at("stopped")).parts).toEqual(siteAndParts(at("alone")).parts);
}, 60_000);

test("workers are told what the command was, but for what is its own", () => {
  const argv = ["atlas", "m.onnx", "--workers", "3", "--threads=2", "--together", "--seed", "3"];
  const told = "atlas m.onnx --seed 3 --helps --threads 1";
  expect(workerArgv(argv, 1).join(" ")).toBe(told);
  expect(threadsOfEach(10_000)).toBe(1);
});

test.each([
  ["--workers", "0"],
  ["--workers", "two"],
  ["--threads", "0"],
])("%s %s is refused", async (name, value) => {
  const { code, err } = await limpid("atlas", small.model, name, value);
  expect([code, err]).toEqual([1, expect.stringContaining(`${name}: must be a whole number`)]);
});

test("workers share a folder, and no queue", async () => {
  const { err } = await limpid("atlas", small.model, "--workers", "2", "--shard", "1/2");
  expect(err).toContain("--workers must share their jobs by the folder, got --shard as well");
});
