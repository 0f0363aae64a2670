import { expect, test } from "vitest";
import { startProgress } from "./progress.ts";

function watched(isWatched: boolean) {
  const lines: string[] = [];
  const clock = { timeMs: 0 };
  const io = {
    out: () => {},
    err: (text: string) => void lines.push(text.replace("\r\u001b[K", "")),
    signal: { aborted: false },
    isWatched,
  };
  return { lines, clock, io, now: () => clock.timeMs };
}

test("share, words and time left", () => {
  const { lines, clock, io, now } = watched(true);
  const progress = startProgress(io, { label: "work", total: 10, now });
  clock.timeMs = 2000;
  progress.update(2, "two");
  expect(lines).toEqual([`work  ${"█".repeat(5)}${"░".repeat(19)}  20 %  two  8 s left`]);
  progress.end();
  expect(lines.at(-1)).toBe("");
});

test("what was done before says nothing about speed", () => {
  const { lines, clock, io, now } = watched(true);
  const progress = startProgress(io, { label: "work", total: 10, from: 8, now });
  progress.update(8);
  clock.timeMs = 3000;
  progress.update(9);
  expect(lines[0]).not.toContain("left");
  expect(lines[1]).toContain("3 s left");
});

test("it draws at most ten times a second, and the end always", () => {
  const { lines, clock, io, now } = watched(true);
  const progress = startProgress(io, { label: "work", total: 100, now });
  for (let i = 1; i < 100; i++) {
    clock.timeMs = 10 * i;
    progress.update(i);
  }
  expect(lines).toHaveLength(10);
  progress.update(100);
  expect(lines.at(-1)).toContain("100 %");
});

test("nobody watches, nothing is drawn", () => {
  const { lines, io } = watched(false);
  const progress = startProgress(io, { label: "work", total: 1 });
  progress.update(1);
  progress.end();
  expect(lines).toEqual([]);
});
