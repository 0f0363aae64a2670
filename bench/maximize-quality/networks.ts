/** @file The networks that the pictures are measured on, and the layers whose channels are drawn. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { preprocess, preprocessings, type Preprocessing } from "../../src/image/preprocess.ts";
import { Model } from "../../src/network/model.ts";
import { readPicture } from "../../src/node/codecs.ts";
import { listPictures } from "./photos.ts";
import { openModel } from "../../src/node/open-model.ts";
import type { VisualizedNetwork } from "../../src/optvis/maximize.ts";
import { visualized } from "../../src/optvis/visualized-network.ts";
import type { PictureSize } from "../../src/optvis/parameterizations.ts";
import type { Runtime } from "../../src/runtime/runtime.ts";

interface NetworkFile {
  readonly file: string;
  readonly how: Preprocessing;
  readonly layers: readonly string[];
}

/** THE table of networks: files below LIMPID_MIRROR, early layers first. */
export const networkTable = {
  googlenet: {
    file: "weights/googlenet/bvlc_googlenet.onnx",
    how: preprocessings.caffe,
    layers: [
      "conv2/3x3",
      "inception_3b/output",
      "inception_4a/output",
      "inception_4d/output",
      "inception_5b/output",
    ],
  },
  mobilenetv2: {
    file: "weights/mobilenetv2/mobilenet_v2_1.0_224.onnx",
    how: preprocessings.tf,
    layers: [
      "block3_expand_relu6",
      "block7_expand_relu6",
      "block13_expand_relu6",
      "conv_last_relu6",
    ],
  },
  squeezenet: {
    file: "weights/squeezenet1.1-gluon/squeezenet1.1.onnx",
    how: preprocessings.torchvision,
    layers: ["fire3_concat", "fire5_concat", "fire7_concat", "fire9_concat"],
  },
} as const satisfies Readonly<Record<string, NetworkFile>>;

export type NetworkName = keyof typeof networkTable;

/** Side of all pictures. */
export const sidePx = 224;
export const pictureSize: PictureSize = { channels: 3, heightPx: sidePx, widthPx: sidePx };

/** A network with what its pictures are compared with. */
export interface StudiedNetwork {
  readonly name: NetworkName;
  readonly layers: readonly string[];
  readonly model: Model;
  readonly network: VisualizedNetwork;
  readonly how: Preprocessing;
}

export function mirrorFolder(): string {
  const mirror = process.env["LIMPID_MIRROR"];
  if (mirror !== undefined && existsSync(join(mirror, networkTable.googlenet.file))) return mirror;
  throw new Error(
    "maximize-quality: LIMPID_MIRROR must be a folder with weights/, photos/ and imagenet-sample/.",
  );
}

export async function openNetwork(name: NetworkName, runtime: Runtime): Promise<StudiedNetwork> {
  const { file, how, layers } = networkTable[name];
  const model = new Model(await openModel(join(mirrorFolder(), file)), runtime);
  return { name, layers, model, how, network: visualized(model, how) };
}

/** All photos as the network's input, [3, sidePx, sidePx] each. */
export async function readPhotos(how: Preprocessing): Promise<Float32Array[]> {
  const inputs: Float32Array[] = [];
  for (const path of await listPictures(mirrorFolder(), ["photos", "imagenet-sample"])) {
    inputs.push(preprocess(await readPicture(path), how, pictureSize).data);
  }
  return inputs;
}
