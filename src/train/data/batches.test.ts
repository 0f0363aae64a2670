import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LimpidError } from "../../errors.ts";
import { augmentations } from "./augment.ts";
import { batchSource, type BatchOptions } from "./batches.ts";
import type { Batch } from "./batch-source.ts";
import type { Dataset } from "../../image/dataset.ts";

/** Pictures [2, 2, 2] whose values tell their number; those in `broken` cannot be read. */
function numbered(length: number, broken: ReadonlySet<number> = new Set(), onRead?: () => unknown) {
  const read = async (index: number) => {
    await onRead?.();
    if (broken.has(index)) throw new LimpidError("bad-file", `read: "${index}" is broken.`);
    const picture = Float32Array.from({ length: 8 }, (_, i) => (index * 8 + i) / (8 * length));
    return { picture, label: index % 3 };
  };
  const label = (index: number) => index % 3;
  return {
    classes: ["a", "b", "c"],
    dims: [2, 2, 2],
    length,
    label,
    title: (index) => `no ${index}`,
    read,
  } satisfies Dataset;
}

async function all(
  dataset: Dataset,
  options: BatchOptions,
  epoch = 0,
  first = 0,
): Promise<readonly Batch[]> {
  return collect(batchSource(dataset, options).batches(epoch, first));
}

async function collect(batches: AsyncIterable<Batch>): Promise<readonly Batch[]> {
  const result: Batch[] = [];
  for await (const batch of batches) result.push(batch);
  return result;
}

const numbersOf = (batches: readonly Batch[]) => batches.map(({ indices }) => [...indices]);

