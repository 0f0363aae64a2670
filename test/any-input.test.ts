/** @file Networks of any inputs through the library: signals, volumes, rows of numbers, other types. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import { elementCount, tensorOf } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import { explained } from "./explained-graph.ts";

/** A kind of input: its shape in the file, the sides of its maps, and an operator that tells what its axes are. */
interface InputKind {
  readonly dims: readonly number[];
  /** Of pixel maps. */
  readonly mapDims: readonly number[];
  /** Whether its channels lie behind its sides. */
  readonly last?: boolean;
  /** Reads the input as the kind that it is, and changes nothing. */
  read?(b: GraphBuilder, x: Value): Value;
}

/** A convolution of one place that keeps every channel. */
function kept(b: GraphBuilder, x: Value): Value {
  const [, channels] = x.dims as [number, number];
  const identity = Array.from({ length: channels ** 2 }, (_, i) =>
    i % (channels + 1) === 0 ? 1 : 0,
  );
  const kernel = [channels, channels, ...x.dims.slice(2).map(() => 1)];
  return b.op("Conv", [x, b.constant(identity, kernel)]);
}

const size = fc.integer({ min: 2, max: 5 });
const channel = fc.integer({ min: 1, max: 3 });

const kinds = fc.oneof(
  fc.tuple(channel, size, size).map(([c, h, w]): InputKind => {
    return { dims: [1, c, h, w], mapDims: [c, h, w], read: kept };
  }),
  fc.tuple(channel, size, size).map(([c, h, w]): InputKind => {
    return {
      dims: [1, h, w, c],
      mapDims: [c, h, w],
      last: true,
      read: (b, x) => b.transpose(kept(b, b.transpose(x, [0, 3, 1, 2])), [0, 2, 3, 1]),
    };
  }),
  fc.tuple(channel, size).map(([c, t]): InputKind => {
    return { dims: [1, c, t], mapDims: [c, t], read: kept };
  }),
  fc.tuple(channel, size).map(([c, t]): InputKind => {
    return {
      dims: [1, t, c],
      mapDims: [c, t],
      last: true,
      read: (b, x) => b.transpose(kept(b, b.transpose(x, [0, 2, 1])), [0, 2, 1]),
    };
  }),
  size.map((t): InputKind => {
    return {
      dims: [1, t],
      mapDims: [1, t],
      read: (b, x) => b.reshape(kept(b, b.op("Unsqueeze", [x, b.ints([1])])), [1, t]),
    };
  }),
  fc.tuple(channel, size, size, size).map(([c, d, h, w]): InputKind => {
    return { dims: [1, c, d, h, w], mapDims: [c, d, h, w], read: kept };
  }),
  fc.tuple(channel, size, size, size).map(([c, d, h, w]): InputKind => {
    return {
      dims: [1, d, h, w, c],
      mapDims: [c, d, h, w],
      last: true,
      read: (b, x) => b.transpose(kept(b, b.transpose(x, [0, 4, 1, 2, 3])), [0, 2, 3, 4, 1]),
    };
  }),
  fc.integer({ min: 2, max: 9 }).map((k): InputKind => ({ dims: [1, k], mapDims: [k] })),
);

const types = fc.constantFrom("float32", "float64", "float16", "uint8", "int16");

/** A network that is a weighted sum of all numbers of its inputs, the weights, and values for the inputs. */
function linear(inputs: readonly InputKind[], asked: readonly string[], seed: number) {
  const random = randomStream("any-input", seed);
  const b = new GraphBuilder();
  const terms = inputs.map((kind, i) => {
    const type = asked[i]! as "float32";
    const x = b.input(`x${i}`, kind.dims, type);
    const floats = type === "float32" ? x : b.cast(x, "float32");
    const read = kind.read ? kind.read(b, floats) : floats;
    const weights = Array.from({ length: elementCount(kind.dims) }, () => random.below(9) - 4);
    const flat = b.reshape(read, [1, weights.length]);
    const product = b.op("MatMul", [flat, b.constant(weights, [weights.length, 1])]);
    const isWhole = !type.startsWith("float");
    const numbers = weights.map(() => (isWhole ? random.below(100) : random.below(64) / 8 - 4));
    return { weights, product, numbers };
  });
  b.output(
    b.op(
      "Sum",
      terms.map(({ product }) => product),
      {},
      "score",
    ),
  );
  return { graph: { ...b.build(), shapes: new Map() }, terms };
}

