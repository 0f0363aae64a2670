/** @file Grad-CAM of the golden networks against pytorch-grad-cam, after that library's own post-processing. */
import { describe, expect, test } from "vitest";
import { gradCam } from "../src/attribution/grad-cam.ts";
import { explainRows, type ExplainedRow } from "../src/attribution/gradients.ts";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { toNumbers } from "../src/graph/tensor.ts";
import { plane } from "../src/image/picture.ts";
import { resizePlane } from "../src/image/resize.ts";
import { Model } from "../src/model/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import { goldenManifest, goldenNames, loadGoldenModel, loadGoldenTensors } from "./goldens/load.ts";

/** Its ReLU is done; then 0..1, bilinear to the input's size, and 0..1 again. */
function postProcessed(
  map: Float32Array,
  [height, width]: readonly [number, number],
  side: number,
) {
  const scaled = (values: Float32Array) => {
    const least = Math.min(...values);
    const most = Math.max(...values) - least;
    return values.map((value) => (value - least) / (1e-7 + most));
  };
  return scaled(resizePlane(plane(width, height, scaled(map)), side, side).data);
}

/** Networks whose ReLU behind the layer works in place: the library sees its result instead of the layer. */
const overwritten = new Set(["vgg", "densenet"]);

/** What the library makes of such a layer: its gradients, but rectified activations. */
function overwrittenMap(row: ExplainedRow): Float32Array {
  const [channels, height, width] = row.dims[0] as [number, number, number];
  const places = height * width;
  const map = new Float32Array(places);
  for (let c = 0; c < channels; c++) {
    const own = [c * places, (c + 1) * places] as const;
    const alpha = row.gradients[0]!.slice(...own).reduce((sum, value) => sum + value, 0) / places;
    for (const [i, value] of row.values[0]!.slice(...own).entries()) {
      map[i]! += alpha * Math.max(value, 0);
    }
  }
  return map.map((value) => Math.max(value, 0));
}

describe("Grad-CAM against pytorch-grad-cam", () => {
  const withLayer = goldenNames.filter((name) => goldenManifest[name]!.cam_layer !== undefined);
  test.each(withLayer)("%s", async (name) => {
    const { cam_layer: layer, softmax_inside: keepActivation } = goldenManifest[name]!;
    const { input, target, "cam/grad_cam": expected } = loadGoldenTensors(name);
    const runtime = createNodeRuntime();
    const model = new Model(decodeOnnx(loadGoldenModel(name)), runtime, { keepActivation });
    const targets = toNumbers(target!);
    const rows = await explainRows(model, input!, { targets, values: [layer!] });
    const maps = overwritten.has(name)
      ? rows.map(overwrittenMap)
      : (await gradCam(model, input!, { targets, layer: layer! })).map((map) => map.data);
    const [height, width] = rows[0]!.dims[0]!.slice(1) as [number, number];
    const side = input!.dims[2]!;
    const found = maps.flatMap((map) => Array.from(postProcessed(map, [height, width], side)));
    expect(found).toBeWithinL2(toNumbers(expected!), 1e-3);
    await runtime.release();
  });
});