describe("batchSource", () => {
  test("gives the examples in their order, the last batch as small as it is", async () => {
    const batches = await all(numbered(5), { batch: 2 });
    expect(numbersOf(batches)).toEqual([[0, 1], [2, 3], [4]]);
    expect(batches.map(({ labels }) => [...labels])).toEqual([[0, 1], [2, 0], [1]]);
    expect(batches[2]!.pictures.dims).toEqual([1, 2, 2, 2]);
    expect([...(batches[2]!.pictures.data as Float32Array)]).toEqual(
      Array.from({ length: 8 }, (_, i) => Math.fround((32 + i) / 40)),
    );
  });

  test("leaves the small batch out if told to", async () => {
    const source = batchSource(numbered(5), { batch: 2, dropLast: true });
    expect(source.batchesPerEpoch).toBe(2);
    expect(numbersOf(await collect(source.batches(0)))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  test("every epoch of a shuffle holds each example once, in an order of its own", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        async (length, batch, seed) => {
          const numbers = numbersOf(
            await all(numbered(length), { batch, seed, shuffle: true }),
          ).flat();
          expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
        },
      ),
      { numRuns: 30 },
    );
    const orders = [0, 1, 2].map(async (epoch) =>
      numbersOf(await all(numbered(30), { batch: 30, shuffle: true }, epoch)).join(),
    );
    expect(new Set(await Promise.all(orders)).size).toBe(3);
  });

  test("goes on at any batch as if it had begun at the first, also with broken examples", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: 6 }),
        fc.nat(),
        fc.uniqueArray(fc.nat({ max: 19 }), { maxLength: 12 }),
        async (first, seed, broken) => {
          const options = { batch: 3, seed, shuffle: true, augmentation: augmentations.strong };
          const dataset = numbered(20, new Set(broken));
          const whole = await all(dataset, options, 4);
          expect(await all(dataset, options, 4, first)).toEqual(whole.slice(first));
        },
      ),
      { numRuns: 30 },
    );
  });

  test("puts the next readable example in the place of a broken one, and names it once", async () => {
    const source = batchSource(numbered(6, new Set([1, 2, 5])), { batch: 3, fill: true });
    expect(numbersOf(await collect(source.batches(0)))).toEqual([
      [0, 3, 3],
      [3, 4, 0],
    ]);
    await collect(source.batches(1));
    expect(source.skipped).toEqual(
      [1, 2, 5].map((i) => ({ title: `no ${i}`, message: `read: "${i}" is broken.` })),
    );
  });

  test("draws a stand-in anew, so that a batch does not hold it twice", async () => {
    const options = { batch: 2, fill: true, augmentation: augmentations.keras };
    const [batch] = await all(numbered(3, new Set([0])), options);
    const data = batch!.pictures.data as Float32Array;
    expect([...batch!.indices]).toEqual([1, 1]);
    expect(data.subarray(0, 8)).not.toEqual(data.subarray(8));
  });

  test("judging leaves a broken example out", async () => {
    const broken = numbered(5, new Set([0, 4]));
    expect(numbersOf(await all(broken, { batch: 2 }))).toEqual([[1], [2, 3], []]);
  });

  test("strict stops at a broken example, with its own words", async () => {
    const broken = numbered(9, new Set([4]));
    const options = { batch: 2, strict: true, shuffle: true };
    await expect(all(broken, options)).rejects.toThrow('read: "4" is broken.');
  });

  test("stops where nothing can be read", async () => {
    const broken = numbered(3, new Set([0, 1, 2]));
    await expect(all(broken, { batch: 2, shuffle: true })).rejects.toThrow(
      'at least one example must be readable, got 3 that are not. the first: read: "0" is broken.',
    );
  });

  test("does not take other errors for broken examples", async () => {
    const dataset = numbered(3, new Set(), () => {
      throw new TypeError("a bug");
    });
    await expect(all(dataset, { batch: 2 })).rejects.toThrow("a bug");
  });

  test("augments each example anew in every epoch, the same for the same seed", async () => {
    const options = { batch: 4, seed: 5, augmentation: augmentations.strong };
    const [a, b, c, plain] = await Promise.all([
      all(numbered(4), options, 1),
      all(numbered(4), options, 1),
      all(numbered(4), options, 2),
      all(numbered(4), { batch: 4 }, 1),
    ]);
    expect(a).toEqual(b);
    expect(a[0]!.pictures.data).not.toEqual(c[0]!.pictures.data);
    expect(a[0]!.pictures.data).not.toEqual(plain[0]!.pictures.data);
  });

  test("brings channels to the network's order and range", async () => {
    const scaling = { order: [1, 0], gain: [2, 10], offset: [-1, 5] };
    const [plain] = await all(numbered(2), { batch: 2 });
    const [scaled] = await all(numbered(2), { batch: 2, scaling });
    const unscaled = plain!.pictures.data as Float32Array;
    const values = Array.from(unscaled, (_, i) =>
      Math.fround(i % 8 < 4 ? unscaled[i + 4]! * 2 - 1 : unscaled[i - 4]! * 10 + 5),
    );
    expect([...(scaled!.pictures.data as Float32Array)]).toEqual(values);
  });

  test("reads at most two batches ahead, and nothing more once it is left", async () => {
    let reads = 0;
    const dataset = numbered(100, new Set(), () => (reads += 1));
    const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
    const batches = batchSource(dataset, { batch: 4 }).batches(0)[Symbol.asyncIterator]();
    await batches.next();
    await settle();
    expect(reads).toBe(12);
    await batches.next();
    await settle();
    expect(reads).toBe(16);
    await batches.return?.();
    await settle();
    expect(reads).toBe(16);
  });

  test("reads several examples at once", async () => {
    let [running, most] = [0, 0];
    const dataset = numbered(20, new Set(), async () => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 1));
      running -= 1;
    });
    await all(dataset, { batch: 5 });
    expect(most).toBe(4);
  });

  test("stops when the signal fires", async () => {
    const source = batchSource(numbered(9), { batch: 2 });
    const signal = { aborted: false };
    const seen: number[][] = [];
    const run = async () => {
      for await (const batch of source.batches(0, 0, signal)) {
        seen.push([...batch.indices]);
        signal.aborted = true;
      }
    };
    await expect(run()).rejects.toMatchObject({ code: "aborted" });
    expect(seen).toEqual([[0, 1]]);
  });

  test.each([
    [{ batch: 0 }, "batch size must be a positive whole number, got 0"],
    [{ batch: 4, dropLast: true }, "must fill a batch of 4, got 3 examples"],
    [
      { batch: 1, scaling: { order: [0], gain: [1, 2, 3], offset: [0] } },
      "2 numbers each, got 1, 3, 1",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => batchSource(numbered(3), options)).toThrow(message);
  });

  test("refuses an empty data set", () => {
    expect(() => batchSource(numbered(0), { batch: 2 })).toThrow(
      "must fill a batch, got 0 examples",
    );
  });
});
