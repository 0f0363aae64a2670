/** @file Writes a network of keras.applications with random weights to a file: thin.keras, resnet50.keras or vgg16.h5. */
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { elementCount } from "../src/graph/tensor.ts";
import { archive, hdf5File } from "../test/keras/keras-files.ts";
import { resnet50, vgg16 } from "../test/keras/large-networks.ts";

/** Numbers as small as those of trained networks. */
function random({ dims }: { readonly dims: readonly number[] }): Float32Array {
  const data = new Float32Array(elementCount(dims));
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    data[i] = 0.01 + Math.abs(state) / 2 ** 36;
  }
  return data;
}

const files: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  "thin.keras": () => archive(resnet50(4), random),
  "resnet50.keras": () => archive(resnet50(), random),
  "vgg16.h5": () => hdf5File(vgg16(), false, random),
};

const path = process.argv[2]!;
writeFileSync(path, await files[basename(path)]!());