/** What each number gives to the sum, in the order of the map. */
function truth(kind: InputKind, weights: readonly number[], numbers: readonly number[]): number[] {
  const given = weights.map((weight, i) => weight * numbers[i]!);
  if (!kind.last) return given;
  const channels = kind.mapDims[0]!;
  const places = given.length / channels;
  return given.map((_, i) => given[(i % places) * channels + Math.floor(i / places)]!);
}

describe("input x gradient of a sum is what each number gives to it, in the input's own axes", () => {
  test("one or several inputs of any kinds and types", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(kinds, types), { minLength: 1, maxLength: 3 }),
        fc.nat(),
        async (drawn, seed) => {
          const inputs = drawn.map(([kind]) => kind);
          const { graph, terms } = linear(
            inputs,
            drawn.map(([, type]) => type),
            seed,
          );
          const values = terms.map(({ numbers }, i) =>
            tensorOf("float32", inputs[i]!.dims, numbers),
          );
          const named = Object.fromEntries(values.map((value, i) => [`x${i}`, value]));
          const first =
            inputs.findIndex(({ read }) => read) < 0 ? 0 : inputs.findIndex(({ read }) => read);
          const { [`x${first}`]: shown, ...others } = named;
          const options = { method: "input-x-gradient", check: "off" } as const;
          const { maps, record } = await explained(graph, shown!, options, { inputs: others });
          expect(maps.map(({ part }) => part)).toEqual(Object.keys(named));
          for (const [i, map] of maps.entries()) {
            expect(map.dims).toEqual(inputs[i]!.mapDims);
            const wanted = truth(inputs[i]!, terms[i]!.weights, terms[i]!.numbers);
            expect(Array.from(map.data, (value) => value + 0)).toEqual(
              wanted.map((value) => value + 0),
            );
          }
          expect(record.results).toHaveLength(inputs.length);
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe("rows of numbers", () => {
  const kind = { kind: "values" } as const;
  const row = () => {
    const b = new GraphBuilder();
    const x = b.input("row", [1, 12]);
    const weights = Array.from({ length: 24 }, (_, i) => (i % 5) - 2);
    b.output(b.op("Gemm", [x, b.constant(weights, [12, 2])], {}, "scores"));
    return { ...b.build(), shapes: new Map() };
  };
  const input = tensorOf(
    "float32",
    [1, 12],
    Array.from({ length: 12 }, (_, i) => i),
  );

  test("are explained as such, which is said, or as the picture that their shape makes of them", async () => {
    const options = { method: ["gradient", "occlusion"], check: "off" } as const;
    const flat = await explained(row(), input, options, kind);
    expect(flat.maps.map(({ dims }) => dims)).toEqual([[12], [12]]);
    const shaped = await explained(row(), input, options, { ...kind, shape: "3x4" });
    expect(shaped.maps.map(({ dims }) => dims)).toEqual([
      [1, 3, 4],
      [3, 4],
    ]);
    expect(shaped.map.data).toEqual(flat.map.data);
    const wrong = explained(row(), input, options, { ...kind, shape: "5x5" });
    await expect(wrong).rejects.toThrow(
      /"shape": an input must have as many numbers as 5x5, got "row" \[1, 12\]/,
    );
    const pieces = explained(row(), input, { method: "lime" }, kind);
    await expect(pieces).rejects.toThrow(/lime: inputs must be picture, several, got flat/);
  });
});

test("arrays without a batch fit, and others are refused by their shape", async () => {
  const b = new GraphBuilder();
  const x = b.input("scan", [1, 2, 3, 4, 5]);
  const conv = b.op("Conv", [x, b.constant(Array(16).fill(1), [1, 2, 2, 2, 2])]);
  b.output(b.op("Flatten", [conv], {}, "scores"));
  const graph = { ...b.build(), shapes: new Map() };
  const data = Array.from({ length: 120 }, (_, i) => i);
  const options = { method: "input-x-gradient", check: "off" } as const;
  const whole = await explained(graph, tensorOf("float32", [1, 2, 3, 4, 5], data), options, {
    kind: "values",
  });
  const bare = await explained(graph, tensorOf("float32", [2, 3, 4, 5], data), options, {
    kind: "values",
  });
  expect(bare.map.data).toEqual(whole.map.data);
  expect(bare.map.dims).toEqual([2, 3, 4, 5]);
  expect(bare.notes).toContain("the tensor is read as [C, D, H, W]");
  const odd = tensorOf("float32", [2, 60], data);
  const wrong = explained(graph, odd, options, { kind: "values" });
  await expect(wrong).rejects.toThrow(
    /"scan" must be float32 of shape \[1, 2, 3, 4, 5\].*got \[2, 60\]/,
  );
});
