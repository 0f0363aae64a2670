/** @file One at a time, across processes, and nobody waits for the dead. */
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLock } from "./fetch-lock.ts";

let folder: string;
const lock = () => join(folder, "deep/thing.lock");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(content: string): void {
  mkdirSync(join(folder, "deep"), { recursive: true });
  writeFileSync(lock(), content);
}

/** What this machine and process are called in a lock. */
const placeOf = (run: string) => /"place":"(\w+)"/.exec(run)![1]!;
const myPlace = () => withLock(lock(), {}, async () => placeOf(readFileSync(lock(), "utf8")));

test("one after the other, whatever comes of the work, and nothing stays", async () => {
  let inside = 0;
  let most = 0;
  const told: string[] = [];
  const work = async (fails: boolean) => {
    inside += 1;
    most = Math.max(most, inside);
    await pause(20);
    inside -= 1;
    if (fails) throw new Error("the work's own");
    return "done";
  };
  const all = await Promise.allSettled(
    [false, true, false].map((fails) =>
      withLock(lock(), { onWait: (owner) => told.push(owner) }, () => work(fails)),
    ),
  );
  expect(all.map(({ status }) => status).toSorted()).toEqual([
    "fulfilled",
    "fulfilled",
    "rejected",
  ]);
  expect(most).toBe(1);
  expect(told).toEqual([String(process.pid), String(process.pid)]);
  expect(readdirSync(join(folder, "deep"))).toEqual([]);
});

test("a process that was killed is passed over at once", async () => {
  const place = await myPlace();
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  put(JSON.stringify({ pid, place }));
  const startMs = performance.now();
  expect(await withLock(lock(), {}, async () => "mine")).toBe("mine");
  expect(performance.now() - startMs).toBeLessThan(1000);
});

test.each([
  ["a lock of another machine", '{"pid":1,"place":"elsewhere"}'],
  ["an empty lock", ""],
  ["a lock of other text", "\u0000\n"],
  ["a lock longer than any", " ".repeat(1000)],
])("%s is waited for until it shows no life, whatever its clock says", async (_, content) => {
  put(content);
  utimesSync(lock(), new Date("2200-01-01"), new Date("2200-01-01"));
  const beats = setInterval(() => {
    // Clocks that jump to and fro are life as well.
    const time = new Date(Math.random() * 1e12);
    utimesSync(lock(), time, time);
  }, 50);
  const taken = withLock(lock(), { deadMs: 300 }, async () => performance.now());
  await pause(600);
  const deathMs = performance.now();
  clearInterval(beats);
  expect((await taken) - deathMs).toBeGreaterThan(150);
  expect(existsSync(lock())).toBe(false);
});

test("a folder in the place of a lock does not stop anybody for ever", async () => {
  mkdirSync(lock(), { recursive: true });
  expect(await withLock(lock(), { deadMs: 100 }, async () => "mine")).toBe("mine");
});

test("Ctrl-C ends the waiting", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const place = await myPlace();
  put(JSON.stringify({ pid: child.pid, place }));
  const signal = { aborted: false };
  setTimeout(() => (signal.aborted = true), 50);
  const waiting = withLock(lock(), { signal }, async () => "mine");
  await expect(waiting).rejects.toMatchObject({ code: "aborted" });
  child.kill("SIGKILL");
  expect(existsSync(lock())).toBe(true);
});

test("work whose lock was taken over is told to stop, and leaves the other's lock", async () => {
  const work = withLock(lock(), {}, async (signal) => {
    writeFileSync(lock(), "another 1 x");
    while (!signal.aborted) await pause(20);
    throw new Error("stopped");
  });
  await expect(work).rejects.toThrow(/must stay this command's, got taken over/);
  expect(readFileSync(lock(), "utf8")).toBe("another 1 x");
});

test("where no lock can be written is told", async () => {
  writeFileSync(join(folder, "deep"), "a file");
  const work = withLock(lock(), {}, async () => "mine");
  await expect(work).rejects.toThrow(/must be writable, got a file in the place of a folder/);
});
