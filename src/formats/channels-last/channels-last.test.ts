/** @file Networks drawn over channels-last operations compute what plain arithmetic in the maker's order does. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createReferenceRuntime } from "../../../test/reference/reference-runtime.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { elementCount, tensorOf, toNumbers } from "../../graph/tensor.ts";
import { binary, unary } from "./elementwise.ts";
import { dense } from "./dense.ts";
import { heldFirst, heldLast, makersOrder, type NhwcValue } from "./nhwc-value.ts";
import { batchNormalization } from "./normalization.ts";
import { reduce } from "./reductions.ts";
import { concatenate, flatten, pad, reshape, slice, transpose } from "./shapes.ts";
import { convolution, depthwiseConvolution, pool } from "./windows.ts";

const runtime = createReferenceRuntime();

/** Numbers with axes, in the maker's order. */
interface Numbers {
  readonly dims: readonly number[];
  readonly data: readonly number[];
}

const counted = (dims: readonly number[], factor = 1): Numbers => ({
  dims,
  data: Array.from({ length: elementCount(dims) }, (_, i) => Math.sin(1 + i * factor)),
});
const weights = ({ dims, data }: Numbers) => tensorOf("float32", dims, data);

/** What a graph makes of an input that its maker has as [N, ..., C]. */
async function run(
  input: Numbers,
  build: (b: GraphBuilder, x: NhwcValue) => NhwcValue,
): Promise<Numbers> {
  const b = new GraphBuilder();
  const [n, ...inner] = input.dims;
  const isMap = inner.length > 1;
  const x = isMap
    ? heldFirst(b.input("x", [n!, inner.at(-1)!, ...inner.slice(0, -1)]))
    : heldLast(b.input("x", input.dims));
  const result = build(b, x);
  const last = makersOrder(b, result);
  b.output(b.op("Identity", [last], {}, "y"));
  const session = await runtime.open(b.build());
  const fed = isMap ? turned(input) : input;
  const { y } = await session.run({ x: weights(fed) });
  expect(y!.dims, "the maker's axes").toEqual(result.dims);
  return { dims: y!.dims, data: toNumbers(y!) };
}

/** [N, ..., C] as [N, C, ...]. */
function turned({ dims, data }: Numbers): Numbers {
  const [n = 1, ...inner] = dims;
  const channels = inner.at(-1)!;
  const places = elementCount(inner.slice(0, -1));
  const result = Array.from({ length: data.length }, (_, at) => {
    const [image, rest] = [Math.floor(at / (places * channels)), at % (places * channels)];
    const [channel, place] = [Math.floor(rest / places), rest % places];
    return data[(image * places + place) * channels + channel]!;
  });
  return { dims: [n, channels, ...inner.slice(0, -1)], data: result };
}

const at = ({ dims, data }: Numbers, ...place: number[]) =>
  data[place.reduce((sum, index, axis) => sum * dims[axis]! + index, 0)]!;

function every(dims: readonly number[], value: (place: number[]) => number): Numbers {
  const data = Array.from({ length: elementCount(dims) }, (_, index) => {
    let rest = index;
    const place = dims.toReversed().map((dim) => {
      const here = rest % dim;
      rest = Math.floor(rest / dim);
      return here;
    });
    return value(place.toReversed());
  });
  return { dims, data };
}

function expectClose(got: Numbers, wanted: Numbers) {
  expect(got.dims).toEqual(wanted.dims);
  for (const [i, value] of wanted.data.entries()) expect(got.data[i]).toBeCloseTo(value, 4);
}

const sides = fc.tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 3, max: 6 }));
const maps = fc
  .tuple(fc.constantFrom(1, 2), sides, fc.integer({ min: 1, max: 4 }))
  .map(([n, [h, w], c]) => counted([n, h, w, c]));
const few = { numRuns: 60 };

