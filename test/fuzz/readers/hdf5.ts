/** @file Readers of HDF5 files: everything in them, and the weights of layers; those in NumPy's archives too. */
import type { Hdf5Dataset, Hdf5Group } from "../../../src/formats/hdf5/group.ts";
import { openHdf5 } from "../../../src/formats/hdf5/open.ts";
import { countedWeights } from "../../../src/formats/keras/counted-weights.ts";
import { npzTree } from "../../../src/formats/keras/npz-tree.ts";
import { hdf5Weights } from "../../../src/formats/keras/open-weights.ts";
import type { ModelLayers } from "../../../src/formats/keras/weight-store.ts";
import { memorySource } from "../../../src/formats/source.ts";
import { pickledArrays } from "../../keras/numpy-pickles.ts";
import { corpusOf } from "../corpus.ts";
import { mutateBytes } from "../mutations/bytes.ts";
import { mutateHdf5 } from "../mutations/hdf5.ts";
import type { Reader } from "../reader.ts";

/** Objects of a file that are looked at; links may lead in circles. */
const mostObjects = 100;
const deepest = 5;

async function readAll(root: Hdf5Group): Promise<void> {
  let left = mostObjects;
  const visit = async (group: Hdf5Group, depth: number): Promise<void> => {
    await readAttributes(group);
    for (const name of await group.names()) {
      if (depth > deepest || (left -= 1) < 0) return;
      const inner = await group.group(name);
      if (inner) await visit(inner, depth + 1);
      const dataset = await group.dataset(name);
      if (!dataset) continue;
      await readAttributes(dataset);
      void dataset.fileOffset;
      await dataset.read();
    }
  };
  await visit(root, 0);
}

async function readAttributes(object: Hdf5Group | Hdf5Dataset): Promise<void> {
  for (const name of await object.attributeNames()) await object.attribute(name);
}

const layers: ModelLayers = {
  isSequential: false,
  layers: [
    { name: "conv", className: "Conv2D", isLayer: true },
    { name: "dense", className: "Dense", isLayer: true },
    { name: "more", className: "Dense", isLayer: true },
  ],
};

export const hdf5Readers: readonly Reader[] = [
  {
    name: "hdf5",
    share: 12,
    seeds: () => corpusOf("hdf5"),
    mutate: mutateHdf5,
    read: async (bytes) => {
      await readAll(await openHdf5(memorySource("file.h5", bytes)));
      return true;
    },
  },
  {
    name: "keras-weights",
    share: 6,
    seeds: () => [...corpusOf("hdf5", "legacy.h5"), ...corpusOf("hdf5", "counted.h5")],
    mutate: mutateHdf5,
    read: async (bytes) => {
      const store = await hdf5Weights(await openHdf5(memorySource("file.h5", bytes)));
      const weights = store.model(layers);
      for (const { name } of layers.layers) {
        const layer = await weights.layer(name);
        for (const variable of await layer.variables()) await variable.read();
        await (await layer.part("layer", "kernel"))?.variables();
        await (await layer.model(layers).layer("conv")).variables();
      }
      return true;
    },
  },
  {
    name: "keras-npz",
    share: 4,
    seeds: () => [pickledArrays({ "0": kernel, "1": kernel })],
    mutate: mutateBytes,
    read: async (bytes) => {
      const { size, read } = memorySource("dense.npy", bytes);
      const tree = npzTree(new Map([["layers/dense.npy", async () => ({ size, read })]]));
      const layer = await countedWeights(tree).model(layers).layer("dense");
      for (const variable of await layer.variables()) await variable.read();
      return true;
    },
  },
];

const kernel = { dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) };
