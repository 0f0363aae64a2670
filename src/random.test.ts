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

test("normal numbers have the moments of a normal distribution, also drawn in bulk", () => {
  const count = 1e5;
  const stream = randomStream(4, "normal");
  const bulk = new Float64Array(count + 1);
  stream.normals(bulk);
  for (const values of [bulk, Float64Array.from({ length: count }, () => stream.normal())]) {
    const moment = (power: number) =>
      values.reduce((sum, value) => sum + value ** power, 0) / values.length;
    // Standard deviations of the moments over 100,000 draws: 0.003, 0.004, 0.012 and 0.031.
    expect(Math.abs(moment(1))).toBeLessThan(5 * 0.0032);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * 0.0045);
    expect(Math.abs(moment(3))).toBeLessThan(5 * 0.0123);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * 0.031);
  }
});
