/** @file Tokens of vision transformers folded back to a grid, on the golden ViT and Swin. */
import { afterAll, describe, expect, test } from "vitest";
import { loadGoldenModel, loadGoldenTensors } from "../../../test/goldens/load.ts";
import { decodeOnnx } from "../../formats/onnx/decode.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import { Model } from "../../network/model.ts";
import { createNodeRuntime } from "../../runtime/onnxruntime-node.ts";
import { camLayer } from "./cam-layer.ts";
import { gradCam } from "./grad-cam.ts";
import { explainRows } from "../gradient/explained-rows.ts";
import { mapLayout, planesOf } from "../../network/map-layout.ts";

const runtime = createNodeRuntime();
afterAll(() => runtime.release());
const targets = [3, 8];

function golden(name: string) {
  const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime);
  return { model, input: loadGoldenTensors(name)["input"]! };
}

describe("ViT", () => {
  const { model, input } = golden("vit");

  test("the default layer is what the last attention reads, without the class token", async () => {
    const layer = camLayer(await model.at([2, 3, 64, 64]), model, undefined);
    expect(layer.name).toMatch(/encoder_layer_1\/ln_1/);
    expect(layer.layout).toMatchObject({ channels: 32, height: 4, width: 4, extraTokens: 1 });
    expect(layer.reason).toMatch(/grid of 4 x 4 .* 1 without a place left out/);
  });

  test("Grad-CAM is the weighted sum over the patch tokens", async () => {
    const maps = await gradCam(model, input, { targets, signed: true });
    const rows = await explainRows(model, input, { targets, values: [maps[0]!.layer] });
    for (const [n, row] of rows.entries()) {
      const expected = Array<number>(16).fill(0);
      for (let c = 0; c < 32; c++) {
        let weight = 0;
        for (let t = 1; t < 17; t++) weight += row.gradients[0]![t * 32 + c]! / 16;
        for (let t = 1; t < 17; t++) expected[t - 1]! += weight * row.values[0]![t * 32 + c]!;
      }
      expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(0);
      expect(maps[n]!.data).toBeWithinL2(expected, 1e-5);
      expect(maps[n]!.dims).toEqual([4, 4]);
    }
  });

  test("behind the last attention no gradient reaches the patches, and the map says that it is blank", async () => {
    const options = { targets, layer: "/encoder/ln/LayerNormalization_output_0" };
    const maps = await gradCam(model, input, options);
    expect(maps.map((map) => map.warnings[0]?.cause)).toEqual(["all-zero", "all-zero"]);
  });

  test("tokens with the batch behind them are refused", async () => {
    const layer = "/encoder/layers/encoder_layer_1/self_attention/MatMul_output_0";
    await expect(gradCam(model, input, { targets, layer })).rejects.toThrow(
      /must be a feature map .*or tokens \[N, T, C\].*got shape \[17, 2, 96\]/,
    );
  });
});

describe("Swin", () => {
  const { model, input } = golden("swin");

  test("maps with channels last are the same as after their transposition", async () => {
    const first = await gradCam(model, input, { targets, signed: true });
    const layer = "/norm/LayerNormalization_output_0";
    const last = await gradCam(model, input, { targets, layer, signed: true });
    expect(first[0]!.layer).toBe("/permute/Transpose_output_0");
    expect(first[0]!.data.some((value) => value !== 0)).toBe(true);
    expect(last.map((map) => map.data)).toEqual(first.map((map) => map.data));
  });

  test("also where channels and sides are equally many", async () => {
    const traced = await model.at([2, 3, 64, 64]);
    const conv = mapLayout(traced, "/features/features.0/features.0.0/Conv_output_0");
    expect(conv).toMatchObject({ channels: 16, channelStride: 256, placeStride: 1 });
    const sum = mapLayout(traced, "/features/features.1/features.1.0/Add_output_0");
    expect(sum).toMatchObject({ channels: 16, channelStride: 1, placeStride: 16 });
  });
});

test("where places are mixed on the way, a layer normalisation that is written out tells the axis of the channels", () => {
  const b = new GraphBuilder();
  const x = b.reshape(b.input("x", [1, 24]), [1, 2, 3, 4]);
  const mean = b.op("ReduceMean", [x, b.ints([-1])], { keepdims: 1 });
  b.output(b.op("Sub", [x, mean], {}, "centred"));
  expect(mapLayout(b.build(), "centred")).toMatchObject({ channels: 4, height: 2, width: 3 });
});

test("planes of tokens: [1 + 2, channels] becomes [channels, 2]", () => {
  const layout = {
    channels: 3,
    height: 1,
    width: 2,
    sides: [3, 2],
    offset: 3,
    channelStride: 1,
    placeStride: 3,
    grid: { name: "patches", axes: [2, 3] as const },
    extraTokens: 1,
  };
  const tokens = Float32Array.of(9, 9, 9, 1, 2, 3, 4, 5, 6);
  expect(Array.from(planesOf(tokens, layout))).toEqual([1, 4, 2, 5, 3, 6]);
});
