/** @file Centres of places against exact receptive fields, on random stacks of layers. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { receptiveFields } from "../activations/receptive-field.ts";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import { placesOfLayer } from "./place-centres.ts";

const size = 48;
const rows = [2, 3] as const;

type Step = (b: GraphBuilder, x: Value) => Value;

const small = fc.integer({ min: 0, max: 3 });
const pads = fc.tuple(small, small, small, small);
const kernel = fc.integer({ min: 1, max: 5 });

function convolved(b: GraphBuilder, x: Value, sides: number, attributes: object): Value {
  const weights = b.fill([2, x.dims[1]!, sides, sides], 1);
  return b.op("Conv", [x, weights], { kernel_shape: [sides, sides], ...attributes });
}

/** Sees everything and moves nothing. */
const gate: Step = (b, x) => b.mul(x, b.op("Sigmoid", [b.reduceMean(x, [2, 3])]));

/** Layers whose places see what lies around their centres. */
const windows: readonly fc.Arbitrary<Step>[] = [
  fc
    .record({
      sides: kernel,
      stride: fc.constantFrom(1, 1, 2),
      dilation: fc.constantFrom(1, 2),
      pads,
    })
    .map(
      ({ sides, stride, dilation, pads: around }) =>
        (b, x) =>
          convolved(b, x, sides, {
            strides: [stride, stride],
            dilations: [dilation, dilation],
            pads: around,
          }),
    ),
  fc
    .constantFrom("MaxPool", "AveragePool")
    .map(
      (operator) => (b, x) =>
        b.op(operator, [x], { kernel_shape: [3, 3], strides: [2, 2], pads: [0, 1, 1, 0] }),
    ),
  pads.map(
    ([top, left, bottom, right]) =>
      (b, x) =>
        b.op("Pad", [x, b.ints([0, 0, top, left, 0, 0, bottom, right])]),
  ),
  fc.tuple(small, small).map(([top, left]) => (b, x) => {
    const [h, w] = [x.dims[2]!, x.dims[3]!];
    return b.op("Slice", [x, b.ints([top, left]), b.ints([h, w]), b.ints([2, 3])]);
  }),
  // A branch that looks to one side beside the value itself, added or joined.
  fc.constantFrom("Add", "Concat").map((operator) => (b, x) => {
    const aside = convolved(b, x, 5, { pads: [4, 0, 0, 4] });
    const own = convolved(b, x, 1, {});
    return b.op(operator, [own, aside], operator === "Concat" ? { axis: 1 } : {});
  }),
  fc.constant(gate),
  fc.constant((b: GraphBuilder, x: Value) =>
    b.transpose(b.transpose(x, [0, 2, 3, 1]), [0, 3, 1, 2]),
  ),
];

function built(steps: readonly Step[], sidePx = size) {
  const b = new GraphBuilder();
  let x: Value = b.input("x", [1, 1, sidePx, sidePx]);
  for (const step of steps) x = step(b, x);
  b.output(x);
  return { graph: b.build(), name: x.name, sides: [x.dims[2]!, x.dims[3]!] as const };
}

const stacks = fc.array(fc.oneof(...windows), { minLength: 1, maxLength: 5 });

/** What the middle place of a stack sees, gates aside, which see places of all kinds. */
function middleField(steps: readonly Step[], sidePx: number) {
  const { graph, name, sides } = built(
    steps.filter((step) => step !== gate),
    sidePx,
  );
  const [y, x] = [Math.floor(sides[0] / 2), Math.floor(sides[1] / 2)];
  return receptiveFields(graph, name)({ y, x });
}

test("a place lies in the middle of its receptive field, where no border cuts that off", () => {
  let compared = 0;
  fc.assert(
    fc.property(stacks, (steps) => {
      const { graph, name, sides } = built(steps);
      fc.pre(sides[0] > 0 && sides[1] > 0);
      const { centres, isKnown } = placesOfLayer(graph, name, rows);
      expect(isKnown).toBe(true);
      const { left, widthPx, top, heightPx } = middleField(steps, size);
      // The borders of every layer cut, not those of the picture alone; of a far larger one they are far away.
      const whole = middleField(steps, 5 * size);
      if (widthPx < whole.widthPx || heightPx < whole.heightPx) return;
      compared += 1;
      const [y, x] = [Math.floor(sides[0] / 2), Math.floor(sides[1] / 2)];
      const atX = centres?.x[x] ?? (x + 0.5) / sides[1];
      const atY = centres?.y[y] ?? (y + 0.5) / sides[0];
      expect(atX * size).toBeCloseTo(left + widthPx / 2, 6);
      expect(atY * size).toBeCloseTo(top + heightPx / 2, 6);
    }),
    { numRuns: 80 },
  );
  expect(compared).toBeGreaterThan(20);
});

