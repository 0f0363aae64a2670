/** @file Networks that scale their input themselves, against the same networks without it, fed with what it makes. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { gradCam } from "../attribution/cam/grad-cam.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensor, type Tensor } from "../graph/tensor.ts";
import {
  affineOf,
  inputSizeOf,
  preprocess,
  preprocessings,
  type Preprocessing,
} from "../image/preprocess.ts";
import { picture, type Picture } from "../image/picture.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { choosePreprocessing } from "./choose-preprocessing.ts";
import { Model } from "./model.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

const { torchvision, caffe, tf, unit, none } = preprocessings;
const side = 8;

/** The layers of a small classifier. */
function classify(b: GraphBuilder, x: Value): void {
  const random = randomStream("scaled input", 1);
  const numbers = (dims: readonly number[], spread: number) =>
    b.constant(
      Array.from({ length: dims.reduce((n, d) => n * d, 1) }, () => spread * random.normal()),
      dims,
    );
  const features = b.op("Relu", [b.op("Conv", [x, numbers([4, 3, 3, 3], 0.3)])], {}, "features");
  const pooled = b.reshape(b.reduceMean(features, [2, 3], false), [1, 4]);
  b.output(b.op("MatMul", [pooled, numbers([4, 3], 1)], {}, "logits"));
}

function network(prepare: (b: GraphBuilder, x: Value) => Value, dims = [1, 3, side, side]): Graph {
  const b = new GraphBuilder();
  classify(b, prepare(b, b.input("x", dims)));
  return { ...b.build(), shapes: new Map() };
}

/** One step of `y[c] = x[c] * gain[c] + offset[c]`; numbers lie along `axis`. */
type Spelling = (b: GraphBuilder, x: Value, numbers: readonly number[], axis: 1 | 3) => Value;

function along(b: GraphBuilder, numbers: readonly number[], axis: 1 | 3): Value {
  return b.constant(numbers, axis === 1 ? [1, 3, 1, 1] : [3]);
}

const products: readonly Spelling[] = [
  (b, x, numbers, axis) => b.mul(x, along(b, numbers, axis)),
  (b, x, numbers, axis) => b.mul(along(b, numbers, axis), x),
  (b, x, numbers, axis) =>
    b.div(
      x,
      along(
        b,
        numbers.map((n) => 1 / n),
        axis,
      ),
    ),
  (b, x, numbers, axis) =>
    b.div(
      x,
      b.op("Sqrt", [
        along(
          b,
          numbers.map((n) => 1 / n ** 2),
          axis,
        ),
      ]),
    ),
];

const sums: readonly Spelling[] = [
  (b, x, numbers, axis) => b.add(x, along(b, numbers, axis)),
  (b, x, numbers, axis) =>
    b.sub(
      x,
      along(
        b,
        numbers.map((n) => -n),
        axis,
      ),
    ),
  (b, x, numbers, axis) => b.sub(x, b.neg(along(b, numbers, axis))),
];

interface Chain {
  readonly from: Preprocessing;
  readonly to: Preprocessing;
  readonly product: Spelling;
  readonly sum: Spelling;
  readonly form: "product first" | "sum first" | "normalization";
  readonly flips: boolean;
  readonly channelsLast: boolean;
}

/** Numbers that bring pictures prepared as `from` to those of `to`, both in the order of colours of `to`. */
function lineOf({ from, to }: Chain) {
  const [a, z] = [
    affineOf({ ...from, channels: "rgb" }, 3),
    affineOf({ ...to, channels: "rgb" }, 3),
  ];
  const gain = z.gain.map((g, c) => g / a.gain[c]!);
  return { gain, offset: z.offset.map((o, c) => o - gain[c]! * a.offset[c]!) };
}

