/** @file Whatever changes in whatever order, all of it is drawn in the end, and what is held never waits for long. */
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Drawing } from "./drawing.ts";
import { nextTask } from "./next-task.ts";

/** A page that shows a count: what was drawn, and when. */
function counted() {
  const state = { count: 0 };
  const drawn: { readonly count: number; readonly atMs: number }[] = [];
  const drawing = new Drawing(() => drawn.push({ count: state.count, atMs: performance.now() }));
  const count = () => {
    state.count += 1;
    drawing.changed();
  };
  return { state, drawn, drawing, count };
}

const after = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("what changes in a task whose changes are drawn in the next is drawn in one, and what comes then at once", async () => {
  const { drawn, drawing, count } = counted();
  void drawing.together(nextTask);
  count();
  await Promise.resolve();
  count();
  expect(drawn).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  count();
  expect(drawn.map((each) => each.count)).toEqual([2, 3]);
});

test("what a click changes at once and what it brings is drawn in one", async () => {
  const { drawn, drawing, count } = counted();
  const click = drawing.together(async () => {
    count();
    await after(30);
    count();
  });
  await vi.advanceTimersByTimeAsync(30);
  await click;
  expect(drawn.map((each) => each.count)).toEqual([2]);
});

test("what takes long is drawn on its way, and what fails as well", async () => {
  const { drawn, drawing, count } = counted();
  const click = drawing.together(async () => {
    count();
    await after(500);
    count();
    throw new Error("no answer");
  });
  const failed = expect(click).rejects.toThrow("no answer");
  await vi.advanceTimersByTimeAsync(499);
  expect(drawn.map((each) => each.count)).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1);
  await failed;
  expect(drawn.map((each) => each.count)).toEqual([1, 2]);
});

test("no schedule of changes, held and not, leaves one undrawn for longer than is noticed", async () => {
  const change = fc.record({
    waitMs: fc.nat(60),
    lastsMs: fc.option(fc.nat(250), { nil: undefined }),
    inNextTask: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 20 }), async (changes) => {
      const { state, drawn, drawing, count } = counted();
      const made: number[] = [];
      const note = () => {
        made.push(performance.now());
        count();
      };
      const all: Promise<void>[] = [];
      for (const { waitMs, lastsMs, inNextTask } of changes) {
        await vi.advanceTimersByTimeAsync(waitMs);
        if (inNextTask) void drawing.together(nextTask);
        if (lastsMs === undefined) note();
        else {
          const click = drawing.together(async () => {
            note();
            await after(lastsMs);
            note();
          });
          all.push(click);
        }
      }
      await vi.advanceTimersByTimeAsync(300);
      await Promise.all(all);
      expect(drawn.at(-1)?.count ?? 0).toBe(state.count);
      for (const [i, atMs] of made.entries()) {
        const seen = drawn.find((each) => each.count > i);
        expect(seen!.atMs - atMs).toBeLessThanOrEqual(100);
      }
    }),
  );
});