test("what keeps the size at stride 1 and is padded evenly lies on the grid", () => {
  const even = fc.array(fc.constantFrom(1, 3, 5, 7), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(even, (kernels) => {
      const steps = kernels.map((sides): Step => {
        const around = (sides - 1) / 2;
        return (b, x) => convolved(b, x, sides, { pads: [around, around, around, around] });
      });
      const { graph, name } = built(steps);
      expect(placesOfLayer(graph, name, rows)).toEqual({ centres: undefined, isKnown: true });
    }),
  );
});

const enlarging: Readonly<Record<string, Step>> = {
  "ConvTranspose of stride 2": (b, x) =>
    b.op("ConvTranspose", [x, b.fill([x.dims[1]!, 2, 2, 2], 1)], {
      kernel_shape: [2, 2],
      strides: [2, 2],
    }),
  "Resize to the nearest": (b, x) =>
    b.op("Resize", [x, null, b.constant([1, 1, 2, 2], [4])], {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    }),
  "Resize between": (b, x) =>
    b.op("Resize", [x, null, b.constant([1, 1, 2, 2], [4])], { mode: "linear" }),
  DepthToSpace: (b, x) => b.op("DepthToSpace", [b.concat([x, x], 1)], { blocksize: 2 }),
};

test.each(Object.entries(enlarging))("%s puts places evenly between", (_, enlarge) => {
  // Unpadded: 48 pixels become 44 places, from pixel 2 to 45, then twice as many.
  const { graph, name } = built([(b, x) => convolved(b, x, 5, {}), enlarge]);
  const { centres } = placesOfLayer(graph, name, rows);
  const expected = Array.from({ length: 88 }, (_, i) => (2 + (i + 0.5) / 2) / size);
  for (const axis of ["x", "y"] as const) {
    expect(centres![axis].map((at) => at * size)).toHaveLength(88);
    for (const [i, at] of centres![axis].entries()) expect(at).toBeCloseTo(expected[i]!, 6);
  }
});

/** Normalisation of groups as exporters write it, between two reshapes, or step by step there. */
const folded: Readonly<Record<string, Step>> = {
  InstanceNormalization: (b, x) => {
    const flat = b.reshape(x, [1, 1, x.dims[1]! * x.dims[2]! * x.dims[3]!]);
    const normal = b.op("InstanceNormalization", [flat, b.fill([1], 1), b.fill([1], 0)]);
    return b.reshape(normal, x.dims);
  },
  "centred by hand": (b, x) => {
    const flat = b.reshape(x, [1, x.dims[1]! * x.dims[2]! * x.dims[3]!]);
    const centred = b.sub(flat, b.reduceMean(flat, [1]));
    const scaled = b.div(centred, b.reduceMean(b.mul(centred, centred), [1]));
    return b.reshape(b.op("Relu", [scaled]), x.dims);
  },
};

test.each(Object.entries(folded))("%s on places in one axis leaves them", (_, step) => {
  const unpadded: Step = (b, x) => convolved(b, x, 9, {});
  const [plain, through] = [built([unpadded]), built([unpadded, step])];
  const { centres, isKnown } = placesOfLayer(through.graph, through.name, rows);
  expect(isKnown).toBe(true);
  expect(centres).toEqual(placesOfLayer(plain.graph, plain.name, rows).centres);
});

test("a shuffle of channels before a fold loses nothing", () => {
  const unpadded: Step = (b, x) => convolved(b, x, 9, {});
  const shuffle: Step = (b, x) => {
    const [h, w] = [x.dims[2]!, x.dims[3]!];
    const parts = b.reshape(x, [1, 2, x.dims[1]! / 2, h, w]);
    return b.reshape(b.transpose(parts, [0, 2, 1, 3, 4]), x.dims);
  };
  const [plain, through] = [[unpadded], [unpadded, shuffle, ...Object.values(folded)]].map(
    (steps) => built(steps),
  );
  const wanted = placesOfLayer(plain!.graph, plain!.name, rows);
  expect(placesOfLayer(through!.graph, through!.name, rows)).toEqual(wanted);
});

