/** @file Occlusion against plain loops in float64. */
import { describe, expect, test } from "vitest";
import { channels, height, places, threeLayers, width } from "../../../test/three-layers.ts";
import { occlusion } from "./occlusion.ts";

const network = threeLayers(1);
const { model, input } = network;

/** What the class loses, the mean over the squares that hide a pixel, [H, W]. */
function slowOcclusion(n: number, target: number, window: number, stride: number): number[] {
  const picture = network.picture(n);
  const means = Array.from({ length: channels }, (_, c) => {
    const plane = picture.slice(c * places, (c + 1) * places);
    return plane.reduce((sum, value) => sum + value) / places;
  });
  const whole = network.logits(picture)[target]!;
  const losses = Array.from({ length: places }, (): number[] => []);
  const starts = (side: number) =>
    Array.from({ length: side }, (_, i) => i * stride).filter(
      (start) => start === 0 || start - stride + window < side,
    );
  for (const top of starts(height)) {
    for (const left of starts(width)) {
      const isHidden = (pixel: number) => {
        const [y, x] = [Math.floor(pixel / width), pixel % width];
        return y >= top && y < top + window && x >= left && x < left + window;
      };
      const changed = picture.map((value, i) =>
        isHidden(i % places) ? means[Math.floor(i / places)]! : value,
      );
      const loss = whole - network.logits(changed)[target]!;
      for (const [pixel, own] of losses.entries()) if (isHidden(pixel)) own.push(loss);
    }
  }
  return losses.map((own) => own.reduce((sum, loss) => sum + loss) / own.length);
}

describe("occlusion", () => {
  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [5, 5],
  ])("window %i, stride %i, as plain loops have it", async (window, stride) => {
    const maps = await occlusion(model, input, { targets: [3, 1], window, stride });
    for (const [n, target] of [3, 1].entries()) {
      expect(maps[n]!.data).toBeWithinL2(slowOcclusion(n, target, window, stride), 1e-5);
    }
  });

  test("hides the mean where nothing else is asked, and else what is asked", async () => {
    const map = async (baseline?: readonly number[]) => {
      const given = baseline ? { baseline } : {};
      return (await occlusion(model, input, { targets: [0, 0], ...given }))[0]!.data;
    };
    const means = Array.from({ length: channels }, (_, c) => {
      const plane = network.picture(0).slice(c * places, (c + 1) * places);
      return plane.reduce((sum, value) => sum + value) / places;
    });
    expect(await map(means)).toBeWithinL2(await map(), 1e-5);
    expect(await map([9, 9])).not.toEqual(await map());
  });

  test.each([
    [{ window: 6 }, /picture's shorter side 5, got window 6/],
    [{ window: 2, stride: 3 }, /got window 2 and stride 3/],
    [{ window: 1.5 }, /window: it must be a positive whole number, got 1.5/],
    [{ baseline: [1] }, /one finite number a channel \(2\), got \[1\]/],
    [{ signal: { aborted: true } }, /stopped before it was done/],
  ])("%o is refused", async (options, message) => {
    await expect(occlusion(model, input, { targets: [0], ...options })).rejects.toThrow(message);
  });
});
