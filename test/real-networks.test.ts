/** @file Pretrained networks on photos of water ouzels. Needs the material that LIMPID_MIRROR points at. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { gradCam } from "../src/attribution/cam/grad-cam.ts";
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { tensor, toNumbers, type Tensor } from "../src/graph/tensor.ts";
import { preprocess, preprocessings, type Preprocessing } from "../src/image/preprocess.ts";
import { Model } from "../src/network/model.ts";
import { readPicture } from "../src/node/codecs.ts";
import { openModel } from "../src/node/open-model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";

const mirror = process.env["LIMPID_MIRROR"];
const networks = [
  {
    file: "weights/googlenet/bvlc_googlenet.onnx",
    how: preprocessings.caffe,
    layer: "inception_5b/output",
  },
  {
    file: "weights/mobilenetv2/mobilenet_v2_1.0_224.onnx",
    how: preprocessings.tf,
    layer: "conv_last_relu6",
  },
] as const;
/** The bird as shares of the seen picture: left, top, right, bottom. */
const birds = {
  "ouzel1.jpg": [0.05, 0.15, 0.82, 0.7],
  "ouzel2.jpg": [0.1, 0.1, 0.95, 0.85],
} as const;
const waterOuzel = 20;
const missing = mirror === undefined || !existsSync(join(mirror, networks[0].file));
const reason = "skipped: set LIMPID_MIRROR to a folder with the pretrained networks and photos";
if (missing) process.stdout.write(`pretrained networks are ${reason}\n`);

async function photo(name: string, how: Preprocessing): Promise<Tensor> {
  const picture = await readPicture(join(mirror!, "photos", name));
  const { data } = preprocess(picture, how, { channels: 3, heightPx: 224, widthPx: 224 });
  return tensor("float32", [1, 3, 224, 224], data);
}

describe.skipIf(missing)(`pretrained networks (${missing ? reason : "from LIMPID_MIRROR"})`, () => {
  const cases = networks.flatMap((network) =>
    Object.keys(birds).map((name) => [network.file, name, network] as const),
  );
  test.each(cases)(
    "%s sees the water ouzel of %s, and sees it on the bird",
    async (file, name, { how, layer }) => {
      const model = new Model(await openModel(join(mirror!, file)), createNodeRuntime());
      const [map] = await gradCam(model, await photo(name, how), { targets: "top" });
      expect(map!.target).toBe(waterOuzel);
      expect(map!.probability).toBeGreaterThan(0.9);
      expect(map!.layer).toBe(layer);
      const [height, width] = map!.dims as [number, number];
      const peak = map!.data.indexOf(Math.max(...map!.data));
      const [x, y] = [((peak % width) + 0.5) / width, (Math.floor(peak / width) + 0.5) / height];
      const [left, top, right, bottom] = birds[name as keyof typeof birds];
      expect(x).toBeGreaterThan(left);
      expect(x).toBeLessThan(right);
      expect(y).toBeGreaterThan(top);
      expect(y).toBeLessThan(bottom);
    },
  );

  // Behind this layer come only an average pool over 49 places and a dense layer, so the weights of
  // Grad-CAM are a row of the dense layer over 49.
  test("GoogLeNet's Grad-CAM is the class-weighted sum of its last layer", async () => {
    const { file, how, layer } = networks[0];
    const graph = await openModel(join(mirror!, file));
    const model = new Model(graph, createNodeRuntime());
    const input = await photo("ouzel1.jpg", how);
    const [map] = await gradCam(model, input, { targets: [waterOuzel], layer });
    const [row] = await explainRows(model, input, { targets: [waterOuzel], values: [layer] });
    const dense = graph.nodes.find((node) => node.operator === "Gemm")!;
    const weights = toNumbers(graph.initializers.get(dense.inputs[1]!)!);
    const sum = Array.from({ length: 49 }, (_, place) => {
      let total = 0;
      for (let c = 0; c < 1024; c++) {
        total += (weights[waterOuzel * 1024 + c]! / 49) * row!.values[0]![c * 49 + place]!;
      }
      return Math.max(total, 0);
    });
    expect(map!.data).toBeWithinL2(sum, 1e-4);
  });
});
