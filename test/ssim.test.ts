import { expect, test } from "vitest";
import { picture, type Picture } from "../src/image/picture.ts";
import { filled, paste } from "../src/image/raster.ts";
import { randomStream } from "../src/random.ts";
import { ssim } from "./ssim.ts";

function noise(side: number, key: string): Picture {
  return picture(side, side, 1, randomStream(1, key).bytes(side * side));
}

test("a picture is like itself", () => {
  expect(ssim(noise(20, "a"), noise(20, "a"))).toEqual({ mean: 1, worst: 1 });
});

test("two greys are as alike as the paper's first factor says", () => {
  const c1 = (0.01 * 255) ** 2;
  const expected = (2 * 100 * 150 + c1) / (100 ** 2 + 150 ** 2 + c1);
  expect(ssim(filled(16, 16, 1, 100), filled(16, 16, 1, 150)).mean).toBeCloseTo(expected, 9);
});

test("one window is weighted with a bell curve", () => {
  const [a, b] = [noise(11, "a"), noise(11, "b")];
  const bell = (i: number) =>
    Math.exp(-(((i % 11) - 5) ** 2 + (Math.floor(i / 11) - 5) ** 2) / (2 * 1.5 ** 2));
  const total = Array.from({ length: 121 }, (_, i) => bell(i)).reduce((sum, w) => sum + w, 0);
  const mean = (of: (i: number) => number) =>
    Array.from({ length: 121 }, (_, i) => (bell(i) / total) * of(i)).reduce((s, v) => s + v, 0);
  const [ma, mb] = [mean((i) => a.data[i]!), mean((i) => b.data[i]!)];
  const va = mean((i) => (a.data[i]! - ma) ** 2);
  const vb = mean((i) => (b.data[i]! - mb) ** 2);
  const cov = mean((i) => (a.data[i]! - ma) * (b.data[i]! - mb));
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const expected =
    ((2 * ma * mb + c1) * (2 * cov + c2)) / ((ma ** 2 + mb ** 2 + c1) * (va + vb + c2));
  expect(ssim(a, b).mean).toBeCloseTo(expected, 9);
  expect(ssim(b, a).mean).toBeCloseTo(expected, 9);
});

test("a small change on a large page shows in the worst block, a colour as much as a brightness", () => {
  const page = () => filled(300, 300, 3, 255);
  const changed = page();
  paste(changed, filled(12, 6, 3, [255, 255, 0]), 150, 150);
  const { mean, worst } = ssim(page(), changed);
  expect(mean).toBeGreaterThan(0.99);
  expect(worst).toBeLessThan(0.9);
});
