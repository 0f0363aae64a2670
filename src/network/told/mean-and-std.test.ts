/** @file Means and deviations of metadata, in the spellings of exporters. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder } from "../../graph/builder.ts";
import { affineOf } from "../../image/preprocess.ts";
import { toldPreprocessing, type FoundPreprocessing } from "./told-preprocessing.ts";

type Entries = readonly (readonly [string, string])[];

function toldOf(entries: Entries, channels = 3): FoundPreprocessing {
  const b = new GraphBuilder();
  b.output(b.reduceMean(b.input("x", [1, channels, 8, 8]), [2, 3], false));
  return toldPreprocessing({ ...b.build(), metadata: new Map(entries) });
}

type Write = (mean: readonly number[], std: readonly number[]) => Entries;

const lists: readonly ((numbers: readonly number[]) => string)[] = [
  (numbers) => JSON.stringify(numbers),
  (numbers) => numbers.join(","),
  (numbers) => numbers.join(" "),
  (numbers) => `(${numbers.join(", ")})`,
];

const keys = [
  ["mean", "std"],
  ["image_mean", "image_std"],
  ["normalize_mean", "normalize_std"],
  ["input_mean", "input_std"],
  ["pixelMean", "pixelStd"],
  ["MEAN", "STD"],
  ["norm-mean", "norm-stddev"],
] as const;

const objects: readonly Write[] = [
  (mean, std) => [["preprocessing", JSON.stringify({ resize: 256, mean, std })]],
  (mean, std) => [
    ["config", JSON.stringify({ model: "x", data: { image_mean: mean, image_std: std } })],
  ],
  (mean, std) => [["transform", JSON.stringify([{ Resize: 8 }, { Normalize: { mean, std } }])]],
  (mean, std) => [
    ["preprocess", `{'mean': [${mean.join()}], 'std': [${std.join()}], 'to_rgb': True}`],
  ],
  (mean, std) => [
    [
      "transforms",
      `Compose(\n    ToTensor()\n    Normalize(mean=[${mean.join(", ")}], std=[${std.join(", ")}])\n)`,
    ],
  ],
  (mean, std) => [
    ["Transform", `normalize: mean=tensor([${mean.join(", ")}]), std=(${std.join(", ")})`],
  ],
];

const written: fc.Arbitrary<Write> = fc.oneof(
  fc.constantFrom(...objects),
  fc
    .tuple(fc.constantFrom(...keys), fc.constantFrom(...lists), fc.boolean())
    .map(([[meanKey, stdKey], list, isTurned]): Write => (mean, std) => {
      const entries = [
        [meanKey, list(mean)],
        ["author", "somebody"],
        [stdKey, list(std)],
      ] as const;
      return isTurned ? entries.toReversed() : entries;
    }),
);

const share = fc.integer({ min: 50, max: 900 }).map((number) => number / 1000);
const ofChannels = (each: fc.Arbitrary<number>) => fc.array(each, { minLength: 3, maxLength: 3 });

test("means and deviations are read in every spelling, of 0 to 1 and of 0 to 255", () => {
  fc.assert(
    fc.property(
      written,
      ofChannels(share),
      ofChannels(share),
      fc.boolean(),
      (write, mean, std, isOfBytes) => {
        const scaled = (numbers: readonly number[]) =>
          isOfBytes ? numbers.map((number) => Math.round(255 * number)) : numbers;
        const { told, refused } = toldOf(write(scaled(mean), scaled(std)));
        expect(refused).toEqual([]);
        const { gain, offset } = affineOf(told!.how, 3);
        for (const c of [0, 1, 2]) {
          const [middle, width] = [scaled(mean)[c]!, scaled(std)[c]!];
          const white = isOfBytes ? 255 : 1;
          expect(offset[c]).toBeCloseTo(-middle / width, 3);
          expect(offset[c]! + gain[c]!).toBeCloseTo((white - middle) / width, 3);
        }
        expect(told!.from).toMatch(/^its metadata \("/);
      },
    ),
  );
});

test("Caffe's means are those of blue, green and red; an order that is told is taken", () => {
  const caffe = toldOf([
    ["mean", "103.939, 116.779, 123.68"],
    ["std", "1, 1, 1"],
  ]);
  expect(caffe.told).toMatchObject({ how: { channels: "bgr", scale: 1 }, doubts: [] });
  const asked = toldOf([
    ["preprocessing", '{"mean": [0.5], "std": [0.5], "channel_order": "BGR"}'],
  ]);
  expect(asked.told).toMatchObject({ how: { channels: "bgr" }, doubts: [] });
  const open = toldOf([
    ["mean", "[0.4, 0.5, 0.6]"],
    ["std", "[0.2, 0.2, 0.2]"],
  ]);
  expect(open.told!.doubts.join()).toMatch(/order of colours is not told/);
});

test.each<[string, Entries, RegExp]>([
  ["a mean alone", [["image_mean", "0.5"]], /has a mean \("image_mean"\) without a deviation/],
  ["a deviation alone", [["std", "0.5"]], /has a deviation \("std"\) without a mean/],
  [
    "a deviation of 0",
    [
      ["mean", "0"],
      ["std", "0"],
    ],
    /make no sense/,
  ],
  [
    "two numbers for three channels",
    [
      ["mean", "0,0"],
      ["std", "1,1"],
    ],
    /make no sense/,
  ],
  ["words", [["preprocessing", "as ImageNet"]], /"preprocessing" \("as ImageNet"\), where no mean/],
  [
    "a mean in words",
    [
      ["mean", "imagenet"],
      ["std", "imagenet"],
    ],
    /"mean", "std" \("imagenet"\)/,
  ],
  [
    "two transforms",
    [
      ["train_transform", '{"mean": [0], "std": [1]}'],
      ["transform", '{"mean": [0.5], "std": [1]}'],
    ],
    /several means and deviations \("train_transform", "transform"\)/,
  ],
])("%s: not read, which is said", (_, entries, reason) => {
  const { told, refused } = toldOf(entries);
  expect(told).toBeUndefined();
  expect(refused.join()).toMatch(reason);
});

test("of a grey input, statistics of three channels make no sense", () => {
  const entries = [
    ["mean", "[0.4, 0.5, 0.6]"],
    ["std", "[0.2, 0.2, 0.2]"],
  ] as const;
  expect(toldOf(entries, 1).told).toBeUndefined();
  expect(
    toldOf(
      [
        ["mean", "0.5"],
        ["std", "0.5"],
      ],
      1,
    ).told,
  ).toBeDefined();
});

test("metadata about other things say nothing", () => {
  const entries = [
    ["author", "mean people"],
    ["description", "trained for 3 epochs"],
    ["config", '{"layers": [1, 2], "task": "classify"}'],
  ] as const;
  expect(toldOf(entries)).toEqual({ told: undefined, refused: [] });
});
