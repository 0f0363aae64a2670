/** @file How far to believe maps: numbers by hand, drawn weights, and what is refused. */
import { describe, expect, test } from "vitest";
import { threeLayers } from "../../../test/three-layers.ts";
import { wordsOf, libraryWords } from "../../wording/face.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import type { Model } from "../../network/model.ts";
import { attributionMethods } from "../index.ts";
import type { Heatmap } from "../heatmap.ts";
import { histogramEntropy } from "./drawn-weights.ts";
import { completenessGap, faithfulness } from "./faithfulness.ts";
import { faithfulnessText, gainVerdict, isBelowMiddle } from "./faithfulness-text.ts";

const { model, input } = threeLayers(1);
const picture = firstOf(input);

function firstOf({ data, dims }: Tensor): Tensor {
  const size = data.length / dims[0]!;
  return tensor("float32", [1, ...dims.slice(1)], (data as Float32Array).slice(0, size));
}

async function judged(
  method: "gradient" | "occlusion" | "input-x-gradient",
  change = (map: Heatmap) => map,
) {
  const make = async (of: Model) =>
    (await attributionMethods[method].run(of, picture, { targets: [1], stride: 1, window: 1 }))[0]!;
  const map = change(await make(model));
  const areSlopes = method === "gradient";
  return faithfulness({ model, picture, map, areSlopes, again: make });
}

function negated(map: Heatmap): Heatmap {
  return { ...map, data: map.data.map((value) => -value) };
}

describe("faithfulness", () => {
  test("what hiding one by one costs ranks well, and its negation as badly", async () => {
    const found = await judged("occlusion");
    const back = await judged("occlusion", negated);
    for (const [i, { srg, fill }] of found.fills.entries()) {
      expect(fill).toBe(["mean", "blur"][i]);
      expect(back.fills[i]!.srg).toBeCloseTo(-srg, 4);
    }
    expect(found.fills[0]!.srg).toBeGreaterThan(Math.abs(found.fills[0]!.middleSrg!));
    expect(found.scoreName).toBe("logit");
  });

  test("drawn weights make another map, of all layers that have some", async () => {
    const { drawn } = await judged("gradient");
    if ("reason" in drawn) throw new Error("no map of drawn weights");
    expect(drawn.layers).toBe(2);
    expect(Math.abs(drawn.likeness!)).toBeLessThan(0.7);
    const text = faithfulnessText(await judged("gradient")).map((line) =>
      wordsOf(line, libraryWords),
    );
    expect(text[0]).toMatch(
      /^hiding what the map calls important first lowers the logit by [\d.]+ (more|less) than hiding it last/,
    );
    expect(text.join(" ")).toContain("size of the slope");
  });

  test("a map without an order is refused", async () => {
    const flat = (map: Heatmap) => ({ ...map, data: map.data.map(() => 2) });
    const odd = (map: Heatmap) => ({ ...map, data: map.data.map(() => Number.NaN) });
    await expect(judged("occlusion", flat)).rejects.toThrow(/^trust: .*the same number everywhere/);
    await expect(judged("occlusion", odd)).rejects.toThrow(/^trust: .*not finite/);
  });

  test("is stopped, and tells of its way", async () => {
    const map = (await attributionMethods.gradient.run(model, picture, { targets: [1] }))[0]!;
    const shares: number[] = [];
    const request = {
      model,
      picture,
      map,
      areSlopes: true,
      again: async () => map,
      onProgress: (share: number) => shares.push(share),
    };
    await faithfulness(request);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    const signal = AbortSignal.abort();
    await expect(faithfulness({ ...request, signal })).rejects.toThrow(/stopped|abort/i);
  });
});

test("what is said of gains by their signs, and beside an order that knows nothing", () => {
  const fills = (...srgs: readonly number[]) => srgs.map((srg) => ({ srg, middleSrg: 1 }));
  expect(gainVerdict(fills(2, 0.1))).toBe("more");
  expect(gainVerdict(fills(-2, -0.1))).toBe("less");
  expect(gainVerdict(fills(2, -0.1))).toBe("split");
  expect(isBelowMiddle(fills(0.5, 0.9))).toBe(true);
  expect(isBelowMiddle(fills(0.5, 1.1))).toBe(false);
  expect(isBelowMiddle([{ srg: -1, middleSrg: null }])).toBe(false);
});

describe("completeness and entropy by hand", () => {
  const map = {
    unit: "logit",
    scoreName: "logit",
    score: 2,
    data: Float32Array.of(2, 2),
  } as unknown as Heatmap;

  test("gradient times input of ab at (1, 2) is off by all of it, integrated gradients by nothing", () => {
    expect(completenessGap({ ...map, figures: { delta: 2 } }, true)).toBe(1);
    const exact = { ...map, data: Float32Array.of(1, 1), figures: { delta: 0 } };
    expect(completenessGap(exact, true)).toBe(0);
    expect(completenessGap({ ...map, figures: { conserved: 0.75 } }, true)).toBe(0.25);
    expect(completenessGap(map, true)).toBeUndefined();
    expect(completenessGap({ ...map, figures: { delta: 2 } }, false)).toBeUndefined();
  });

  test("histogram entropy", () => {
    expect(
      histogramEntropy(
        Float32Array.from({ length: 10 }, (_, i) => i),
        10,
      ),
    ).toBeCloseTo(Math.LN10, 5);
    expect(histogramEntropy(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 10)).toBeCloseTo(
      0.325083,
      5,
    );
    expect(histogramEntropy(Float32Array.of(3, 3, 3), 10)).toBe(0);
  });
});
