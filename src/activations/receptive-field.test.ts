/** @file Receptive fields against what disturbing each pixel changes. */
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { elementCount, tensor } from "../graph/tensor.ts";
import { randomStream } from "../random.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { receptiveFields } from "./receptive-field.ts";
import type { Rectangle } from "../image/raster.ts";

const runtime = createNodeRuntime({ threads: 1 });
afterAll(() => runtime.release());

const [height, width] = [11, 9] as const;
const pixels = height * width;

/** A layer of a random network: what it is and what its attributes are. */
type Piece =
  | {
      readonly kind: "convolution" | "maximum" | "mean" | "transposed";
      readonly kernel: readonly [number, number];
      readonly stride: number;
      readonly dilation: number;
      readonly pads: readonly [number, number, number, number];
    }
  | { readonly kind: "joined" | "added" | "pooled"; readonly kernel: number }
  | { readonly kind: "resized"; readonly sides: readonly [number, number]; readonly mode: string }
  | { readonly kind: "padded"; readonly mode: string; readonly pads: readonly [number, number] }
  | { readonly kind: "cut"; readonly start: number; readonly step: number };

const small = fc.integer({ min: 1, max: 3 });
const pad = fc.integer({ min: 0, max: 2 });
const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("convolution" as const, "maximum" as const, "mean" as const),
    kernel: fc.tuple(small, small),
    stride: fc.integer({ min: 1, max: 2 }),
    dilation: fc.integer({ min: 1, max: 3 }),
    pads: fc.tuple(pad, pad, pad, pad),
  }),
  fc.record({
    kind: fc.constant("transposed" as const),
    kernel: fc.tuple(small, small),
    stride: fc.integer({ min: 1, max: 2 }),
    dilation: fc.integer({ min: 1, max: 2 }),
    pads: fc.constant([0, 0, 0, 0] as const),
  }),
  fc.record({
    kind: fc.constantFrom("joined" as const, "added" as const, "pooled" as const),
    kernel: fc.constantFrom(1, 3),
  }),
  fc.record({
    kind: fc.constant("resized" as const),
    sides: fc.tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 12 })),
    mode: fc.constantFrom("nearest", "linear"),
  }),
  fc.record({
    kind: fc.constant("padded" as const),
    mode: fc.constantFrom("constant", "reflect", "edge"),
    pads: fc.tuple(pad, pad),
  }),
  fc.record({
    kind: fc.constant("cut" as const),
    start: fc.integer({ min: -3, max: 2 }),
    step: fc.integer({ min: 1, max: 2 }),
  }),
);

/** Weights above 0, so that a larger pixel makes everything larger that it reaches. */
function weights(b: GraphBuilder, dims: readonly number[], key: number): Value {
  const random = randomStream("weights", key);
  return b.constant(
    Float32Array.from({ length: elementCount(dims) }, () => random.between(0.5, 1.5)),
    dims,
  );
}

/** What a piece makes of a value [1, C, H, W]. */
function add(b: GraphBuilder, x: Value, piece: Piece, key: number): Value {
  const channels = x.dims[1]!;
  switch (piece.kind) {
    case "convolution":
    case "maximum":
    case "mean": {
      const { kernel, stride, dilation, pads } = piece;
      const slides = { pads, strides: [stride, stride] };
      if (piece.kind === "convolution") {
        const filters = weights(b, [2, channels, ...kernel], key);
        return b.op("Conv", [x, filters], { ...slides, dilations: [dilation, dilation] });
      }
      // Pools must not have windows of padding alone.
      const fits = pads.map((side, i) => Math.min(side, kernel[i % 2]! - 1));
      const how = { kernel_shape: kernel, strides: [stride, stride], pads: fits };
      return b.op(piece.kind === "maximum" ? "MaxPool" : "AveragePool", [x], how);
    }
    case "transposed": {
      const { kernel, stride, dilation } = piece;
      const how = { strides: [stride, stride], dilations: [dilation, dilation] };
      return b.op("ConvTranspose", [x, weights(b, [channels, 2, ...kernel], key)], how);
    }
    case "joined":
    case "added": {
      const { kernel } = piece;
      const pads = Array<number>(4).fill((kernel - 1) / 2);
      const branch = b.op("Conv", [x, weights(b, [channels, channels, kernel, kernel], key)], {
        pads,
      });
      return piece.kind === "joined" ? b.concat([x, branch], 1) : b.add(x, branch);
    }
    case "pooled":
      // A sum, since a product with the 0 of a gap would hide what is read.
      return b.add(x, b.op("GlobalAveragePool", [x]));
    case "resized": {
      const sizes = b.ints([1, channels, ...piece.sides]);
      const coordinates = piece.mode === "nearest" ? "asymmetric" : "half_pixel";
      return b.op("Resize", [x, null, null, sizes], {
        mode: piece.mode,
        coordinate_transformation_mode: coordinates,
      });
    }
    case "padded": {
      const [before, behind] = piece.pads;
      const pads = b.ints([0, 0, before, behind, 0, 0, behind, before]);
      // Not of zeros: ONNX Runtime moves those into a pool behind, and then refuses more than a window of padding.
      return b.op("Pad", [x, pads, b.scalar(1)], { mode: piece.mode });
    }
    case "cut":
      return b.slice(x, [piece.start], [1000], [3], [piece.step]);
  }
}