test("places that are turned while they are in one axis are not known", () => {
  const { graph, name } = built([
    (b, x) => convolved(b, x, 9, {}),
    (b, x) => {
      const [h, w] = [x.dims[2]!, x.dims[3]!];
      const flat = b.reshape(x, [1, 2, h * w]);
      return b.reshape(b.transpose(flat, [0, 2, 1]), [1, 2, h, w]);
    },
  ]);
  expect(placesOfLayer(graph, name, rows)).toEqual({ centres: undefined, isKnown: false });
});

test("where a product over all places mixes them, they lie on the grid, and that is said", () => {
  const { graph, name } = built([
    (b, x) => convolved(b, x, 9, {}),
    (b, x) => {
      const [h, w] = [x.dims[2]!, x.dims[3]!];
      const flat = b.reshape(x, [1, 2, h * w]);
      return b.reshape(b.op("MatMul", [flat, b.fill([h * w, h * w], 1)]), [1, 2, h, w]);
    },
  ]);
  expect(placesOfLayer(graph, name, rows)).toEqual({ centres: undefined, isKnown: false });
});

/** An order of columns, in the ways in which graphs have it, and the columns that it reads. */
const orders: Readonly<Record<string, (b: GraphBuilder, x: Value, at: number) => Value>> = {
  "slice backwards": (b, x) =>
    b.op("Slice", [x, b.ints([-1]), b.ints([-1e9]), b.ints([3]), b.ints([-1])]),
  "gather backwards": (b, x) =>
    b.op("Gather", [x, b.ints(Array.from({ length: size }, (_, i) => size - 1 - i))], { axis: 3 }),
  "parts changed": (b, x, at) =>
    b.op("Concat", [part(b, x, at, size), part(b, x, 0, at)], { axis: 3 }),
  "as it is": (_, x) => x,
};

function part(b: GraphBuilder, x: Value, from: number, to: number): Value {
  return b.op("Slice", [x, b.ints([from]), b.ints([to]), b.ints([3])]);
}

function columnOf(order: string, index: number, at: number): number {
  if (order.endsWith("backwards")) return size - 1 - index;
  return order === "parts changed" ? (index + at) % size : index;
}

test("columns that are flipped or rolled, before or behind windows, lie where they see", () => {
  const at = fc.integer({ min: 1, max: size - 1 });
  const sides = fc.constantFrom(1, 3);
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(orders)), at, sides, (order, at, sides) => {
      const around = { pads: Array<number>(4).fill((sides - 1) / 2) };
      const middle = (index: number) => (columnOf(order, index, at) + 0.5) / size;
      for (const isBefore of [true, false]) {
        const b = new GraphBuilder();
        const x = b.input("x", [1, 1, size, size]);
        const ordered = orders[order]!;
        const seen = isBefore
          ? convolved(b, ordered(b, x, at), sides, around)
          : ordered(b, convolved(b, x, sides, around), at);
        b.output(seen);
        const { centres, isKnown } = placesOfLayer(b.build(), seen.name, rows);
        expect(isKnown).toBe(true);
        // Windows over a seam count on the side of their middle.
        for (const [i, x] of centres?.x.entries() ?? [])
          expect(Math.abs(x - middle(i)) * size).toBeLessThanOrEqual(0.5 + 1e-9);
        if (!centres) expect(order).toBe("as it is");
      }
    }),
  );
});

test("a picture beside its mirror image, or turned, has no known places", () => {
  const b = new GraphBuilder();
  const x = b.input("x", [1, 1, size, size]);
  const both = b.op("Add", [x, orders["slice backwards"]!(b, x, 0)]);
  const turned = b.op("Transpose", [x], { perm: [0, 1, 3, 2] });
  b.output(both);
  b.output(turned);
  for (const { name } of [both, turned])
    expect(placesOfLayer(b.build(), name, rows).isKnown).toBe(false);
});