function prepared(chain: Chain): (b: GraphBuilder, x: Value) => Value {
  const { product, sum, form, flips, channelsLast } = chain;
  const { gain, offset } = lineOf(chain);
  const shift = offset.map((o, c) => o / gain[c]!);
  return (b, x) => {
    const axis = channelsLast ? 3 : 1;
    const y = flips ? b.op("Gather", [x, b.ints([2, 1, 0])], { axis }) : x;
    const toLayers = (z: Value) => (channelsLast ? b.transpose(z, [0, 3, 1, 2]) : z);
    if (form === "sum first") return toLayers(product(b, sum(b, y, shift, axis), gain, axis));
    if (form === "product first") return toLayers(sum(b, product(b, y, gain, axis), offset, axis));
    const each = (numbers: readonly number[]) => b.constant(numbers, [3]);
    const [ones, zeros] = [each([1, 1, 1]), each([0, 0, 0])];
    const statistics = [each(shift.map((s) => -s)), each(gain.map((g) => 1 / g ** 2))];
    return b.op("BatchNormalization", [toLayers(y), ones, zeros, ...statistics], { epsilon: 0 });
  };
}

const pairs: readonly (readonly [Preprocessing, Preprocessing])[] = [
  [none, unit],
  [none, tf],
  [none, torchvision],
  [none, caffe],
  [unit, tf],
  [unit, torchvision],
  [unit, caffe],
  [unit, none],
  [tf, unit],
  [tf, torchvision],
  [tf, none],
  [torchvision, tf],
  [torchvision, unit],
];

const chains = fc.record({
  pair: fc.constantFrom(...pairs),
  product: fc.constantFrom(...products),
  sum: fc.constantFrom(...sums),
  form: fc.constantFrom("product first" as const, "sum first" as const, "normalization" as const),
  flips: fc.boolean(),
  channelsLast: fc.boolean(),
});

function photo(seed: number): Picture {
  const random = randomStream("photo", seed);
  return picture(
    side,
    side,
    3,
    Uint8Array.from({ length: 3 * side * side }, () => Math.floor(256 * random.uniform())),
  );
}

function inputOf(model: Model, source: Picture, how: Preprocessing): Tensor {
  const { dims, data } = preprocess(source, how, inputSizeOf(how, model.input.dims!));
  return tensor("float32", dims, data);
}

test("a scaling inside the network gives the same map and probability as the preparation without it", async () => {
  const plain = new Model(
    network((_, x) => x),
    runtime,
  );
  await fc.assert(
    fc.asyncProperty(chains, fc.integer({ min: 0, max: 99 }), async ({ pair, ...rest }, seed) => {
      const [from, to] = pair;
      const chain: Chain = { ...rest, from, to };
      const dims = chain.channelsLast ? [1, side, side, 3] : [1, 3, side, side];
      const scaled = new Model(network(prepared(chain), dims), runtime);
      const { how, chosenBy, note } = await choosePreprocessing(scaled, undefined);
      expect(chosenBy).toBe("graph");
      expect(wordsOf(note!, libraryWords)).toMatch(/scales its input itself, so it is fed/);
      const inOrder = (numbers: readonly number[]) =>
        chain.flips ? numbers.toReversed() : numbers;
      expect([how.scale, how.mean, how.std]).toEqual([
        from.scale,
        inOrder(from.mean),
        inOrder(from.std),
      ]);
      // Without means of colours nothing tells the order, and pictures are RGB.
      const isTold = [from, to].some((one) => one === caffe || one === torchvision);
      const order = isTold ? (to === caffe ? "bgr" : "rgb") : chain.flips ? "bgr" : "rgb";
      const source = photo(seed);
      const options = { targets: [1], layer: "features" };
      const [map] = await gradCam(scaled, inputOf(scaled, source, how), options);
      const reference = inputOf(plain, source, { ...to, channels: order });
      const [wanted] = await gradCam(plain, reference, options);
      expect(Math.abs(map!.probability! - wanted!.probability!)).toBeLessThan(1e-3);
      const most = Math.max(...wanted!.data, 1e-3);
      for (const [i, value] of wanted!.data.entries())
        expect(Math.abs(map!.data[i]! - value)).toBeLessThan(2e-3 * most);
    }),
    { numRuns: 15 },
  );
}, 10_000);

