/** @file Conversions from Keras 3, which TensorFlow.js itself cannot load, open with both of their ways to name weights. */
import { expect, test } from "vitest";
import { savedFiles, sourceOf, type SavedWeight } from "../../../test/tfjs/saved-model.ts";
import { openTfjs } from "./open.ts";

const layer = (className: string, name: string, config: object = {}) => ({
  class_name: className,
  config: {
    name,
    trainable: true,
    dtype: { class_name: "DTypePolicy", config: { name: "float32" } },
    ...config,
  },
});

const conv = (name: string, filters: number) =>
  layer("Conv2D", name, {
    filters,
    kernel_size: [2, 2],
    strides: [1, 1],
    padding: "valid",
    activation: "relu",
  });

/** As the converter leaves it: without modules and registered names. */
const topology = {
  keras_version: "3.8.0",
  model_config: {
    class_name: "Sequential",
    config: {
      name: "sequential",
      layers: [
        layer("InputLayer", "pictures", { batch_shape: [null, 5, 5, 1], sparse: false }),
        conv("stem", 2),
        conv("second", 3),
        layer("BatchNormalization", "norm", {
          axis: -1,
          epsilon: 0.001,
          center: true,
          scale: true,
        }),
        layer("Flatten", "flat"),
        layer("Dense", "scores", { units: 2, activation: "softmax" }),
      ],
    },
    build_config: { input_shape: [null, 5, 5, 1] },
  },
};

const shapes = {
  stem: [[2, 2, 1, 2], [2]],
  second: [[2, 2, 2, 3], [3]],
  norm: [[3], [3], [3], [3]],
  scores: [[27, 2], [2]],
} as const;

/** Where the archive has each layer. */
const places = {
  stem: "layers/conv2d/vars",
  second: "layers/conv2d_1/vars",
  norm: "layers/batch_normalization/vars",
  scores: "layers/dense/vars",
} as const;

function weightsAt(place: (name: keyof typeof shapes) => string): readonly SavedWeight[] {
  const names = Object.keys(shapes) as (keyof typeof shapes)[];
  return names.flatMap((name) =>
    shapes[name].map((shape, i): SavedWeight => {
      const count = shape.reduce((product: number, size) => product * size, 1);
      const values = Array.from({ length: count }, (_, at) => 1 + Math.sin(name.length + i + at));
      return { name: `${place(name)}/${i}`, shape, dtype: "float32", values };
    }),
  );
}

test("weights named by layer and number, or by their place in the archive, are the same network", async () => {
  const byLayer = savedFiles(
    topology,
    weightsAt((name) => name),
  );
  const byPlace = savedFiles(topology, weightsAt((name) => places[name]).toReversed());
  const graph = await openTfjs(sourceOf(byLayer));
  expect(graph.inputs).toEqual([
    { name: "pictures", type: "float32", dims: ["N", 1, 5, 5], fileOrder: [0, 2, 3, 1] },
  ]);
  expect(graph.initializers.size).toBeGreaterThan(8);
  expect(await openTfjs(sourceOf(byPlace))).toEqual(graph);
});
