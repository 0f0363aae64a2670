import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { petScene } from "../drawn/pets.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { tensor, toNumbers } from "../graph/tensor.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import {
  fourier,
  grey,
  maco,
  pixels,
  type Parameterization,
  type PictureSize,
} from "./parameterizations.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

/** What a parameterization makes of what it is for a picture. */
async function madeAgain(
  made: Parameterization,
  size: PictureSize,
  picture: Float32Array,
): Promise<readonly number[]> {
  const b = new GraphBuilder();
  const feeds = made.variables(size).map((variable) => {
    const data = made.of(variable, size, picture);
    return [variable.name, tensor("float32", [1, ...variable.dims], data)] as const;
  });
  const values = feeds.map(([name, { dims }]) => b.input(name, dims));
  b.output(b.op("Identity", [made.build(b, values, size)], {}, "picture"));
  const { picture: again } = await runtime.run(b.build(), Object.fromEntries(feeds));
  return toNumbers(again!);
}

const sizes = fc.record({
  channels: fc.constantFrom<1 | 3>(1, 3),
  heightPx: fc.integer({ min: 16, max: 27 }),
  widthPx: fc.integer({ min: 16, max: 27 }),
});

function drawn(seed: number, { channels, heightPx, widthPx }: PictureSize): Float32Array {
  return Float32Array.from(petScene(seed, 0, [channels, heightPx, widthPx]).picture);
}

function correlation(one: readonly number[], other: readonly number[]): number {
  const centred = [one, other].map((numbers) => {
    const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    return numbers.map((x) => x - mean);
  });
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  const [a, b] = centred as [number[], number[]];
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test.each([
  ["pixels", pixels(), 0],
  ["fourier", fourier(), 0.01],
  ["fourier of another decay", fourier({ decay: 1.5 }), 0.01],
])("%s: a picture is made again, up to black and white", async (_, made, blackest) => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(1000), async (size, seed) => {
      const picture = drawn(seed, size);
      const again = await madeAgain(made, size, picture);
      for (const [i, value] of again.entries()) {
        expect(value).toBeCloseTo(Math.min(Math.max(picture[i]!, blackest), 1 - blackest), 3);
      }
    }),
    { numRuns: 8 },
  );
});

test("maco: the phases of a picture make one that is like it", async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.nat(1000), async (size, seed) => {
      const picture = drawn(seed, size);
      const again = await madeAgain(maco(), size, picture);
      expect(correlation(again, [...picture])).toBeGreaterThan(0.4);
    }),
    { numRuns: 8 },
  );
});

test.each([
  ["pixels", grey(pixels()), 0],
  ["fourier", grey(fourier()), 0.01],
])("grey %s: all channels are the brightness of the picture", async (_, made, blackest) => {
  const size = { channels: 3, heightPx: 20, widthPx: 17 } as const;
  const picture = drawn(5, size);
  const again = await madeAgain(made, size, picture);
  for (const [i, value] of again.entries()) {
    const place = i % 340;
    const mean = (picture[place]! + picture[340 + place]! + picture[680 + place]!) / 3;
    expect(value).toBeCloseTo(Math.min(Math.max(mean, blackest), 1 - blackest), 3);
  }
});
