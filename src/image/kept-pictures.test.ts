import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LimpidError } from "../errors.ts";
import type { Dataset } from "./dataset.ts";
import { keptPictures } from "./kept-pictures.ts";

/** Pictures of two bytes, and how often each was read. */
function counted(broken?: number) {
  const reads: number[] = [0, 0, 0, 0];
  const dataset: Dataset = {
    classes: ["a", "b"],
    dims: [1, 1, 2],
    length: 4,
    label: (index) => index % 2,
    title: (index) => `no ${index}`,
    read: async (index) => {
      reads[index]! += 1;
      if (index === broken) throw new LimpidError("bad-file", "read: broken.");
      return Promise.resolve({ picture: Float32Array.of(index / 255, 1), label: index % 2 });
    },
  };
  return { reads, dataset };
}

test("reads each picture once, the same to the bit", async () => {
  const { reads, dataset } = counted();
  const kept = keptPictures(dataset);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 3 }), async (index) => {
      expect(await kept.read(index)).toEqual(await counted().dataset.read(index));
    }),
  );
  expect(reads).toEqual([1, 1, 1, 1]);
  expect([kept.title(2), kept.label(3), kept.length]).toEqual(["no 2", 1, 4]);
});

test("keeps every byte's value as it is", async () => {
  const values = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
  const read = () => Promise.resolve({ picture: values, label: 0 });
  const kept = keptPictures({ ...counted().dataset, dims: [1, 16, 16], read });
  await kept.read(0);
  expect((await kept.read(0)).picture).toEqual(values);
});

test("gives its own copy, which may be changed", async () => {
  const kept = keptPictures(counted().dataset);
  for (let i = 0; i < 3; i++) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what is tested
    const { picture } = await kept.read(1);
    expect([...picture]).toEqual([Math.fround(1 / 255), 1]);
    picture.fill(0);
  }
});

test("keeps no more than it may", async () => {
  const { reads, dataset } = counted();
  const kept = keptPictures(dataset, 5);
  for (const index of [3, 2, 1, 0, 3, 2, 1, 0]) {
    // oxlint-disable-next-line no-await-in-loop -- which ones are kept depends on the order
    await kept.read(index);
  }
  expect(reads).toEqual([2, 2, 1, 1]);
});

test("keeps no error", async () => {
  const { reads, dataset } = counted(1);
  const kept = keptPictures(dataset);
  await expect(kept.read(1)).rejects.toThrow("broken");
  await expect(kept.read(1)).rejects.toThrow("broken");
  expect(reads[1]).toBe(2);
});
