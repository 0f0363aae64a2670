/** @file Networks of keras.applications that are known by the layers in files that hold weights alone. */
import type { LayerWeights, WeightStore } from "./weight-store.ts";

/** Convolutions and filters of each block of VGG16 and VGG19 (Simonyan and Zisserman 2015, table 1, D and E). */
const networks = [
  { name: "vgg19", counts: [2, 2, 4, 4, 4] },
  { name: "vgg16", counts: [2, 2, 3, 3, 3] },
] as const;
const filters = [64, 128, 256, 512, 512] as const;

const layer = (className: string, config: Readonly<Record<string, unknown>>) => ({
  class_name: className,
  config,
});

/** The `{class_name, config}` of the network whose layers those are, all of them and no others; undefined for others. */
export async function knownArchitecture(
  names: readonly string[],
  store: WeightStore,
): Promise<unknown> {
  const own = new Set(names.filter((name) => /^(block\d+_conv\d+|fc\d+|predictions)$/.test(name)));
  const others = names.filter((name) => !own.has(name) && !isPlain(name));
  const hasTop = own.has("predictions");
  const found = networks.find(({ counts }) => {
    const wanted = [
      ...convolutionNames(counts).flat(),
      ...(hasTop ? ["fc1", "fc2", "predictions"] : []),
    ];
    return (
      others.length === 0 && wanted.length === own.size && wanted.every((name) => own.has(name))
    );
  });
  if (!found) return undefined;
  const classes = hasTop ? await unitsOf(store, "predictions") : 0;
  return layer("Sequential", { name: found.name, layers: layersOf(found.counts, classes) });
}

/** Layers without weights that such files may list as well, and what Keras keeps beside layers. */
function isPlain(name: string): boolean {
  return /^(input|block\d+_pool|flatten|dropout|global_|top_level_model_weights$)/.test(name);
}

function convolutionNames(counts: readonly number[]): readonly (readonly string[])[] {
  return counts.map((count, i) =>
    Array.from({ length: count }, (_, j) => `block${i + 1}_conv${j + 1}`),
  );
}

async function unitsOf(store: WeightStore, name: string): Promise<number> {
  const layers = [{ name, className: "Dense", isLayer: true }];
  const weights: LayerWeights = await store.model({ isSequential: true, layers }).layer(name);
  const [kernel] = await weights.variables();
  return kernel?.dims.at(-1) ?? 0;
}

function layersOf(counts: readonly number[], classes: number): readonly unknown[] {
  const side = classes > 0 ? 224 : null;
  const blocks = convolutionNames(counts).flatMap((names, i) => [
    ...names.map((name) => layer("Conv2D", { name, filters: filters[i], ...convolution })),
    layer("MaxPooling2D", { name: `block${i + 1}_pool`, pool_size: 2, strides: 2 }),
  ]);
  const dense = (name: string, units: number, activation: string) =>
    layer("Dense", { name, units, activation });
  const top = [
    layer("Flatten", { name: "flatten" }),
    dense("fc1", 4096, "relu"),
    dense("fc2", 4096, "relu"),
    dense("predictions", classes, "softmax"),
  ];
  const input = layer("InputLayer", { name: "input_1", batch_input_shape: [null, side, side, 3] });
  return [input, ...blocks, ...(classes > 0 ? top : [])];
}

const convolution = { kernel_size: 3, padding: "same", activation: "relu" } as const;
