import { expect, test } from "vitest";
import { inParallel } from "./in-parallel.ts";

/** Works that tell when they begin and end. */
function works(count: number, failing: number, told: string[]) {
  return Array.from({ length: count }, (_, i) => async () => {
    told.push(`begin ${i}`);
    await new Promise((resolve) => setTimeout(resolve, i === failing ? 1 : 10));
    if (i === failing) throw new Error(`work ${i} failed`);
    told.push(`end ${i}`);
  });
}

test("all works are done, no more at a time than wanted", async () => {
  let [running, most] = [0, 0];
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
  };
  await inParallel(Array<typeof work>(7).fill(work), 3);
  expect([running, most]).toEqual([0, 3]);
});

test("after a failure none is begun, and those that were begun end first", async () => {
  const told: string[] = [];
  await expect(inParallel(works(5, 1, told), 2)).rejects.toThrow("work 1 failed");
  expect(told).toEqual(["begin 0", "begin 1", "end 0"]);
});
