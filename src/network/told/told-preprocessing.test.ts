/** @file What the metadata of other tools says, in any order and spelling. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import { affineOf, type Preprocessing } from "../../image/preprocess.ts";
import { toldPreprocessing } from "./told-preprocessing.ts";

function graphOf(entries: readonly (readonly [string, string])[], outputRank = 2): Graph {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  b.output(outputRank === 2 ? b.reshape(x, [1, 192]) : b.reshape(x, [1, 12, 16]));
  return { ...b.build(), metadata: new Map(entries) };
}

function howOf(
  entries: readonly (readonly [string, string])[],
  outputRank?: number,
): Preprocessing {
  return toldPreprocessing(graphOf(entries, outputRank)).told!.how;
}

/** The entries in an order and in letters that are drawn. */
function respelled(entries: readonly (readonly [string, string])[]) {
  return fc
    .tuple(
      fc.shuffledSubarray([...entries], { minLength: entries.length }),
      fc.constantFrom<(text: string) => string>(
        (text) => text,
        (text) => text.toLowerCase(),
        (text) => text.toUpperCase(),
      ),
    )
    .map(([list, spell]) => list.map(([key, value]) => [spell(key), spell(value)] as const));
}

const ranges = [
  ["NominalRange_0_255", 0, 255],
  ["Normalized_0_1", 0, 1],
  ["Normalized_1_1", -1, 1],
  ["NominalRange_16_235", 16, 235],
] as const;

const formats = [
  ["Rgb8", "rgb"],
  ["Bgr8", "bgr"],
  ["Gray8", "grey"],
  ["Rgba8", "rgb"],
] as const;

test("ONNX's own words for pictures, in any order and letters", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ranges),
      fc.constantFrom(...formats),
      fc.integer(),
      ([range, black, white], [format, channels], seed) => {
        const entries = [
          ["Image.NominalPixelRange", range],
          ["Image.BitmapPixelFormat", format],
          ["Image.ColorSpaceGamma", "SRGB"],
          ["author", "somebody"],
        ] as const;
        const [spelled] = fc.sample(respelled(entries), { seed, numRuns: 1 });
        const how = howOf(spelled!);
        const { gain, offset } = affineOf(how, 3);
        expect(how.channels).toBe(channels);
        for (const c of [0, 1, 2]) {
          expect(offset[c]).toBeCloseTo(black, 5);
          expect(offset[c]! + gain[c]!).toBeCloseTo(white, 5);
        }
      },
    ),
  );
});

test.each(Object.getOwnPropertyNames(Object.prototype))(
  "%s, which every object has, is no name of a filter, an order or a range",
  (word) => {
    for (const key of ["BitmapPixelFormat", "NominalPixelRange"]) {
      const { told, refused } = toldPreprocessing(graphOf([[`Image.${key}`, word]]));
      expect(told).toBeUndefined();
      expect(refused).toHaveLength(1);
    }
    const config = { mean: [0.5], std: [0.5], input_size: [3, 8, 8], interpolation: word };
    const text = JSON.stringify({ pretrained_cfg: config });
    const { told } = toldPreprocessing(graphOf([["limpid.beside/config.json", text]]));
    expect(told!.how.filter).toBe("bicubic");
    expect(told!.doubts.join()).toContain("is not known");
  },
);

test("words of ONNX's that nobody defines are named, and linear light is said to be left out", () => {
  const { told, refused } = toldPreprocessing(graphOf([["Image.BitmapPixelFormat", "Cmyk8"]]));
  expect(told).toBeUndefined();
  expect(refused).toEqual([expect.stringContaining('"Cmyk8"')]);
  const linear = [
    ["Image.BitmapPixelFormat", "Bgr8"],
    ["Image.ColorSpaceGamma", "Linear"],
  ] as const;
  expect(toldPreprocessing(graphOf(linear)).told?.doubts.join()).toMatch(/0 to 255.*linear light/);
});