/** A network of pieces as far as they fit; none if nothing is left of the picture. */
function network(pieces: readonly Piece[]): Graph | undefined {
  const b = new GraphBuilder();
  let x = b.input("x", [1, 2, height, width]);
  for (const [key, piece] of pieces.entries()) {
    const reach = piece.kind === "padded" ? Math.max(...piece.pads) : 0;
    if (x.dims.slice(2).some((size) => size < 1 || size <= reach || size > 24)) return undefined;
    x = add(b, x, piece, key);
  }
  if (x.dims.slice(2).some((size) => size < 1)) return undefined;
  b.output(x);
  return b.build();
}

/** For each place [C, H, W] of the output, what the pixels that change it span; measured one pixel after the other. */
async function measuredFields(graph: Graph): Promise<readonly Rectangle[]> {
  const output = graph.outputs[0]!.name;
  const random = randomStream("picture");
  const base = Float32Array.from({ length: 2 * pixels }, () => random.between(0.5, 1.5));
  const run = async (data: Float32Array) => {
    const feeds = { x: tensor("float32", [1, 2, height, width], data) };
    return (await runtime.run(graph, feeds))[output]!.data as Float32Array;
  };
  const before = await run(base);
  const spans = Array.from(before, () => ({ ys: [] as number[], xs: [] as number[] }));
  for (let pixel = 0; pixel < pixels; pixel++) {
    const disturbed = base.slice();
    for (const c of [0, 1]) disturbed[c * pixels + pixel]! += 1000;
    const after = await run(disturbed);
    for (const [i, span] of spans.entries()) {
      if (after[i] === before[i]) continue;
      span.ys.push(Math.floor(pixel / width));
      span.xs.push(pixel % width);
    }
  }
  return spans.map(({ ys, xs }) => {
    if (ys.length === 0) return { left: 0, top: 0, widthPx: 0, heightPx: 0 };
    const [top, left] = [Math.min(...ys), Math.min(...xs)];
    const [heightPx, widthPx] = [Math.max(...ys) + 1 - top, Math.max(...xs) + 1 - left];
    return { left, top, widthPx, heightPx };
  });
}

/** What `receptiveFields` says, likewise. */
function foundFields(graph: Graph): readonly Rectangle[] {
  const { name, dims } = graph.outputs[0]!;
  const [, channels, rows, columns] = dims as readonly number[];
  const fieldOf = receptiveFields(graph, name);
  return Array.from({ length: channels! * rows! * columns! }, (_, i) => {
    const place = i % (rows! * columns!);
    const channel = Math.floor(i / (rows! * columns!));
    return fieldOf({ channel, y: Math.floor(place / columns!), x: place % columns! });
  });
}

test("is the span of the pixels that change a place, for any channel of random networks", async () => {
  let tried = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 4 }), async (pieces) => {
      const graph = network(pieces);
      fc.pre(graph !== undefined);
      tried += 1;
      expect(foundFields(graph)).toEqual(await measuredFields(graph));
    }),
    { numRuns: 60 },
  );
  expect(tried).toBeGreaterThanOrEqual(60);
});

test("follows groups, turned axes, gates, norms and products of matrices", async () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, height, width]);
  // Channel 0 sees 3 x 3, channel 1 just itself.
  const filters = Float32Array.from({ length: 18 }, () => 1);
  const grouped = b.op("Conv", [x, b.constant(filters, [2, 1, 3, 3])], {
    group: 2,
    pads: [1, 1, 1, 1],
  });
  const joined = b.concat([grouped, x], 1);
  const last = b.transpose(joined, [0, 2, 3, 1]);
  const mixed = b.op("MatMul", [last, weights(b, [4, 3], 1)]);
  const turned = b.transpose(mixed, [0, 3, 1, 2]);
  b.output(b.op("Softplus", [turned]));
  const graph = b.build();
  expect(foundFields(graph)).toEqual(await measuredFields(graph));
  const own = receptiveFields(graph, joined.name);
  const at = { y: 4, x: 0 };
  expect(own({ ...at, channel: 0 })).toEqual({ left: 0, top: 3, widthPx: 2, heightPx: 3 });
  expect(own({ ...at, channel: 2 })).toEqual({ left: 0, top: 4, widthPx: 1, heightPx: 1 });
  expect(own(at)).toEqual({ left: 0, top: 3, widthPx: 2, heightPx: 3 });
});

test("takes what it does not know for reading everything, and refuses places outside", () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 2, height, width]);
  const summed = b.op("CumSum", [x, b.scalar(3, "int64")]);
  b.output(summed);
  const graph = b.build();
  const fieldOf = receptiveFields(graph, summed.name);
  expect(fieldOf({ y: 1, x: 1 })).toEqual({ left: 0, top: 0, widthPx: width, heightPx: height });
  expect(() => fieldOf({ y: height, x: 0 })).toThrow(
    /place must lie in .* \[1, 2, 11, 9\], got channel any, row 11, column 0/,
  );
  expect(() => receptiveFields(graph, "nothing")).toThrow(/"nothing" must be a value/);
});
