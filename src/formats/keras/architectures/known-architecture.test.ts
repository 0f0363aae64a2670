/** @file Files of weights alone open as the networks that their layers are, and no others do. */
import { expect, test } from "vitest";
import { hdf5File, weightsFile } from "../../../../test/keras/keras-files.ts";
import { resnet50, vgg16 } from "../../../../test/keras/large-networks.ts";
import { memoryStore } from "../../../../test/keras/memory-store.ts";
import { metadataKeys } from "../../../graph/metadata.ts";
import { elementCount, zeros } from "../../../graph/tensor.ts";
import { openGraph } from "../../index.ts";
import { memorySource } from "../../source.ts";
import { knownArchitecture } from "./known-architecture.ts";

test("weights alone of VGG16 open as VGG16, with its preparation", async () => {
  const fill = ({ dims }: { readonly dims: readonly number[] }) =>
    new Float32Array(elementCount(dims)).fill(0.01);
  const bytes = await weightsFile(vgg16(false), fill);
  const graph = await openGraph(memorySource("vgg16_notop.h5", bytes));
  expect(graph.inputs).toEqual([
    { name: "input_1", type: "float32", dims: ["N", 3, "H", "W"], fileOrder: [0, 2, 3, 1] },
  ]);
  expect(graph.outputs[0]).toMatchObject({ name: "block5_pool", dims: ["N", 512, "?", "?"] });
  const told = graph.metadata.get(metadataKeys.preprocessing)!;
  expect(JSON.parse(told)).toMatchObject({ channels: "bgr", mean: [103.939, 116.779, 123.68] });
});

test("weights alone of ResNet50 open as the whole model does", async () => {
  const fill = ({ dims }: { readonly dims: readonly number[] }) =>
    new Float32Array(elementCount(dims)).fill(0.01);
  const alone = await weightsFile(resnet50(), fill);
  const whole = await hdf5File(resnet50(), false, fill);
  const graphs = await Promise.all(
    [alone, whole].map((bytes) => openGraph(memorySource("resnet.h5", bytes))),
  );
  const [network, same] = graphs.map(({ nodes }) =>
    nodes.map(({ operator, outputs, attributes }) => ({ operator, outputs, attributes })),
  );
  expect(network).toEqual(same);
  expect(graphs[0]!.metadata.get(metadataKeys.reading)).toContain("weights alone");
});

const names = (...counts: readonly number[]) =>
  counts.flatMap((count, i) =>
    Array.from({ length: count }, (_, j) => `block${i + 1}_conv${j + 1}`),
  );
const top = ["flatten", "fc1", "fc2", "predictions"];
const store = memoryStore({ "predictions/kernel": zeros("float32", [4096, 7]) });

test("VGG19 is known as well, with its classes; layers more or less are not", async () => {
  const known = (listed: readonly string[]) => knownArchitecture(listed, store);
  const whole = await known([...names(2, 2, 4, 4, 4), "block5_pool", ...top]);
  expect(whole?.name).toBe("vgg19");
  const { layers } = (whole!.config as { config: { layers: readonly unknown[] } }).config;
  expect(layers.at(-1)).toMatchObject({ config: { name: "predictions", units: 7 } });
  expect(await known(names(2, 2, 3, 3, 3))).toMatchObject({ name: "vgg16" });
  expect(await known(names(2, 2, 3, 3, 2))).toBeUndefined();
  expect(await known([...names(2, 2, 3, 3, 3), "fc1"])).toBeUndefined();
  expect(await known([...names(2, 2, 3, 3, 3), "dense"])).toBeUndefined();
});
