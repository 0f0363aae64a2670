/** @file VGG16 and VGG19 (Simonyan and Zisserman 2015, table 1, D and E) as keras.applications has them. */
import { layer, type Architecture } from "./architecture.ts";

const filters = [64, 128, 256, 512, 512] as const;
const convolution = { kernel_size: 3, padding: "same", activation: "relu" } as const;

/** The network with so many convolutions in each block. */
function vgg(name: string, counts: readonly number[]): Architecture {
  const blocks = counts.map((count, i) =>
    Array.from({ length: count }, (_, j) => `block${i + 1}_conv${j + 1}`),
  );
  return {
    name,
    layers: blocks.flat(),
    tops: [["fc1", "fc2", "predictions"]],
    config: (classes) => layer("Sequential", { name, layers: layersOf(blocks, classes) }),
  };
}

function layersOf(blocks: readonly (readonly string[])[], classes: number): readonly unknown[] {
  const side = classes > 0 ? 224 : null;
  const dense = (name: string, units: number, activation: string) =>
    layer("Dense", { name, units, activation });
  const top = [
    layer("Flatten", { name: "flatten" }),
    dense("fc1", 4096, "relu"),
    dense("fc2", 4096, "relu"),
    dense("predictions", classes, "softmax"),
  ];
  return [
    layer("InputLayer", { name: "input_1", batch_input_shape: [null, side, side, 3] }),
    ...blocks.flatMap((names, i) => [
      ...names.map((name) => layer("Conv2D", { name, filters: filters[i], ...convolution })),
      layer("MaxPooling2D", { name: `block${i + 1}_pool`, pool_size: 2, strides: 2 }),
    ]),
    ...(classes > 0 ? top : []),
  ];
}

export const vggs: readonly Architecture[] = [
  vgg("vgg19", [2, 2, 4, 4, 4]),
  vgg("vgg16", [2, 2, 3, 3, 3]),
];
