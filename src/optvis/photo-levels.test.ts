/** @file Silent units and photos: their levels are told, and photos wake what no drawn picture wakes. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { petScene } from "../drawn/pets.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { preprocessings } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { channel } from "./objectives.ts";
import { highestOnPhotos, type StartPhoto } from "./photo-levels.ts";
import { presets, type PresetName } from "./presets.ts";
import { visualized } from "./visualized-network.ts";
import { maximizeAwake } from "./wake.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const sidePx = 16;
const size = { channels: 3, heightPx: sidePx, widthPx: sidePx } as const;
const places = 3 * sidePx * sidePx;

function pet(seed: number, index: number): Float32Array {
  return Float32Array.from(petScene(seed, index, [3, sidePx, sidePx]).picture);
}

function photoOf(name: string, data: Float32Array): StartPhoto {
  return { name, picture: () => data };
}

/** Numbers around 0 that answer to one picture and to no plain one. */
function template(data: Float32Array): number[] {
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  return Array.from(data, (x) => x - mean);
}

/**
 * Units: 0 answers to one picture alone, 1 to nothing, 2 to everything, 3 to pixels that are all white, where nothing
 * has a gradient.
 */
function network(meant: Float32Array): Model {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, sidePx, sidePx]);
  const kernel = template(meant);
  const most = kernel.reduce((sum, weight, i) => sum + weight * meant[i]!, 0);
  const weights = [...kernel, ...kernel, ...kernel];
  const biases = b.constant([-0.9 * most, -99 * most, 99 * most], [3]);
  const dense = b.op("Conv", [x, b.constant(weights, [3, 3, sidePx, sidePx]), biases]);
  const white = b.reduceMean(b.op("Floor", [b.add(x, b.scalar(1e-6))]), [1, 2, 3]);
  b.output(b.op("Concat", [b.op("Relu", [dense]), white], { axis: 1 }, "units"));
  return new Model(b.build(), runtime);
}

const units = [0, 1, 2, 3].map((unit) => channel("units", unit));

test.each<PresetName>(["natural", "chollet"])(
  "%s: a photo wakes the unit that answers to it; the others are told their levels",
  async (preset) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(100), async (seed) => {
        const meant = pet(seed, 0);
        const white = Float32Array.from(pet(seed, 2), (value, i) => (i % 2 === 0 ? 1 : value / 2));
        const photos = [photoOf("other", pet(seed, 1)), photoOf("meant", meant)];
        const all = [...photos, photoOf("white", white)];
        const seen = visualized(network(meant), preprocessings.unit);
        const options = { preset: presets[preset], size, seed, steps: 4 };
        const [picky, dead, awake, bright] = await maximizeAwake(seen, units, {
          ...options,
          photos: all,
        });
        expect(picky).toMatchObject({ silent: false, from: { kind: "photo", photo: "meant" } });
        expect(picky!.activation).toBeGreaterThan(0);
        expect(dead).toMatchObject({ silent: true, onPhotos: { level: 0, photos: 3 } });
        expect(dead).not.toHaveProperty("from");
        expect(awake).not.toHaveProperty("from");
        // A sigmoid never makes pure white; noise of pixels does.
        if (preset !== "natural") return;
        expect(bright).toMatchObject({ silent: true, onPhotos: { photos: 3 } });
        expect(bright!.onPhotos!.photo.name).toBe("white");
        expect(bright!.onPhotos!.level).toBeGreaterThan(0.3);
      }),
      { numRuns: 2 },
    );
  },
);

test("units that wake without photos have the same pictures with them", async () => {
  const seen = visualized(network(pet(4, 0)), preprocessings.unit);
  const options = { preset: presets.chollet, size, steps: 4 };
  const alone = await maximizeAwake(seen, units, options);
  const photos = [photoOf("meant", pet(4, 0))];
  const shown = await maximizeAwake(seen, units, { ...options, photos });
  for (const unit of [2, 3]) expect(shown[unit]!.picture).toEqual(alone[unit]!.picture);
  expect(alone[1]).not.toHaveProperty("onPhotos");
});

test("a unit that is to be excited least is not silent where a photo excites it", async () => {
  const meant = pet(7, 0);
  const seen = visualized(network(meant), preprocessings.unit);
  const options = { preset: presets.chollet, size, steps: 4, least: true };
  const photos = [photoOf("white", new Float32Array(places).fill(1))];
  const made = await maximizeAwake(seen, units, { ...options, photos });
  expect(made[3]!.silent).toBe(false);
  expect(made[1]).toMatchObject({ silent: true, onPhotos: { level: 0 } });
});

test("levels are those of the network itself, and a signal stops", async () => {
  const meant = pet(3, 0);
  const model = network(meant);
  const seen = visualized(model, preprocessings.unit);
  const photos = [pet(3, 1), meant, pet(3, 2)].map((data, i) => photoOf(`${i}`, data));
  const [picky] = await highestOnPhotos(seen, [units[0]!], photos, { size });
  const kernel = template(meant);
  const most = kernel.reduce((sum, weight, i) => sum + weight * meant[i]!, 0);
  expect(picky!.level).toBeCloseTo(0.1 * most, 3);
  expect(picky!.photo.name).toBe("1");
  const stop = new AbortController();
  stop.abort();
  const stopped = highestOnPhotos(seen, units, photos, { size, signal: stop.signal });
  await expect(stopped).rejects.toMatchObject({ code: "aborted" });
});
