/** @file LIME against the conditions of its minimum, in float64. */
import { describe, expect, test } from "vitest";
import { places, threeLayers, width } from "../../../test/three-layers.ts";
import { tensorOf, toNumbers } from "../../graph/tensor.ts";
import { Model } from "../../network/model.ts";
import type { Runtime } from "../../runtime/runtime.ts";
import { lime } from "./lime.ts";

const network = threeLayers(4);
const { model, input } = network;
const stripes = Int32Array.from({ length: places }, (_, pixel) => pixel % width);
const samples = 64;
const own = network.picture(0);
const single = tensorOf("float32", [1, ...input.dims.slice(1)], own);
const probabilities = network.probabilities(own);
const top = probabilities.indexOf(Math.max(...probabilities));
const options = { targets: [top], pieces: stripes, baseline: "zero", samples } as const;

/** A model that writes down every picture that it is shown. */
function watched(): { readonly model: Model; readonly shown: number[][] } {
  const shown: number[][] = [];
  const { runtime } = model;
  const watching: Runtime = {
    name: runtime.name,
    open: (...given) => runtime.open(...given),
    release: () => runtime.release(),
    run: (graph, feeds, given) => {
      const fed = feeds["x"]!;
      const values = toNumbers(fed);
      const size = values.length / fed.dims[0]!;
      for (let at = 0; at < values.length; at += size) shown.push(values.slice(at, at + size));
      return runtime.run(graph, feeds, given);
    },
  };
  return { model: new Model(model.graph, watching), shown };
}

describe("LIME", () => {
  test("is the minimum: residuals, weighted, are orthogonal to every piece but for the ridge", async () => {
    const { model: watchedModel, shown } = watched();
    const [map] = await lime(watchedModel, single, options);
    // The picture as it is comes first, before the samples.
    const tried = shown.slice(-samples);
    const rows = tried.map((fed) =>
      own.slice(0, width).map((value, i) => Number(fed[i] === value)),
    );
    const weights = rows.map((row) => {
      const share = row.reduce((sum, bit) => sum + bit) / width;
      return Math.exp(-((1 - Math.sqrt(share)) ** 2) / 0.25 ** 2);
    });
    const found = Array.from(map!.data.slice(0, width));
    const unexplained = tried.map(
      (fed, n) =>
        network.probabilities(fed)[top]! -
        rows[n]!.reduce((sum, bit, i) => sum + bit * found[i]!, 0),
    );
    const total = weights.reduce((sum, weight) => sum + weight);
    const intercept = unexplained.reduce((sum, value, n) => sum + weights[n]! * value, 0) / total;
    const pulls = found.map((_, i) =>
      rows.reduce((sum, row, n) => sum + weights[n]! * row[i]! * (unexplained[n]! - intercept), 0),
    );
    expect(tried).toHaveLength(samples);
    expect(found.some((value) => Math.abs(value) > 0.01)).toBe(true);
    expect(pulls).toBeWithinL2(found, 1e-4);
  });

  test("hides each piece in about half of the samples, in the first none", async () => {
    const { model: watchedModel, shown } = watched();
    await lime(watchedModel, single, { ...options, samples: 480 });
    const tried = shown.slice(-480);
    expect(tried[0]).toEqual(own);
    for (let column = 0; column < width; column++) {
      const visible = tried.filter((fed) => fed[column] !== 0).length;
      // Four standard deviations.
      expect(Math.abs(visible - 240)).toBeLessThan(44);
    }
  });

  test("the same seed gives the same bytes, another one others", async () => {
    const map = async (seed: number) => (await lime(model, single, { ...options, seed }))[0]!.data;
    expect(await map(1)).toEqual(await map(1));
    expect(await map(2)).not.toEqual(await map(1));
  });

  test.each([0, 0.37])(
    "a picture of %d that hiding does not change has no places",
    async (number) => {
      const plain = tensorOf(
        "float32",
        single.dims,
        Array<number>(single.data.length).fill(number),
      );
      const [map] = await lime(model, plain, { ...options, baseline: "mean" });
      expect([...map!.data].every((value) => value === 0)).toBe(true);
    },
  );

  test("too few samples to hide every piece are refused", async () => {
    for (const few of [1, 2]) {
      await expect(lime(model, single, { ...options, samples: few })).rejects.toThrow(
        /samples: each of the \d+ pieces must be hidden at least once, got \d that never hide \d/,
      );
    }
  });

  test("stops", async () => {
    const stopped = lime(model, single, { ...options, signal: { aborted: true } });
    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
  });
});
