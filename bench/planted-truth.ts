/** @file Whether maps of the shipped networks for drawn scenes peak on what is meant, in 200 scenes that none has seen. */
import { existsSync, readFileSync } from "node:fs";
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { choosePreprocessing } from "../src/network/choose-preprocessing.ts";
import { Model } from "../src/network/model.ts";
import { createNodeRuntime } from "../src/runtime/onnxruntime-node.ts";
import {
  plantedBoxes,
  plantedPlaces,
  type AskedMethod,
  type Tally,
} from "../test/planted-truth.ts";

const scenes = 200;

/** Each network, what is asked of it, and by which methods. */
const asked = {
  "shapes-detect": {
    tallied: plantedBoxes,
    methods: [
      ["layer-cam", {}],
      ["grad-cam-plus-plus", {}],
      ["grad-cam", {}],
      ["gradient", {}],
      ["integrated-gradients", {}],
      ["occlusion", { window: 12, stride: 6 }],
      ["d-rise", { samples: 500 }],
    ],
  },
  "shapes-segment": {
    tallied: plantedPlaces,
    methods: [
      ["grad-cam", {}],
      ["hires-cam", {}],
      ["layer-cam", {}],
      ["gradient", {}],
      ["integrated-gradients", {}],
      ["occlusion", { window: 8, stride: 4 }],
    ],
  },
} as const satisfies Readonly<
  Record<string, { tallied: typeof plantedBoxes; methods: readonly AskedMethod[] }>
>;

/** `npm run bench -- planted-truth [SCENES]`. */
export async function run(): Promise<void> {
  const runtime = createNodeRuntime();
  const count = Number(process.argv[3] ?? scenes);
  for (const [name, { tallied, methods }] of Object.entries(asked)) {
    const file = new URL(`../assets/networks/${name}.onnx`, import.meta.url);
    if (!existsSync(file)) continue;
    const model = new Model(decodeOnnx(readFileSync(file)), runtime);
    // oxlint-disable no-await-in-loop -- one network after the other, one method after the other
    const { how } = await choosePreprocessing(model, undefined);
    for (const method of methods) {
      const [tally] = await tallied(model, how, { first: 0, scenes: count, methods: [method] });
      console.log(line(name, method[0], tally!));
    }
    // oxlint-enable no-await-in-loop
  }
  await runtime.release();
}

function line(
  network: string,
  method: string,
  { share, right, all, likeness, pairs, samePeaks }: Tally,
) {
  const percent = `${(100 * share).toFixed(1)} %`;
  return `${network.padEnd(16)}${method.padEnd(22)}${percent.padStart(8)} of ${all} maps peak right (${right}); two of a class: correlation ${likeness.toFixed(2)}, ${samePeaks} of ${pairs} peak at one pixel`;
}
