/** @file Class activation maps of the golden networks against pytorch-grad-cam, after that library's own post-processing. */
import { afterAll, describe, expect, test } from "vitest";
import { ablationCam } from "../src/attribution/cam/ablation-cam.ts";
import type { FeatureMap } from "../src/attribution/cam/cam.ts";
import { eigenCam } from "../src/attribution/cam/eigen-cam.ts";
import { gradCamPlusPlus, gradCamPlusPlusMap } from "../src/attribution/cam/grad-cam-plus-plus.ts";
import { gradCam, gradCamMap } from "../src/attribution/cam/grad-cam.ts";
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import type { Heatmap } from "../src/attribution/heatmap.ts";
import { hiresCam, hiresCamMap } from "../src/attribution/cam/hires-cam.ts";
import { layerCam, layerCamMap } from "../src/attribution/cam/layer-cam.ts";
import { scoreCam } from "../src/attribution/cam/score-cam.ts";
import { xgradCam, xgradCamMap } from "../src/attribution/cam/xgrad-cam.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import type { Graph } from "../src/graph/graph.ts";
import { elementCount, toNumbers } from "../src/graph/tensor.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { goldenManifest, goldenNames, loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";
import { postProcessed } from "./library-maps.ts";

const variant = "pytorch-grad-cam";
const options = (targets: readonly number[], layer: string) => ({
  targets,
  layer,
  variant,
  signed: true,
  // What the goldens were made with; the library's own default is 32.
  libraryBatch: 16,
});

/** Each method, and the map that it makes of activations and gradients. */
const ofGradients = {
  grad_cam: [gradCam, gradCamMap],
  grad_cam_plus_plus: [gradCamPlusPlus, (map: FeatureMap) => gradCamPlusPlusMap(map, variant)],
  hires_cam: [hiresCam, hiresCamMap],
  layer_cam: [layerCam, layerCamMap],
  x_grad_cam: [xgradCam, (map: FeatureMap) => xgradCamMap(map, variant)],
} as const;
const ofScores = { score_cam: scoreCam, ablation_cam: ablationCam, eigen_cam: eigenCam } as const;

/** Networks whose ReLU behind the layer works in place: the library sees its result instead of the layer. */
const overwritten = new Set(["vgg", "densenet"]);

/** What reads the layer: the ReLU that has overwritten it. */
function reluBehind(graph: Graph, layer: string): string {
  return graph.nodes.find(({ operator, inputs }) => operator === "Relu" && inputs[0] === layer)!
    .outputs[0]!;
}

const runtime = createNodeRuntime();
afterAll(() => runtime.release());

function golden(name: string) {
  const { cam_layer: layer, softmax_inside: keepActivation } = goldenManifest[name]!;
  const tensors = loadGoldenTensors(name);
  const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime, { keepActivation });
  const { input, target } = tensors;
  return { model, tensors, input: input!, targets: toNumbers(target!), layer: layer! };
}

/** Activations and gradients as the library had them in one picture. */
async function libraryFeatures(name: string): Promise<readonly FeatureMap[]> {
  const { model, input, targets, layer, tensors } = golden(name);
  const [, channels, ...sides] = tensors["cam_layer_activation"]!.dims as [number, number];
  const places = elementCount(sides);
  if (!overwritten.has(name)) {
    const size = channels * places;
    return targets.map((_, row) => {
      const own = (key: string) =>
        Float32Array.from(toNumbers(tensors[key]!).slice(row * size, (row + 1) * size));
      const [activations, gradients] = [own("cam_layer_activation"), own("cam_layer_gradient")];
      return { channels, places, activations, gradients };
    });
  }
  const rows = await explainRows(model, input, { targets, values: [layer] });
  return rows.map((row) => ({
    channels,
    places,
    activations: row.values[0]!.map((value) => Math.max(value, 0)),
    gradients: row.gradients[0]!,
  }));
}

