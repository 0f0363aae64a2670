/** @file Maps of signals, volumes, rows of numbers and several inputs, in the inputs' own axes. */
import { expect, test } from "vitest";
import { GraphBuilder, type Value } from "../graph/builder.ts";
import type { Graph } from "../graph/graph.ts";
import { tensorOf } from "../graph/tensor.ts";
import { Model } from "../network/model.ts";
import { randomStream } from "../random.ts";
import { gradCam } from "./cam/grad-cam.ts";
import { createReferenceRuntime } from "../../test/reference/reference-runtime.ts";
import { inputXGradient } from "./gradient/input-x-gradient.ts";
import { partMaps } from "./part-maps.ts";
import type { Heatmap } from "./heatmap.ts";

const runtime = createReferenceRuntime();
const random = randomStream("part-maps");
const normals = (count: number) => Array.from({ length: count }, () => random.normal());

function ended(b: GraphBuilder, features: Value): Graph {
  const flat = b.op("Flatten", [features]);
  const units = flat.dims[1]!;
  b.output(b.op("Gemm", [flat, b.constant(normals(units * 3), [units, 3])], {}, "logits"));
  return { ...b.build(), shapes: new Map() };
}

async function mapsOf(model: Model, maps: readonly Heatmap[], dims: readonly number[]) {
  return partMaps(model, maps, dims, await model.at(dims));
}

test("signals: [N, C, T] is a picture of one row, and maps are [C, T] and [T']", async () => {
  const b = new GraphBuilder();
  const x = b.input("ecg", [1, 2, 12]);
  const conv = b.op("Conv", [x, b.constant(normals(24), [4, 2, 3])], { strides: [2] }, "conv");
  const model = new Model(ended(b, b.op("Relu", [conv], {}, "features")), runtime);
  expect(model.parts).toMatchObject([
    { name: "ecg", kind: "signal", channels: 2, sides: [12], axes: ["N", "C", "T"] },
  ]);
  expect(model.input.dims).toEqual([1, 2, 1, 12]);
  const input = tensorOf("float32", [1, 2, 1, 12], normals(24));
  const options = { targets: [1] } as const;
  const [[pixels]] = (await mapsOf(
    model,
    await inputXGradient(model, input, options),
    input.dims,
  )) as [[Heatmap]];
  expect([pixels.dims, pixels.part]).toEqual([[2, 12], "ecg"]);
  const [[cam]] = (await mapsOf(model, await gradCam(model, input, options), input.dims)) as [
    [Heatmap],
  ];
  expect([cam.dims, cam.part, cam.layer]).toEqual([[5], "ecg", "features"]);
  expect(cam.centres?.x).toEqual([0, 1, 2, 3, 4].map((i) => (2 * i + 1.5) / 12));
});

test("volumes: [N, D, H, W, C] is its slices below each other, and maps are [C, D, H, W] and [D', H', W']", async () => {
  const b = new GraphBuilder();
  const x = b.input("scan", [1, 4, 5, 6, 2]);
  const first = b.op("Transpose", [x], { perm: [0, 4, 1, 2, 3] });
  const conv = b.op(
    "Conv",
    [first, b.constant(normals(3 * 2 * 8), [3, 2, 2, 2, 2])],
    { strides: [2, 1, 2] },
    "conv",
  );
  const model = new Model(ended(b, b.op("Relu", [conv], {}, "features")), runtime);
  expect(model.parts).toMatchObject([{ kind: "volume", channels: 2, sides: [4, 5, 6] }]);
  expect(model.input.dims).toEqual([1, 2, 20, 6]);
  const input = tensorOf("float32", [1, 2, 20, 6], normals(240));
  const options = { targets: [1] } as const;
  const [[pixels]] = (await mapsOf(
    model,
    await inputXGradient(model, input, options),
    input.dims,
  )) as [[Heatmap]];
  expect(pixels.dims).toEqual([2, 4, 5, 6]);
  const [[cam]] = (await mapsOf(model, await gradCam(model, input, options), input.dims)) as [
    [Heatmap],
  ];
  expect([cam.dims, cam.layer]).toEqual([[2, 4, 3], "features"]);
  expect(cam.centres).toEqual({
    z: [1, 3].map((at) => at / 4),
    y: [1, 2, 3, 4].map((at) => at / 5),
    x: [1, 3, 5].map((at) => at / 6),
  });
});

test("several inputs lie in channels of their own, and each gets its map", async () => {
  const b = new GraphBuilder();
  const rgb = b.input("rgb", [1, 3, 4, 5]);
  const depth = b.input("depth", [1, 2, 4]);
  const age = b.input("age", [1, 2]);
  const flat = [rgb, depth, age].map((x) => b.op("Flatten", [x]));
  const all = b.op("Concat", flat, { axis: 1 });
  const weights = normals(70);
  b.output(b.op("Gemm", [all, b.constant(weights, [70, 1])], {}, "logits"));
  const model = new Model({ ...b.build(), shapes: new Map() }, runtime, { kind: "value" });
  expect(model.parts.map(({ kind }) => kind)).toEqual(["picture", "picture", "numbers"]);
  expect(model.input).toMatchObject({ name: "rgb+depth+age", dims: [1, 5, 4, 5] });
  const input = tensorOf("float32", [1, 5, 4, 5], normals(100));
  const maps = await mapsOf(
    model,
    await inputXGradient(model, input, { targets: [0] }),
    input.dims,
  );
  expect(maps.map(([map]) => [map!.part, map!.dims])).toEqual([
    ["rgb", [3, 4, 5]],
    ["depth", [1, 2, 4]],
    ["age", [2]],
  ]);
  const sum = maps.reduce((total, [map]) => total + map!.data.reduce((s, v) => s + v, 0), 0);
  expect(sum).toBeCloseTo(maps[0]![0]!.score, 4);
});