/** TensorFlow's formula. */
function samePads(size: number, kernel: number, stride: number, dilation: number) {
  const out = Math.ceil(size / stride);
  const total = Math.max((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0);
  return { out, begin: Math.floor(total / 2) };
}

test("convolutions", async () => {
  const drawn = fc.tuple(
    maps,
    fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    fc.constantFrom([1, 1], [2, 1], [2, 2], [3, 2]),
    fc.constantFrom(1, 2),
    fc.integer({ min: 1, max: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(drawn, async ([x, [kh, kw], strides, dilation, filters]) => {
      const [n = 1, h = 1, w = 1, c = 1] = x.dims;
      const spread = strides.some((stride) => stride > 1) ? 1 : dilation;
      const kernel = counted([kh, kw, c, filters], 0.7);
      const bias = counted([filters], 0.3);
      const rows = samePads(h, kh, strides[0], spread);
      const columns = samePads(w, kw, strides[1], spread);
      const wanted = every([n, rows.out, columns.out, filters], ([image, y, xAt, filter]) => {
        let sum = bias.data[filter!]!;
        for (let i = 0; i < kh; i++) {
          for (let j = 0; j < kw; j++) {
            const row = y! * strides[0] - rows.begin + i * spread;
            const column = xAt! * strides[1] - columns.begin + j * spread;
            if (row < 0 || column < 0 || row >= h || column >= w) continue;
            for (let channel = 0; channel < c; channel++) {
              sum += at(x, image!, row, column, channel) * at(kernel, i, j, channel, filter!);
            }
          }
        }
        return sum;
      });
      const window = { strides, padding: "same", dilations: [spread, spread] } as const;
      const tensors = { kernel: weights(kernel), bias: weights(bias) };
      expectClose(await run(x, (b, input) => convolution(b, input, tensors, window, "c")), wanted);
    }),
    few,
  );
});

test("depthwise convolutions keep a channel's results together", async () => {
  const x: Numbers = { dims: [1, 1, 1, 2], data: [1, 2] };
  const kernel = weights({ dims: [1, 1, 2, 2], data: [3, 4, 5, 6] });
  const window = { strides: [1, 1], padding: "valid" } as const;
  const got = await run(x, (b, input) => depthwiseConvolution(b, input, { kernel }, window, "d"));
  expect(got.data).toEqual([3, 4, 10, 12]);
});

test("the same padding of TensorFlow", async () => {
  const x: Numbers = { dims: [1, 4, 4, 1], data: Array.from({ length: 16 }, (_, i) => i) };
  const kernel = weights({ dims: [3, 3, 1, 1], data: Array<number>(9).fill(1) });
  const window = { strides: [2, 2], padding: "same" } as const;
  const got = await run(x, (b, input) => convolution(b, input, { kernel }, window, "c"));
  expect(got.data).toEqual([45, 39, 66, 50]);
  const row: Numbers = { dims: [1, 1, 3, 1], data: [1, 2, 3] };
  const mean = await run(row, (b, input) =>
    pool(b, input, "average", [1, 2], { strides: [1, 2], padding: "same" }, "p"),
  );
  expect(mean.data).toEqual([1.5, 3]);
});

test("two values are broadcast as the maker has their axes", async () => {
  await fc.assert(
    fc.asyncProperty(
      maps,
      fc.integer({ min: 0, max: 15 }),
      fc.integer({ min: 0, max: 3 }),
      async (x, ones, cut) => {
        const dims = x.dims
          .map((dim, axis) => ((ones >> axis) & 1 || axis === 0 ? 1 : dim))
          .slice(cut);
        const y = counted(dims, 0.4);
        const padded = { dims: [...Array<number>(4 - dims.length).fill(1), ...dims], data: y.data };
        const wanted = every(x.dims, (place) => {
          const other = place.map((index, axis) => (padded.dims[axis] === 1 ? 0 : index));
          return at(x, ...place) - at(padded, ...other);
        });
        const got = await run(x, (b, input) =>
          binary(b, "Sub", [input, heldLast(b.constant(y.data, y.dims))], "s"),
        );
        expectClose(got, wanted);
      },
    ),
    few,
  );
});

test("flattened maps keep the maker's order of features", async () => {
  const x: Numbers = { dims: [1, 2, 2, 2], data: [0, 1, 2, 3, 4, 5, 6, 7] };
  const kernel = weights({ dims: [8, 1], data: [1, 2, 3, 4, 5, 6, 7, 8] });
  const got = await run(x, (b, input) => dense(b, flatten(b, input, "f"), { kernel }, "d"));
  expect(got.data).toEqual([168]);
  expect((await run(x, (b, input) => flatten(b, input, "f"))).data).toEqual(x.data);
});

test("what stands between a flattened map and its weights follows its order", async () => {
  await fc.assert(
    fc.asyncProperty(maps, async (x) => {
      const features = elementCount(x.dims.slice(1));
      const [n = 1] = x.dims;
      const mean = counted([features], 0.2);
      const kernel = counted([features, 3], 0.9);
      const one = { dims: [features], data: Array<number>(features).fill(1) };
      const wanted = every([n, 3], ([image, unit]) => {
        let sum = 0;
        for (let f = 0; f < features; f++) {
          const value = Math.max(x.data[image! * features + f]!, 0) - mean.data[f]!;
          sum += (value / Math.sqrt(1 + 1e-3)) * at(kernel, f, unit!);
        }
        return sum;
      });
      const got = await run(x, (b, input) => {
        const flat = unary(b, "Relu", flatten(b, input, "f"), "r");
        const statistics = { mean: weights(mean), variance: weights(one), epsilon: 1e-3 };
        return dense(
          b,
          batchNormalization(b, flat, statistics, "n"),
          { kernel: weights(kernel) },
          "d",
        );
      });
      expectClose(got, wanted);
    }),
    few,
  );
});

test("reductions, borders, cuts, turns, joins and reshapes", async () => {
  await fc.assert(
    fc.asyncProperty(
      maps,
      fc.shuffledSubarray([1, 2, 3], { minLength: 1 }),
      fc.boolean(),
      async (x, axes, keep) => {
        const [n = 1, h = 1, w = 1, c = 1] = x.dims;
        const kept = x.dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
        const sums = every(kept, (place) => {
          let sum = 0;
          every(x.dims, (inner) => {
            if (inner.every((index, axis) => axes.includes(axis) || index === place[axis]))
              sum += at(x, ...inner);
            return 0;
          });
          return sum;
        });
        const dims = keep ? kept : x.dims.filter((_, axis) => !axes.includes(axis));
        const reduced = await run(x, (b, input) => reduce(b, "ReduceSum", input, axes, keep, "s"));
        expectClose(reduced, { ...sums, dims });
        const borders = [
          [0, 0],
          [1, 0],
          [0, 2],
          [0, 1],
        ] as const;
        const bordered = every([n, h + 1, w + 2, c + 1], ([i, y, xAt, f]) =>
          y! < 1 || xAt! >= w || f! >= c ? 0 : at(x, i!, y! - 1, xAt!, f!),
        );
        expectClose(await run(x, (b, input) => pad(b, input, borders, "p")), bordered);
        const cuts = [
          { axis: 1, start: 1, end: 9 },
          { axis: -1, start: 0, end: 1 },
        ];
        const cutOut = every([n, h - 1, w, 1], ([i, y, xAt]) => at(x, i!, y! + 1, xAt!, 0));
        expectClose(await run(x, (b, input) => slice(b, input, cuts, "s")), cutOut);
        const order = [0, ...axes, ...[1, 2, 3].filter((axis) => !axes.includes(axis))];
        const moved = every(
          order.map((axis) => x.dims[axis]!),
          (place) => {
            const from = order.map((_, axis) => place[order.indexOf(axis)]!);
            return at(x, ...from);
          },
        );
        expectClose(await run(x, (b, input) => transpose(b, input, order, "t")), moved);
        const shaped = await run(x, (b, input) => reshape(b, input, [w, -1], "r"));
        expectClose(shaped, { dims: [n, w, h * c], data: x.data });
        const joined = every([n, h, w, 2 * c], ([i, y, xAt, f]) => at(x, i!, y!, xAt!, f! % c));
        expectClose(await run(x, (b, input) => concatenate(b, [input, input], -1, "j")), joined);
      },
    ),
    few,
  );
});
