/** @file Bytes of a random stream. */
import { expect, test } from "vitest";
import { randomStream } from "./random.ts";

test("bytes are those of the keys, at any length", () => {
  const bytes = randomStream(1, "a").bytes(1001);
  expect(bytes).toHaveLength(1001);
  expect(randomStream(1, "a").bytes(1001)).toEqual(bytes);
  expect(randomStream(1, "a").bytes(7)).toEqual(bytes.slice(0, 7));
  expect(randomStream(2, "a").bytes(1001)).not.toEqual(bytes);
});

test("bytes go on with the stream", () => {
  const stream = randomStream(1);
  expect(stream.bytes(64)).not.toEqual(stream.bytes(64));
});

test("bytes are uniform at every place of a word", () => {
  const bytes = randomStream(3, "uniform").bytes(4 * 65536);
  for (let place = 0; place < 4; place++) {
    const counts = new Float64Array(256);
    for (let i = place; i < bytes.length; i += 4) counts[bytes[i]!]! += 1;
    // Pearson's statistic with 255 degrees of freedom: its mean is 255, its standard deviation 22.6.
    const statistic = counts.reduce((sum, count) => sum + (count - 256) ** 2 / 256, 0);
    expect(statistic).toBeGreaterThan(255 - 5 * 22.6);
    expect(statistic).toBeLessThan(255 + 5 * 22.6);
  }
});
