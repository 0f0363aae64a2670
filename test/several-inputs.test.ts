/** @file Networks of several inputs through the library: what each gets, what is held, what is assumed. */
import { describe, expect, test } from "vitest";
import { GraphBuilder } from "../src/graph/builder.ts";
import type { Graph } from "../src/graph/graph.ts";
import { elementCount, tensorOf } from "../src/graph/tensor.ts";
import { randomStream } from "../src/random.ts";
import { explained } from "./explained-graph.ts";

describe("several inputs", () => {
  /** A convolution over pictures [N, 2, 6, 6] and depths [N, 1, 6, 6], times a scale, moved by the row of a table. */
  function fused(): Graph {
    const random = randomStream("fused");
    const normals = (count: number) => Array.from({ length: count }, () => random.normal());
    const b = new GraphBuilder();
    const rgb = b.input("rgb", [1, 2, 6, 6], "float32", ["N", 2, 6, 6]);
    const depth = b.input("depth", [1, 1, 6, 6], "float32", ["N", 1, 6, 6]);
    const scale = b.input("scale", [1], "float32");
    const word = b.input("word", [1], "int64", ["N"]);
    const maps = [rgb, depth].map((x, i) => {
      const conv = b.op("Conv", [
        x,
        b.constant(normals(4 * x.dims[1]! * 9), [4, x.dims[1]!, 3, 3]),
      ]);
      return b.op("Tanh", [conv], {}, ["colours", "depths"][i]);
    });
    const joined = b.op("Concat", maps, { axis: 1 });
    const means = b.op("Mul", [b.reduceMean(joined, [2, 3], false), scale]);
    const moved = b.op("Add", [means, b.op("Gather", [b.constant(normals(24), [3, 8]), word])]);
    b.output(b.op("Gemm", [moved, b.constant(normals(16), [8, 2])], {}, "logits"));
    return { ...b.build(), shapes: new Map() };
  }

  const numbers = (dims: readonly number[], seed: string) => {
    const random = randomStream(seed);
    return tensorOf(
      "float32",
      dims,
      Array.from({ length: elementCount(dims) }, () => random.normal()),
    );
  };
  const rgb = numbers([1, 2, 6, 6], "rgb");
  const depth = numbers([1, 1, 6, 6], "depth");
  const inputs = { depth, scale: 2, word: 1 };
  const kind = { kind: "values" } as const;
  const sumOf = (data: Float32Array) => data.reduce((sum, value) => sum + value, 0);

  test("Integrated Gradients adds up over all of them together", async () => {
    const options = { method: "integrated-gradients", baseline: "zero", target: 1 } as const;
    const { maps, record } = await explained(fused(), rgb, options, { ...kind, inputs });
    const zeros = tensorOf("float32", [1, 2, 6, 6], new Float32Array(72));
    const none = { ...inputs, depth: tensorOf("float32", [1, 1, 6, 6], new Float32Array(36)) };
    const start = await explained(
      fused(),
      zeros,
      { method: "gradient", target: 1 },
      { ...kind, inputs: none },
    );
    expect(maps.map(({ part, dims }) => [part, dims])).toEqual([
      ["rgb", [2, 6, 6]],
      ["depth", [1, 6, 6]],
    ]);
    const total = maps.reduce((sum, { data }) => sum + sumOf(data), 0);
    expect(total).toBeCloseTo(maps[0]!.score - start.map.score, 2);
    expect(record.results.map(({ part }) => part)).toEqual(["rgb", "depth"]);
  });

  test("methods that hide places change one input at a time, and the others stay as they are", async () => {
    const options = {
      method: ["occlusion", "rise", "lime", "score-cam"],
      target: 1,
      samples: 64,
      check: "off",
    } as const;
    const all = { ...kind, inputs };
    const { maps } = await explained(fused(), rgb, options, all);
    expect(maps.map(({ method, part }) => `${method} ${part}`)).toEqual(
      options.method.flatMap((method) => [`${method} rgb`, `${method} depth`]),
    );
    // A network of depth alone, in which the colours are a part of the bias, hides the same.
    const [, ofDepth] = maps;
    const held = { rgb, scale: 2, word: 1 };
    const other = await explained(
      fused(),
      depth,
      { method: "occlusion", target: 1 },
      { ...kind, inputs: held },
    );
    const again = other.maps.find(({ part }) => part === "depth")!;
    expect(again.data).toEqual(ofDepth!.data);
  });

  test("a file that stands for no input is refused, as all are given", async () => {
    const all = { ...kind, inputs: { ...inputs, rgb, depth } };
    const made = explained(fused(), rgb, { method: "gradient" }, all);
    await expect(made).rejects.toThrow(/"rgb" must be given once, got it and the file/);
  });

  test("a map of a layer is of the input that the layer depends on", async () => {
    const options = { method: "grad-cam", layer: ["colours", "depths"], target: 0 } as const;
    const { maps } = await explained(fused(), rgb, options, { ...kind, inputs });
    expect(maps.map(({ part, dims }) => [part, dims])).toEqual([
      ["rgb", [4, 4]],
      ["depth", [4, 4]],
    ]);
  });

  test("what is assumed is said, and what cannot be guessed is asked for", async () => {
    const { notes } = await explained(
      fused(),
      rgb,
      { method: "gradient" },
      { ...kind, inputs: { scale: 1, word: 0 } },
    );
    expect(notes.join("\n")).toContain(
      'input "depth" [N, 1, 6, 6] is not given, and is assumed to be 0',
    );
    expect(notes.join("\n")).toContain('the file is shown to input "rgb", the first of 2');
    const refused = explained(
      fused(),
      rgb,
      { method: "gradient" },
      { ...kind, inputs: { word: 0 } },
    );
    await expect(refused).rejects.toThrow(/got float32 \[1\] for "scale"/);
    const unknown = explained(
      fused(),
      rgb,
      { method: "gradient" },
      { ...kind, inputs: { ...inputs, dept: 1 } },
    );
    await expect(unknown).rejects.toThrow(/must have an input "dept", got "rgb"/);
  });
});
