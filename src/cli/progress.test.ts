import { expect, test } from "vitest";
import type { JobPlatform } from "../app/job-platform.ts";
import { tellProgress, type ProgressStart } from "../app/context.ts";
import { progressLine } from "./progress.ts";

function watched(isWatched: boolean) {
  const lines: string[] = [];
  const clock = { timeMs: 0 };
  const io = {
    out: () => {},
    err: (text: string) => void lines.push(text.replace("\r\u001b[K", "")),
    signal: { aborted: false },
    isWatched,
  };
  const line = progressLine(io, () => clock.timeMs);
  const platform = { nowMs: () => clock.timeMs } as JobPlatform;
  const start = (work: ProgressStart) =>
    tellProgress({ platform, onProgress: (event) => line.show(event) }, work);
  return { lines, clock, start };
}

test("share, words and time left", () => {
  const { lines, clock, start } = watched(true);
  const progress = start({ what: "work", total: 10 });
  clock.timeMs = 2000;
  progress.update(2, "two");
  expect(lines).toEqual([`work  ${"█".repeat(5)}${"░".repeat(19)}  20 %  two  8 s left`]);
  progress.end();
  expect(lines.at(-1)).toBe("");
});

test("what was done before says nothing about speed", () => {
  const { lines, clock, start } = watched(true);
  const progress = start({ what: "work", total: 10, from: 8 });
  progress.update(8);
  clock.timeMs = 3000;
  progress.update(9);
  expect(lines[0]).not.toContain("left");
  expect(lines[1]).toContain("3 s left");
});

test("it draws at most ten times a second, and the end always", () => {
  const { lines, clock, start } = watched(true);
  const progress = start({ what: "work", total: 100 });
  for (let i = 1; i < 100; i++) {
    clock.timeMs = 10 * i;
    progress.update(i);
  }
  expect(lines).toHaveLength(10);
  progress.update(100);
  expect(lines.at(-1)).toContain("100 %");
});

test("nobody watches, nothing is drawn", () => {
  const { lines, start } = watched(false);
  const progress = start({ what: "work", total: 1 });
  progress.update(1);
  progress.end();
  expect(lines).toEqual([]);
});