test.each<[string, (b: GraphBuilder, x: Value) => Value, string]>([
  ["nothing", (_, x) => x, "default"],
  [
    "an order of colours alone",
    (b, x) => b.op("Gather", [x, b.ints([2, 1, 0])], { axis: 1 }),
    "default",
  ],
  ["a scaling that fits no range", (b, x) => b.scale(x, 0.1), "default"],
  ["a scaling by a half", (b, x) => b.scale(x, 0.5), "default"],
  ["a scaling by the picture's own mean", (b, x) => b.sub(x, b.reduceMean(x, [2, 3])), "default"],
  ["a learned product of two values", (b, x) => b.mul(x, b.op("Sigmoid", [x])), "default"],
  [
    "a depthwise convolution of one pixel",
    (b, x) =>
      b.op("Conv", [x, b.constant([1 / 255, 1 / 255, 1 / 255], [3, 1, 1, 1])], { group: 3 }),
    "graph",
  ],
  [
    "colours taken apart, scaled one by one and put together",
    (b, x) => {
      const one = (c: number) => {
        const colour = b.op("Unsqueeze", [
          b.op("Gather", [x, b.ints([c])], { axis: 1 }),
          b.ints([1]),
        ]);
        const flat = b.op("Squeeze", [colour, b.ints([1])]);
        return b.add(
          b.scale(flat, torchvision.std[c]! / 0.5),
          b.scalar((torchvision.mean[c]! - 0.5) / 0.5),
        );
      };
      return b.concat([one(0), one(1), one(2)], 1);
    },
    "graph",
  ],
  [
    "bounds before a division",
    (b, x) => b.scale(b.op("Clip", [x, b.scalar(0), b.scalar(255)]), 1 / 255),
    "graph",
  ],
  [
    "a resize behind a division",
    (b, x) =>
      b.op("Resize", [b.scale(x, 1 / 255), null, b.constant([1, 1, 2, 2], [4])], {
        mode: "linear",
      }),
    "graph",
  ],
])("%s before the layers", async (_, prepare, by) => {
  const model = new Model(network(prepare), runtime);
  const { chosenBy, note } = await choosePreprocessing(model, undefined);
  expect(chosenBy).toBe(by);
  const words = wordsOf(note!, libraryWords);
  expect(/does not say how its input/.test(words)).toBe(by === "default");
});

test("means of 0..255 of another data set are recognised by their range", async () => {
  const prepare = (b: GraphBuilder, x: Value) =>
    b.div(b.sub(x, b.constant([90, 80, 70], [1, 3, 1, 1])), b.constant([50, 51, 52], [1, 3, 1, 1]));
  const { how } = await choosePreprocessing(new Model(network(prepare), runtime), undefined);
  expect(how).toEqual(none);
});

test("the network's own scaling is not done twice where a file beside it tells of the whole", async () => {
  const config = {
    pretrained_cfg: { mean: torchvision.mean, std: torchvision.std, crop_pct: 0.95 },
  };
  const metadata = new Map([["limpid.beside/config.json", JSON.stringify(config)]]);
  const of = (prepare: (b: GraphBuilder, x: Value) => Value) =>
    choosePreprocessing(new Model({ ...network(prepare), metadata }, runtime), undefined);
  const plain = await of((_, x) => x);
  expect(plain.how).toMatchObject({ scale: 1 / 255, mean: torchvision.mean, cropShare: 0.95 });
  const chain = { from: none, to: torchvision, product: products[0]!, sum: sums[0]! };
  const scaled = await of(
    prepared({ ...chain, form: "sum first", flips: false, channelsLast: false }),
  );
  expect(scaled.how).toMatchObject({ scale: 1, mean: [0], std: [1], cropShare: 0.95 });
  expect(wordsOf(scaled.note!, libraryWords)).toMatch(/not done twice/);
});

test("where a network does another scaling than is told of, its own is trusted, which is said", async () => {
  const entries = [
    ["mean", "0.485,0.456,0.406"],
    ["std", "0.229,0.224,0.225"],
  ] as const;
  const model = new Model(
    { ...network((b, x) => b.scale(x, 1 / 255)), metadata: new Map(entries) },
    runtime,
  );
  const { how, note, chosenBy } = await choosePreprocessing(model, undefined);
  expect(chosenBy).toBe("graph");
  expect(how).toMatchObject({ scale: 1, mean: [0], std: [1] });
  expect(wordsOf(note!, libraryWords)).toMatch(
    /\("mean", "std"\) says.*but the network scales its input itself in another way.*left out/,
  );
});

