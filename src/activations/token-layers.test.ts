import { afterAll, describe, expect, test } from "vitest";
import { loadGoldenModel, loadGoldenTensors } from "../../test/goldens/load.ts";
import { decodeOnnx } from "../formats/onnx/decode.ts";
import { GraphBuilder } from "../graph/builder.ts";
import { Model } from "../network/model.ts";
import { createNodeRuntime } from "../runtime/onnxruntime-node.ts";
import { observedLayers } from "./observed-layers.ts";
import { mapsOf, channelsLastLayout } from "./token-layers.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

function golden(name: string) {
  return {
    model: new Model(decodeOnnx(loadGoldenModel(name)), runtime),
    input: loadGoldenTensors(name)["input"]!,
  };
}

describe.each([
  ["vit", 5, [32, 4, 4], 1],
  ["swin", 10, [16, 16, 16], 0],
] as const)("%s", (name, count, shape, extra) => {
  const { model, input } = golden(name);

  test("shows what each block adds to, as maps", async () => {
    const layers = observedLayers(await model.at(input.dims), []);
    expect(layers).toHaveLength(count);
    const sums = layers.filter(({ operator }) => operator === "Add");
    expect(sums[0]!.shape.slice(1)).toEqual(shape);
    for (const { layout } of sums) expect(layout!.extraTokens).toBe(extra);
  });

  test("puts every number at its channel and place", async () => {
    const [sum] = observedLayers(await model.at(input.dims), []).filter((l) => l.layout);
    const part = await model.part([sum!.name], input.dims);
    const values = (await runtime.run(part, { [model.input.name]: input }))[sum!.name]!;
    const maps = mapsOf(values, sum!.layout!);
    expect(maps.dims).toEqual([input.dims[0], ...shape]);
    const [channels, height, width] = shape;
    const tokens = height * width + extra;
    for (const [row, c, p] of [
      [0, 0, 0],
      [0, 3, 7],
      [1, channels - 1, height * width - 1],
    ] as const) {
      const own = values.data[(row * tokens + extra + p) * channels + c];
      expect(maps.data[(row * channels + c) * height * width + p]).toBe(own);
    }
  });
});

test("feature maps of networks without attention stay what they are", async () => {
  const { model, input } = golden("resnet");
  const graph = await model.at(input.dims);
  for (const { outputs } of graph.nodes) {
    if (graph.shapes.get(outputs[0]!)?.dims.length === 4) {
      expect(channelsLastLayout(graph, outputs[0]!)).toBeUndefined();
    }
  }
  const b = new GraphBuilder();
  const x = b.input("x", [1, 3, 8, 8]);
  const map = b.op(
    "Abs",
    [b.op("Conv", [x, b.constant(Array<number>(12).fill(1), [4, 3, 1, 1])])],
    {},
    "map",
  );
  // A mean over columns says nothing of channels.
  b.output(b.reduceMean(map, [3], false));
  expect(channelsLastLayout(b.build(), "map")).toBeUndefined();
});
