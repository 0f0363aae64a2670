/** @file Several runs in one folder, some of which are killed: what the others make is what one alone makes. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { randomStream } from "../src/random.ts";
import { filesOf } from "./atlas-files.ts";
import { running, smallAtlas, type SmallAtlas } from "./atlas-parts.ts";

let small: SmallAtlas;
const at = (name: string) => join(small.folder, name);
const argvOf = (out: string) => small.argv("atlas", { out: at(out), together: true });

beforeAll(async () => {
  small = await smallAtlas(700);
  const alone = spawnSync(process.execPath, argvOf("alone"), { encoding: "utf8" });
  if (alone.status !== 0) throw new Error(alone.stderr);
});
afterAll(() => small.remove());

function parts(out: string): number {
  try {
    return readdirSync(join(at(out), "parts")).length;
  } catch {
    return 0;
  }
}

/** What a killed run held, or was writing, may lie about until somebody sweeps it. */
function madeIn(out: string): ReadonlyMap<string, string> {
  return new Map(
    [...filesOf(at(out))].filter(([name]) => !/(^claims\/|\.limpid-|\.tmp)/.test(name)),
  );
}

test("four runs of which two are killed make the same bytes as one", async () => {
  const runs = Array.from({ length: 4 }, () => running(process.execPath, argvOf("shared")));
  for (const [i, { child }] of runs.slice(0, 2).entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other, in the middle of the work
    while (parts("shared") < 2 + 2 * i) await pause(20);
    child.kill("SIGKILL");
  }
  expect(await Promise.all(runs.map(({ code }) => code))).toEqual([null, null, 0, 0]);
  expect([...madeIn("shared").keys()]).toEqual([...filesOf(at("alone")).keys()]);
  expect(madeIn("shared")).toEqual(filesOf(at("alone")));
});

test("a run that is killed twenty times at random and goes on makes the same bytes", async () => {
  const random = randomStream("kills of an atlas");
  let kills = 0;
  for (;;) {
    const { child, code } = running(process.execPath, argvOf("killed"));
    const before = parts("killed");
    const isOver = () => child.exitCode !== null;
    // So many of them in the work, and the others at its start.
    const more = kills < 20 ? random.below(2) : Number.POSITIVE_INFINITY;
    // oxlint-disable-next-line no-await-in-loop -- one run after the other
    while (!isOver() && parts("killed") < before + more) await pause(10);
    // oxlint-disable-next-line no-await-in-loop -- one run after the other
    if (!isOver()) await pause(more === 0 ? random.below(1500) : random.below(30));
    child.kill("SIGKILL");
    // oxlint-disable-next-line no-await-in-loop -- one run after the other
    if ((await code) === 0) break;
    kills += 1;
  }
  expect(kills).toBe(20);
  expect(madeIn("killed")).toEqual(filesOf(at("alone")));
}, 120_000);
