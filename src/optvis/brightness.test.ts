import * as fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { preprocessings, type Preprocessing } from "../image/preprocess.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { seesBrightnessAlone } from "./brightness.ts";
import { maximize } from "./maximize.ts";
import { channel } from "./objectives.ts";
import { presets, type PresetName } from "./presets.ts";
import { visualized } from "./visualized-network.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const plain = { order: [0, 1, 2], gain: [1, 1, 1], offset: [0, 0, 0] };
const random = randomStream("brightness");

/** Weights [out, 3, 3, 3] that weigh the channels by `mixture`, or each on its own. */
function weightsOf(b: GraphBuilder, out: number, mixture?: readonly number[]): Value {
  const values = Array.from({ length: out }, () => {
    const shared = Array.from({ length: 9 }, () => random.between(-1, 1));
    return [0, 1, 2].flatMap((c) =>
      shared.map((w) => (mixture ? w * mixture[c]! : random.between(-1, 1))),
    );
  });
  return b.constant(values.flat(2), [out, 3, 3, 3]);
}

function graphOf(first: (b: GraphBuilder, x: Value) => Value): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  b.output(b.op("Relu", [first(b, x)], {}, "units"));
  return b.build();
}

const luma = [0.299, 0.587, 0.114];
const perChannel = (b: GraphBuilder, values: readonly number[]) => b.constant(values, [3, 1, 1]);

describe("a network sees brightness alone", () => {
  test.each<[string, boolean, (b: GraphBuilder, x: Value) => Value]>([
    ["equal weights", true, (b, x) => b.op("Conv", [x, weightsOf(b, 4, [1, 1, 1])])],
    ["weights of luma", true, (b, x) => b.op("Conv", [x, weightsOf(b, 4, luma)])],
    [
      "a grey picture made first",
      true,
      (b, x) => b.op("Conv", [x, b.constant(luma, [1, 3, 1, 1])]),
    ],
    ["the mean over channels", true, (b, x) => b.reduceMean(x, [1])],
    [
      "numbers scaled by channel, and weighed so that the mixture is one",
      true,
      (b, x) => {
        const scaled = b.div(
          b.sub(x, perChannel(b, [0.4, 0.5, 0.6])),
          perChannel(b, [0.2, 0.3, 0.4]),
        );
        return b.op("Conv", [scaled, weightsOf(b, 4, [0.2, 0.3, 0.4])]);
      },
    ],
    [
      "two layers of one mixture",
      true,
      (b, x) =>
        b.add(b.op("Conv", [x, weightsOf(b, 4, luma)]), b.op("Conv", [x, weightsOf(b, 4, luma)])),
    ],
    ["weights of each channel's own", false, (b, x) => b.op("Conv", [x, weightsOf(b, 4)])],
    [
      "two layers of two mixtures",
      false,
      (b, x) =>
        b.add(
          b.op("Conv", [x, weightsOf(b, 4, luma)]),
          b.op("Conv", [x, weightsOf(b, 4, [1, 1, 1])]),
        ),
    ],
    ["red against green", false, (b, x) => b.op("Conv", [x, weightsOf(b, 4, [1, -1, 0.5])])],
    ["red alone", false, (b, x) => b.op("Conv", [x, weightsOf(b, 4, [1, 0, 0])])],
    ["a mean over rows", false, (b, x) => b.reduceMean(x, [2])],
    [
      "an activation function before",
      false,
      (b, x) => b.op("Conv", [b.op("Relu", [x]), weightsOf(b, 4, luma)]),
    ],
  ])("%s: %s", (_, expected, first) => {
    expect(seesBrightnessAlone(graphOf(first), plain)).toBe(expected);
  });

  test("as the preparation scales it: one gain a channel can make and unmake a mixture of one sign", () => {
    const graph = graphOf((b, x) => b.op("Conv", [x, weightsOf(b, 4, [1, 1, 1])]));
    expect(seesBrightnessAlone(graph, { ...plain, gain: [1, 2, 3] })).toBe(true);
    expect(seesBrightnessAlone(graph, { ...plain, gain: [1, -2, 3] })).toBe(false);
    expect(seesBrightnessAlone(graph, { order: [0], gain: [1], offset: [0] })).toBe(false);
  });
});

/** The largest difference between channels of one place. */
function colourOf(picture: Float32Array): number {
  const places = picture.length / 3;
  const spread = Array.from({ length: places }, (_, i) => {
    const values = [0, 1, 2].map((c) => picture[c * places + i]!);
    return Math.max(...values) - Math.min(...values);
  });
  return Math.max(...spread);
}

describe("pictures", () => {
  const size = { channels: 3, heightPx: 8, widthPx: 8 } as const;
  const make = async (graph: Graph, how: Preprocessing, preset: PresetName, seed = 0) => {
    const seen = visualized(new Model(graph, runtime), how);
    const options = { preset: presets[preset], size, seed, steps: 3 };
    return maximize(seen, [channel("units", 0), channel("units", 1)], options);
  };
  const coloured = graphOf((b, x) => b.op("Conv", [x, weightsOf(b, 4)]));
  const brightness = graphOf((b, x) => b.op("Conv", [x, weightsOf(b, 4, luma)]));

  test.each(["natural", "keras-vis", "maco"] as const)(
    "%s: grey for a network that is shown grey or sees brightness alone, else in colour",
    async (preset) => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1000), async (seed) => {
          const grey = { ...preprocessings.unit, channels: "grey" } as const;
          const made = [
            ...(await make(coloured, grey, preset, seed)),
            ...(await make(brightness, preprocessings.torchvision, preset, seed)),
          ];
          for (const { picture } of made) expect(colourOf(picture)).toBe(0);
          const [own] = await make(coloured, preprocessings.unit, preset, seed);
          expect(colourOf(own!.picture)).toBeGreaterThan(0.001);
        }),
        { numRuns: 5 },
      );
    },
  );
});
