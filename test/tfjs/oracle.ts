/** @file TensorFlow.js itself, on its plain CPU backend, without its words on the console. */
import "@tensorflow/tfjs-backend-cpu";
import { loadGraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import * as keras from "@tensorflow/tfjs-layers";
import { randomStream } from "../../src/random.ts";
import { readJson } from "../../src/wording/read-json.ts";
import type { Files } from "./saved-model.ts";

tf.enableProdMode();

export { keras, tf };

/** A tensor in TensorFlow's order of axes. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Normal numbers, the same each time. */
export function pictures(count: number, picture: readonly [number, number, number]): Numbers {
  const dims = [count, ...picture];
  const data = new Float32Array(tf.util.sizeFromShape(dims));
  randomStream("pictures", data.length).normals(data);
  return { dims, data };
}

/** The files of a model as TensorFlow.js itself would load them; none of them is packed. */
export function artifactsOf(files: Files): tf.io.ModelArtifacts {
  const text = new TextDecoder().decode(files.get("model.json"));
  const read = readJson(text) as { readonly value: tf.io.ModelJSON };
  const { modelTopology, weightsManifest } = read.value;
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((path) => files.get(path)!));
  return {
    modelTopology,
    weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
    weightData: Uint8Array.from(Buffer.concat(shards)).buffer,
  };
}

/** What a layers model makes of what it is given, one result an output. */
export async function predict(
  artifacts: tf.io.ModelArtifacts,
  inputs: readonly Numbers[],
): Promise<readonly Numbers[]> {
  const model = await keras.loadLayersModel(tf.io.fromMemory(artifacts));
  const given = inputs.map(({ dims, data }) => tf.tensor(data, [...dims]));
  const found = model.predict(given.length === 1 ? given[0]! : given);
  const results = (Array.isArray(found) ? found : [found]).map((result) => ({
    dims: result.shape,
    data: result.dataSync() as Float32Array,
  }));
  tf.dispose([given, found]);
  model.dispose();
  return results;
}

/** What a graph model makes of what it is given: one of its tensors. */
export async function execute(
  artifacts: tf.io.ModelArtifacts,
  feeds: Readonly<Record<string, Numbers>>,
  output: string,
): Promise<Numbers> {
  const model = await loadGraphModel(tf.io.fromMemory(artifacts));
  const entries = Object.entries(feeds);
  const given = Object.fromEntries(
    entries.map(([name, { dims, data }]) => [name, tf.tensor(data, [...dims])]),
  );
  const found = model.execute(given, output) as tf.Tensor;
  const result = { dims: found.shape, data: found.dataSync() as Float32Array };
  tf.dispose([given, found]);
  model.dispose();
  return result;
}
