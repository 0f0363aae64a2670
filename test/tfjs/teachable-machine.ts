/** @file Projects of Teachable Machine as a browser downloads them, with small networks in place of MobileNet. */
import { saved, setWeights } from "./drawn-models.ts";
import { keras } from "./oracle.ts";
import { savedFiles, type Files } from "./saved-model.ts";

const { layers } = keras;

/** A file of JSON. */
export function jsonFile(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** What a project tells of itself. */
export const imageMetadata = {
  tfjsVersion: "1.3.1",
  tmVersion: "2.4.7",
  packageVersion: "0.8.5",
  packageName: "@teachablemachine/image",
  timeStamp: "2026-01-01T00:00:00.000Z",
  userMetadata: {},
  modelName: "tm-my-image-model",
  labels: ["cup", "plant", "nobody "],
  imageSize: 16,
};

const audioMetadata = {
  tfjsSpeechCommandsVersion: "0.4.0",
  modelName: "TMv2",
  timeStamp: "2026-01-01T00:00:00.000Z",
  wordLabels: ["Background Noise", "clap"],
};

/** A model's files as the project's page saves them, and its metadata. */
async function filesOf(model: keras.LayersModel, metadata: unknown): Promise<Files> {
  setWeights(model);
  const { topology, weights } = await saved(model);
  model.dispose();
  const files = new Map(savedFiles(topology, weights));
  return files.set("metadata.json", jsonFile(metadata));
}

/** A network that is not trained behind which two layers are: a Sequential of Sequentials, the trained weights first. */
export function imageProject(channels: 1 | 3, metadata: unknown = imageMetadata): Promise<Files> {
  const input = keras.input({ shape: [16, 16, channels], name: "input_1" });
  const stack = [
    layers.zeroPadding2d({
      padding: [
        [0, 1],
        [0, 1],
      ],
      name: "Conv1_pad",
    }),
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, useBias: false, name: "Conv1" }),
    layers.batchNormalization({ name: "bn_Conv1" }),
    layers.reLU({ maxValue: 6, name: "Conv1_relu" }),
    layers.depthwiseConv2d({
      kernelSize: 3,
      padding: "same",
      useBias: false,
      name: "block_1_depthwise",
    }),
    layers.reLU({ maxValue: 6, name: "out_relu" }),
  ];
  const end = stack.reduce((x, layer) => layer.apply(x) as keras.SymbolicTensor, input);
  const body = keras.model({ inputs: input, outputs: end, name: "mobilenetv2_0.35_224" });
  body.trainable = false;
  const features = keras.sequential({ layers: [body, layers.globalAveragePooling2d({})] });
  features.trainable = false;
  const head = keras.sequential({
    layers: [
      layers.dense({ inputShape: [4], units: 8, activation: "relu" }),
      layers.dense({ units: 3, activation: "softmax", useBias: false }),
    ],
  });
  return filesOf(keras.sequential({ layers: [features, head] }), metadata);
}

/** A network that hears: a spectrogram [moments, frequencies, 1] goes in. */
export function audioProject(): Promise<Files> {
  const head = keras.sequential({
    layers: [layers.dense({ inputShape: [8], units: 2, activation: "softmax" })],
  });
  const body = [
    layers.conv2d({ inputShape: [43, 232, 1], filters: 2, kernelSize: [2, 8], activation: "relu" }),
    layers.maxPooling2d({ poolSize: 2, strides: [2, 2] }),
    layers.conv2d({ filters: 2, kernelSize: [2, 4], activation: "relu" }),
    layers.maxPooling2d({ poolSize: 4 }),
    layers.flatten(),
    layers.dropout({ rate: 0.25 }),
    layers.dense({ units: 8, activation: "relu" }),
  ];
  for (const layer of body) layer.trainable = false;
  return filesOf(keras.sequential({ layers: [...body, head] }), audioMetadata);
}

/** What is trained of a project of poses: a few numbers go in. */
export function poseProject(): Promise<Files> {
  const model = keras.sequential({
    layers: [layers.dense({ inputShape: [20], units: 2, activation: "softmax" })],
  });
  const metadata = { packageName: "@teachablemachine/pose", labels: ["left", "right"] };
  return filesOf(model, metadata);
}
