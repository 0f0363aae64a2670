/** @file Units beside noise: those that excel it keep their pictures, others are tried again from it or told. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder } from "../graph/builder.ts";
import { preprocessings } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { maximizeAboveNoise } from "./maximize-above-noise.ts";
import { noisePictures } from "./noise-pictures.ts";
import { highestOnPhotos } from "./photo-levels.ts";
import { channel } from "./objectives.ts";
import { presets } from "./presets.ts";
import { visualized } from "./visualized-network.ts";
import { maximizeAwake } from "./wake.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const size = { channels: 3, heightPx: 12, widthPx: 12 } as const;

/** Unit 0 answers to brightness; unit 1 to sharp steps alone, which smooth pictures have none of. */
function network(threshold: number): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 12, 12]);
  const step = (at: number) => (at === 4 ? 1 : -1 / 8);
  const rows = [0, 1].flatMap((unit) =>
    Array.from({ length: 27 }, (_, i) => (unit === 0 ? 0.1 : step(i % 9))),
  );
  const biases = b.constant([0, -threshold], [2]);
  const made = b.op("Conv", [x, b.constant(rows, [2, 3, 3, 3]), biases]);
  b.output(b.op("Relu", [made], {}, "units"));
  return new Model(b.build(), runtime);
}

const units = [0, 1].map((i) => channel("units", i));

test("a unit that noise excites more is told, and tried again from it only if it is as good as silent", async () => {
  const steps = fc.integer({ min: 17, max: 24 });
  await fc.assert(
    fc.asyncProperty(steps, fc.double({ min: 1, max: 2, noNaN: true }), async (steps, bias) => {
      const seen = visualized(network(bias), preprocessings.unit);
      const options = { preset: presets.natural, size, seed: 0, steps };
      const usual = await maximizeAwake(seen, units, options);
      const made = await maximizeAboveNoise(seen, units, options);
      const shown = { ...options, photos: noisePictures(size) };
      const compared = await maximizeAboveNoise(seen, units, shown);
      const noise = await highestOnPhotos(seen, units, noisePictures(size), options);
      for (const [i, unit] of made.entries()) {
        if (unit.from?.kind === "pixels") {
          expect(usual[i]!.activation).toBeLessThan(0.1 * noise[i]!.level);
          expect(unit.activation).toBeGreaterThan(usual[i]!.activation);
        } else {
          expect(unit.picture).toEqual(usual[i]!.picture);
        }
        if (unit.below) expect(unit.below.level).toBeGreaterThan(unit.activation);
        expect(compared[i]!.below?.level).toBe(unit.below?.level);
      }
      expect(made[0]).toMatchObject({ silent: false, activation: usual[0]!.activation });
      expect(made[1]!.from?.kind === "pixels" || made[1]!.below !== undefined).toBe(true);
      expect(made[0]!.from).toBeUndefined();
    }),
    { numRuns: 4 },
  );
});

test("pictures of one unit are told, not made again; sketches and least excited units are not compared", async () => {
  const seen = visualized(network(1.5), preprocessings.unit);
  const options = { preset: presets.natural, size, seed: 0, steps: 20 };
  const usual = await maximizeAwake(seen, units, options);
  const made = await maximizeAboveNoise(seen, units, { ...options, isOfOneUnit: true });
  expect(made.map(({ picture }) => picture)).toEqual(usual.map(({ picture }) => picture));
  expect(made[1]!.below).toBeDefined();
  for (const more of [{ least: true }, { steps: 6 }]) {
    const plain = await maximizeAboveNoise(seen, units, { ...options, ...more });
    expect(plain.some((unit) => unit.below !== undefined)).toBe(false);
  }
});
