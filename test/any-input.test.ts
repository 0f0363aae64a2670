/** @file Networks of any inputs through the library: signals, volumes, rows of numbers, several inputs, other types. */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Explained, ExplainOptions } from "../src/app/library/explain.ts";
import type { OpenOptions } from "../src/app/library/options.ts";
import { encodeOnnx } from "../src/formats/onnx/encode.ts";
import { GraphBuilder, type Value } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { elementCount, tensorOf, type Tensor } from "../src/graph/tensor.ts";
import { open } from "../src/node.ts";
import { randomStream } from "../src/random.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "limpid-any-input-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

async function explained(
  graph: Graph,
  input: Tensor | string,
  options: ExplainOptions,
  opening: OpenOptions = {},
): Promise<Explained> {
  const path = join(folder, `${files++}.onnx`);
  writeFileSync(path, encodeOnnx(graph).bytes);
  const net = await open(path, { preprocess: "none", kind: "value", ...opening });
  try {
    return await net.explain(input, options);
  } finally {
    await net.close();
  }
}

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
      { numRuns: 120 },
    );
  });
});