test.each<[string, readonly (readonly [string, string])[], number, object | undefined]>([
  [
    "a classifier",
    [
      ["task", "classify"],
      ["names", "{0: 'a'}"],
      ["imgsz", "[96, 64]"],
    ],
    2,
    { resize: "crop", cropShare: 1, size: [96, 64] },
  ],
  [
    "a detector",
    [
      ["names", "{0: 'a'}"],
      ["stride", "32"],
      ["task", "detect"],
      ["imgsz", "(640, 640)"],
    ],
    3,
    { resize: "pad", border: 114, size: [640, 640] },
  ],
  [
    "an old detector",
    [
      ["stride", "32"],
      ["names", "['a', 'b']"],
    ],
    3,
    { resize: "pad", border: 114 },
  ],
  [
    "an old classifier, which does not say",
    [
      ["stride", "32"],
      ["names", "['a', 'b']"],
    ],
    2,
    undefined,
  ],
  ["names of some other tool", [["names", "['a', 'b']"]], 3, undefined],
])("Ultralytics' %s", (_, entries, rank, wanted) => {
  const { told } = toldPreprocessing(graphOf(entries, rank));
  if (!wanted) expect(told).toBeUndefined();
  else
    expect(told?.how).toMatchObject({
      ...wanted,
      scale: 1 / 255,
      mean: [0],
      std: [1],
      channels: "rgb",
    });
});

const channel = fc.double({ min: 0.1, max: 0.9, noNaN: true });
const three = fc.tuple(channel, channel, channel);

/** One arithmetic, in the ways in which preprocessor_config.json may have it. */
const spellings: readonly ((mean: readonly number[], std: readonly number[]) => object)[] = [
  (mean, std) => ({
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: mean,
    image_std: std,
  }),
  (mean, std) => ({ image_std: std, image_mean: mean }),
  (mean, std) => ({
    do_normalize: true,
    image_mean: mean,
    image_std: std,
    do_rescale: null,
    size: 224,
  }),
  (mean, std) => ({
    do_rescale: false,
    do_normalize: true,
    image_mean: mean.map((x) => 255 * x),
    image_std: std.map((x) => 255 * x),
  }),
  (mean, std) => ({
    do_rescale: true,
    rescale_factor: 1 / 127.5,
    rescale_offset: true,
    image_mean: mean.map((x) => 2 * x - 1),
    image_std: std.map((x) => 2 * x),
  }),
];

test("Transformers' means and deviations in 0..1 or 0..255 are the same arithmetic", () => {
  fc.assert(
    fc.property(
      three,
      three,
      fc.constantFrom(...spellings),
      fc.boolean(),
      (mean, std, spell, flips) => {
        const config = { ...spell(mean, std), ...(flips ? { do_flip_channel_order: true } : {}) };
        const how = howOf([["limpid.beside/preprocessor_config.json", JSON.stringify(config)]]);
        const { gain, offset, order } = affineOf(how, 3);
        expect(order).toEqual(flips ? [2, 1, 0] : [0, 1, 2]);
        for (const c of [0, 1, 2]) {
          expect(gain[c]).toBeCloseTo(1 / std[c]!, 6);
          expect(offset[c]).toBeCloseTo(-mean[c]! / std[c]!, 6);
        }
      },
    ),
  );
});

test.each<[object, object]>([
  [
    { size: { height: 384, width: 384 }, resample: 3, image_mean: 0.5 },
    { resize: "stretch", size: [384, 384], filter: "bicubic" },
  ],
  [
    {
      size: { shortest_edge: 256 },
      do_center_crop: true,
      crop_size: { height: 224, width: 224 },
      do_rescale: true,
    },
    { resize: "crop", cropShare: 0.875, size: [224, 224] },
  ],
  [
    { size: 224, crop_size: 224, do_center_crop: true, do_rescale: true },
    { resize: "crop", cropShare: 1 },
  ],
  [
    { size: { shortest_edge: 224 }, crop_pct: 0.875, do_resize: true },
    { resize: "crop", cropShare: 0.875, size: [224, 224] },
  ],
  [
    { size: { shortest_edge: 384 }, crop_pct: 0.875, do_resize: true },
    { resize: "stretch", size: [384, 384] },
  ],
  [
    { size: { shortest_edge: 800, longest_edge: 1333 }, do_resize: true },
    { resize: "pad", border: 0 },
  ],
  [
    { do_rescale: true, do_normalize: false, rescale_factor: 0.00392156862745098 },
    { scale: 0.00392156862745098, mean: [0], std: [1] },
  ],
  [
    { do_rescale: false, do_normalize: false },
    { scale: 1, mean: [0], std: [1] },
  ],
])("Transformers' %j", (config, wanted) => {
  expect(howOf([["limpid.beside/preprocessor_config.json", JSON.stringify(config)]])).toMatchObject(
    wanted,
  );
});

const square = { height: 16, width: 16 };