function expectLibraryMaps(
  maps: readonly ArrayLike<number>[],
  name: string,
  key: string,
  signs: readonly number[] = [],
) {
  const { tensors, input } = golden(name);
  const [, , height, width] = tensors["cam_layer_activation"]!.dims as [number, number, number, 1];
  const found = maps.flatMap((map, row) => {
    const rectified = Float32Array.from(map, (value) => Math.max(value * (signs[row] ?? 1), 0));
    return Array.from(postProcessed(rectified, [height, width], input.dims[2]!));
  });
  expect(found).toBeWithinL2(toNumbers(tensors[`cam/${key}`]!), 1e-3);
}

const dataOf = (maps: readonly Heatmap[]) => maps.map((map) => map.data);
const withLayer = goldenNames.filter((name) => goldenManifest[name]!.cam_layer !== undefined);

describe.each(withLayer)("pytorch-grad-cam on %s", (name) => {
  const { model, input, targets, layer: named } = golden(name);
  const seen = overwritten.has(name) ? reluBehind(model.graph, named) : named;

  test.each(Object.keys(ofGradients) as (keyof typeof ofGradients)[])("%s", async (key) => {
    const [run, mapOf] = ofGradients[key];
    // Of decoder, alpha of Grad-CAM++ nearly divides by 0: rounding errors of the gradients grow a thousandfold.
    const isDelicate = name === "decoder" && key === "grad_cam_plus_plus";
    const maps =
      overwritten.has(name) || isDelicate
        ? (await libraryFeatures(name)).map(mapOf)
        : dataOf(await run(model, input, options(targets, named)));
    expectLibraryMaps(maps, name, key);
  });

  test.each(["score_cam", "ablation_cam"] as const)("%s", async (key) => {
    const maps = await ofScores[key](model, input, options(targets, seen));
    expectLibraryMaps(dataOf(maps), name, key);
  });

  test("eigen_cam, but for the sign that LAPACK happened to choose", async () => {
    const maps = await eigenCam(model, input, options(targets, seen));
    const expected = toNumbers(golden(name).tensors["cam/eigen_cam"]!);
    const size = expected.length / maps.length;
    const signs = maps.map((map, row) => {
      const [height, width] = map.dims as [number, number];
      const side = input.dims[2]!;
      const along = (sign: number) =>
        postProcessed(
          map.data.map((value) => Math.max(sign * value, 0)),
          [height, width],
          side,
        ).reduce((sum, value, i) => sum + Math.abs(value - expected[row * size + i]!), 0);
      return along(1) < along(-1) ? 1 : -1;
    });
    expectLibraryMaps(dataOf(maps), name, "eigen_cam", signs);
  });
});

test.each(withLayer)("the layer's own numbers of %s", async (name) => {
  const { model, tensors, input, targets, layer } = golden(name);
  const rows = await explainRows(model, input, { targets, values: [layer] });
  const found = rows.flatMap((row) => Array.from(row.values[0]!));
  expect(found).toBeWithinL2(toNumbers(tensors["cam_layer_activation"]!), 1e-4);
});

test("every stored tensor is compared", () => {
  const inputs = ["input", "target"];
  // By golden-gradients.test.ts, golden-pixel-maps.test.ts and golden-occlusion.test.ts.
  const elsewhere =
    "output input_gradient cam_layer_gradient guided_backprop deconvolution input_x_gradient integrated_gradients integrated_gradients_delta occlusion";
  const maps = [...Object.keys(ofGradients), ...Object.keys(ofScores)].map((key) => `cam/${key}`);
  const known = new Set([...inputs, ...elsewhere.split(" "), ...maps, "cam_layer_activation"]);
  for (const name of goldenNames) {
    const stored = Object.keys(loadGoldenTensors(name));
    const left = stored.filter((key) => !known.has(key) && !key.startsWith("parameter_gradient/"));
    expect(left, name).toEqual([]);
  }
});
