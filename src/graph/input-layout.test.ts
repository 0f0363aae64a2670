/** @file The layout of inputs, on small networks of every form. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GraphBuilder, type Value } from "./builder.ts";
import { inputLayout } from "./input-layout.ts";

const side = fc.integer({ min: 1, max: 12 });

/** Values that leave channels where they are, before the operator that tells. */
const passages: readonly ((b: GraphBuilder, x: Value) => Value)[] = [
  (b, x) => b.scale(x, 1 / 255),
  (b, x) => b.op("Relu", [x]),
  (b, x) => b.op("Pad", [x, b.ints([0, 0, 0, 0, 0, 0, 0, 0])]),
  (b, x) => b.cast(x, "float32"),
  (b, x) => b.add(x, b.scale(x, 2)),
];

const drawn = fc.record({
  sizes: fc.tuple(side, side, side),
  passed: fc.array(fc.constantFrom(...passages), { maxLength: 3 }),
  order: fc.constantFrom("first", "last"),
  after: fc.constantFrom("conv", "pool", "normalised", "mean taken", "summed up"),
});

type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

/** A network of C, H and W whose input is first or last. */
function network({ sizes: [c, h, w], passed, order, after }: Drawn) {
  const b = new GraphBuilder();
  const isLast = order === "last";
  let x: Value = b.input("x", isLast ? [1, h, w, c] : [1, c, h, w]);
  for (const pass of passed) x = pass(b, x);
  if (after === "mean taken") {
    const along = isLast ? [c] : [c, 1, 1];
    x = b.sub(
      x,
      b.constant(
        Float32Array.from({ length: c }, (_, i) => i),
        along,
      ),
    );
  } else if (after === "summed up") {
    x = b.reduceMean(x, isLast ? [1, 2] : [2, 3]);
  } else {
    if (isLast) x = b.transpose(x, [0, 3, 1, 2]);
    if (after === "conv") {
      x = b.op("Conv", [x, b.fill([2, c, 1, 1], 1)], { kernel_shape: [1, 1] });
    } else if (after === "pool") {
      x = b.op("GlobalAveragePool", [x]);
    } else {
      const ones = [1, 2, 3].map(() => b.fill([c], 1));
      x = b.op("InstanceNormalization", [x, ones[0]!, ones[1]!]);
    }
  }
  b.output(x);
  return b.build();
}

test("the operators that know channels tell the layout, whatever the sizes are", () => {
  fc.assert(
    fc.property(drawn, (one) => {
      const [c, h, w] = one.sizes;
      // A constant for one channel differs along no axis, and one for a single pixel is spread over none.
      fc.pre(one.after !== "mean taken" || (c > 1 && h * w > 1));
      // What could as well be normalised along its columns.
      const isOddLast = one.order === "last" && (h === 1 || h === 3) && c !== 1 && c !== 3;
      fc.pre(!isOddLast || !["mean taken", "summed up"].includes(one.after));
      expect(inputLayout(network(one))).toEqual({ channels: one.order, isTold: true });
    }),
  );
});

test("a transposition that is exported as a reshape is followed", () => {
  fc.assert(
    fc.property(side, side, (h, w) => {
      const b = new GraphBuilder();
      const x = b.reshape(b.input("x", [1, h + 1, w + 1, 1]), [1, 1, h + 1, w + 1]);
      b.output(b.op("Conv", [x, b.fill([2, 1, 1, 1], 1)], { kernel_shape: [1, 1] }));
      expect(inputLayout(b.build())).toEqual({ channels: "last", isTold: true });
    }),
  );
});

test("a signal of one column loses its last axis before a convolution", () => {
  const b = new GraphBuilder();
  const x = b.op("Squeeze", [b.input("x", [1, 11, 60, 1]), b.ints([3])]);
  b.output(b.op("Conv", [x, b.fill([2, 11, 3], 1)], { kernel_shape: [3] }));
  expect(inputLayout(b.build())).toEqual({ channels: "first", isTold: true });
});

test.each([
  [[1, 32, 32, 3], [1, 4, 8, 4, 8, 3], "last"],
  [[1, 3, 32, 32], [1, 3, 4, 8, 4, 8], "first"],
])("%s cut into patches %s", (dims, patches, channels) => {
  const b = new GraphBuilder();
  b.output(b.reshape(b.input("x", dims), patches));
  expect(inputLayout(b.build())).toEqual({ channels, isTold: true });
});

test.each([
  [[1, 3, 32, 32], "first"],
  [[1, 32, 32, 3], "last"],
  [[1, 12, 12, 12], "first"],
])("where nothing tells, the sizes %s are asked", (dims, channels) => {
  const b = new GraphBuilder();
  b.output(b.op("Flatten", [b.input("x", dims)]));
  expect(inputLayout(b.build())).toEqual({ channels, isTold: false });
});