test("a network that does all that its metadata tell, however unusual, is fed pictures as they are", async () => {
  const [mean, std] = [
    [0.3, 0.6, 0.2],
    [0.05, 0.4, 0.9],
  ];
  const metadata = new Map([
    ["image_mean", mean.join()],
    ["image_std", std.join()],
  ]);
  const prepare = (b: GraphBuilder, x: Value) =>
    b.div(b.sub(x, b.constant(mean, [1, 3, 1, 1])), b.constant(std, [1, 3, 1, 1]));
  const { how, note } = await choosePreprocessing(
    new Model({ ...network(prepare), metadata }, runtime),
    undefined,
  );
  expect(how).toMatchObject({ scale: 1 / 255, mean: [0], std: [1] });
  expect(wordsOf(note!, libraryWords)).toMatch(/not done twice/);
});

test.each<[string, number, (b: GraphBuilder, x: Value) => Value]>([
  ["scaled", 1 / 255, (b, x) => b.scale(b.cast(b.transpose(x, [0, 3, 1, 2]), "float32"), 1 / 255)],
  ["as they are", 1, (b, x) => b.transpose(b.cast(x, "float32"), [0, 3, 1, 2])],
])("bytes that are cast at once, %s, are 0 to 255 as floats", async (_, scale, prepare) => {
  const b = new GraphBuilder();
  classify(b, prepare(b, b.input("x", [1, side, side, 3], "uint8")));
  const model = new Model({ ...b.build(), shapes: new Map() }, runtime);
  const plain = new Model(
    network((_b, x) => x),
    runtime,
  );
  expect(wordsOf(model.notes[0]!, libraryWords)).toMatch(/takes bytes; here .* floats/);
  const { how, chosenBy, note } = await choosePreprocessing(model, undefined);
  expect([how, chosenBy]).toEqual([none, "graph"]);
  expect(wordsOf(note!, libraryWords)).toMatch(/takes bytes, so it is fed RGB from 0 to 255/);
  const options = { targets: [1], layer: "features" };
  const [map] = await gradCam(model, inputOf(model, photo(3), how), options);
  const [wanted] = await gradCam(plain, inputOf(plain, photo(3), { ...unit, scale }), options);
  expect(map!.probability).toBeCloseTo(wanted!.probability!, 4);
  for (const [i, value] of wanted!.data.entries()) {
    expect(Math.abs(map!.data[i]! - value)).toBeLessThan(1e-4 * Math.max(...wanted!.data));
  }
});

test("bytes of which something else is made first are refused", () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, side, side], "uint8");
  classify(b, b.cast(b.op("Max", [x, x]), "float32"));
  expect(() => new Model(b.build(), runtime)).toThrow(/got uint8/);
});

test.each<[string, (b: GraphBuilder, x: Value) => Value, Preprocessing]>([
  ["a clip from 0 to 1", (b, x) => b.op("Clip", [x, b.scalar(0), b.scalar(1)]), unit],
  ["a clip from -1 to 1", (b, x) => b.op("Clip", [x, b.scalar(-1), b.scalar(1)]), tf],
  [
    "a largest and a smallest number",
    (b, x) => b.op("Min", [b.op("Max", [b.scalar(0), x]), b.scalar(255)]),
    none,
  ],
  [
    "a clip before a scaling",
    (b, x) =>
      b.sub(b.mul(b.op("Clip", [x, b.scalar(0), b.scalar(1)]), b.scalar(2)), b.constant([1], [1])),
    unit,
  ],
])("%s tells the range", async (_, prepare, how) => {
  const model = new Model(network(prepare), runtime);
  expect(await choosePreprocessing(model, undefined)).toMatchObject({ how, chosenBy: "graph" });
});

test("other bounds tell nothing", async () => {
  const clipped = network((b, x) => b.op("Clip", [x, b.scalar(0), b.scalar(6)]));
  const { chosenBy } = await choosePreprocessing(new Model(clipped, runtime), undefined);
  expect(chosenBy).toBe("default");
});

test("what is usual for the format of a file is assumed where nothing says more", async () => {
  const chosenFor = (usual: string) => {
    const metadata = new Map([["limpid.usual-preprocessing", usual]]);
    const plain = { ...network((_, x) => x), metadata };
    return choosePreprocessing(new Model(plain, runtime), undefined);
  };
  const { how, chosenBy, note } = await chosenFor("unit");
  expect([how.name, chosenBy]).toEqual(["unit", "default"]);
  expect(wordsOf(note!, libraryWords)).toContain("does not say how its input is prepared");
  expect((await chosenFor("toString")).how.name).toBe("torchvision");
});
