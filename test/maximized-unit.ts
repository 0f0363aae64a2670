/** @file A unit of a golden network maximised from its bytes, for every runtime alike. */
import { decodeOnnx } from "../src/formats/onnx/decode.ts";
import { preprocessings } from "../src/image/preprocess.ts";
import { Model } from "../src/network/model.ts";
import { maximize } from "../src/optvis/maximize.ts";
import { visualized } from "../src/optvis/visualized-network.ts";
import { channel } from "../src/optvis/objectives.ts";
import { presets } from "../src/optvis/presets.ts";
import type { Runtime } from "../src/runtime/runtime.ts";

/** Activations of two channels at the start and after some steps, and pictures that were seen on the way. */
export interface MaximizedUnits {
  readonly start: readonly number[];
  readonly activation: readonly number[];
  readonly picturesSeen: number;
}

/** Maximises channels 0 and 1 of the golden `vgg`'s last ReLU with the natural preset. */
export async function maximizeGolden(runtime: Runtime, model: Uint8Array): Promise<MaximizedUnits> {
  const network = new Model(decodeOnnx(model), runtime);
  const [, , heightPx, widthPx] = network.inputDims();
  const layer = "/features/features.8/Relu_output_0";
  let picturesSeen = 0;
  const units = await maximize(
    visualized(network, preprocessings.torchvision),
    [channel(layer, 0), channel(layer, 1)],
    {
      preset: presets.natural,
      size: { channels: 3, heightPx, widthPx },
      steps: 24,
      withPictures: (step) => step % 8 === 0,
      onStep: ({ pictures }) => {
        if (pictures) picturesSeen += 1;
      },
    },
  );
  return {
    start: units.map((unit) => unit.start),
    activation: units.map((unit) => unit.activation),
    picturesSeen,
  };
}