test.each<[object, string | undefined]>([
  [{ do_resize: false, do_center_crop: true, crop_size: 16 }, "without scaling"],
  [{ do_resize: false, crop_size: square, size: 20 }, "without scaling"],
  [{ do_resize: false, size: 16 }, "does not scale"],
  [{ size: { height: 20, width: 20 }, crop_size: square }, "stretches pictures to 20 x 20"],
  [{ size: square, crop_size: square }, undefined],
  [{ size: { shortest_edge: 12 }, crop_size: square }, "borders"],
  [{ size: { shortest_edge: 20 }, crop_size: { height: 16, width: 12 } }, "to cover the crop"],
  [{ size: { shortest_edge: 20 }, crop_size: square }, undefined],
  [{ size: { shortest_edge: 16 }, do_center_crop: false, crop_size: square }, "the middle is cut"],
  [{ size: square, do_pad: true, do_rescale: true }, "do_pad"],
  [{ do_rescale: false, image_mean: 0.5, image_std: 0.5 }, "do_rescale is false"],
  [{ do_rescale: true, image_mean: 120, image_std: 60 }, "do_rescale is true"],
  [{ do_rescale: false, do_normalize: false, image_mean: 0.5, image_std: 0.5 }, undefined],
])("what is not as Transformers' %j says is told", (config, words) => {
  const text = JSON.stringify({ do_rescale: true, ...config });
  const graph = graphOf([["limpid.beside/preprocessor_config.json", text]]);
  const { doubts } = toldPreprocessing(graph).told!;
  if (words === undefined) expect(doubts).toEqual([]);
  else expect(doubts.join()).toContain(words);
});

test("newer files keep the pictures' part with others", () => {
  const config = {
    processor_class: "CLIPProcessor",
    image_processor: { do_rescale: true, image_mean: [0.1, 0.2, 0.3], image_std: [0.4, 0.5, 0.6] },
    tokenizer: { size: 1 },
  };
  const entries = [["limpid.beside/processor_config.json", JSON.stringify(config)]] as const;
  expect(howOf(entries)).toMatchObject({ scale: 1 / 255, mean: [0.1, 0.2, 0.3] });
});

test.each<[object, object]>([
  [
    {
      architecture: "resnet18",
      pretrained_cfg: {
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
        input_size: [3, 8, 8],
        crop_pct: 0.95,
        interpolation: "bicubic",
      },
    },
    {
      scale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      cropShare: 0.95,
      filter: "bicubic",
      size: [8, 8],
      resize: "crop",
    },
  ],
  [
    { mean: [123.7, 116.3, 103.5], std: [58, 57, 57] },
    { scale: 1, mean: [123.7, 116.3, 103.5] },
  ],
  [
    {
      pretrained_cfg: {
        mean: 0.5,
        std: 0.5,
        input_size: [3, 224, 224],
        test_input_size: [3, 8, 8],
        crop_pct: 0.9,
        test_crop_pct: 1,
        crop_mode: "squash",
      },
    },
    { size: [8, 8], resize: "stretch", cropShare: 1 },
  ],
])("timm's %j", (config, wanted) => {
  expect(howOf([["limpid.beside/config.json", JSON.stringify(config)]])).toMatchObject(wanted);
});

test.each([
  ["preprocessor_config.json", '{"image_mean": "grey"}', 'has a "image_mean" that makes no sense'],
  ["preprocessor_config.json", '{"image_mean": [1, 2]}', "means or deviations that make no sense"],
  ["preprocessor_config.json", "[1]", "holds no JSON object"],
  ["config.json", '{"pretrained_cfg": {"mean": [0, 0, 0], "std": [1, 0, 1]}}', "make no sense"],
])("%s of %s is named and not used", (name, text, words) => {
  const { told, refused } = toldPreprocessing(graphOf([[`limpid.beside/${name}`, text]]));
  expect(told).toBeUndefined();
  expect(refused).toEqual([expect.stringContaining(words)]);
});

test.each([
  [
    "preprocessor_config.json",
    '{"feature_size": 80, "sampling_rate": 16000, "do_normalize": true}',
  ],
  ["config.json", '{"compilerOptions": {}}'],
  ["config.json", "not JSON"],
])("%s of something else says nothing: %s", (name, text) => {
  const found = toldPreprocessing(graphOf([[`limpid.beside/${name}`, text]]));
  expect(found).toEqual({ told: undefined, refused: [] });
});
