/** @file Networks of keras.applications bring the preparation of pictures that they were trained with. */
import { expect, test } from "vitest";
import { familyOf } from "./families.ts";
import { readModel } from "./read-model.ts";

const layer = (className: string, name: string, more: object = {}) => ({
  class_name: className,
  config: { name, batch_input_shape: [null, 8, 8, 3], ...more },
});
const sequential = (name: string, layers: readonly object[]) => ({
  class_name: "Sequential",
  config: { name, layers },
});
const named = (name: string, ...layers: readonly object[]) =>
  familyOf(readModel(sequential(name, [...layers, layer("Conv2D", "own")])));

test.each([
  ["vgg16", "bgr", [103.939, 116.779, 123.68]],
  ["resnet50", "bgr", [103.939, 116.779, 123.68]],
  ["resnet101v2", "rgb", [1]],
  ["inception_v3", "rgb", [1]],
  ["mobilenet_1.00_224", "rgb", [1]],
  ["mobilenetv2_1.00_224", "rgb", [1]],
  ["NASNet", "rgb", [1]],
  ["xception", "rgb", [1]],
  ["densenet121", "rgb", [0.485, 0.456, 0.406]],
])("%s", (name, channels, mean) => {
  expect(named(name)?.preprocessing).toMatchObject({ channels, mean });
});

test("names of layers tell as well, in nested models too, unless numbers are scaled before", () => {
  const layers = ["block1_conv1", "block1_conv2", "block5_conv3", "block5_pool"];
  const backbone = sequential(
    "model_1",
    layers.map((name) => layer("Conv2D", name)),
  );
  expect(named("model_2", backbone)?.name).toBe("VGG");
  expect(named("model_2", layer("RandomFlip", "flip"), backbone)?.name).toBe("VGG");
  expect(named("model_2", layer("Rescaling", "scale", { scale: 1 }), backbone)).toBeUndefined();
  expect(named("vgg16", layer("Rescaling", "scale", { scale: 1 }))).toBeUndefined();
  expect(named("efficientnetb0")).toBeUndefined();
  expect(named("my_network")).toBeUndefined();
});
