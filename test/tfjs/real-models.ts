/** @file Real models of TensorFlow.js, from the folder that LIMPID_MIRROR names. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { openTfjs } from "../../src/formats/tfjs/open.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { metadataKeys } from "../../src/graph/metadata.ts";
import { tensor } from "../../src/graph/tensor.ts";
import { preprocess, type Preprocessing } from "../../src/image/preprocess.ts";
import { parsePreprocessing } from "../../src/network/preprocessing.ts";
import { readPicture } from "../../src/node/codecs.ts";
import { createNodeRuntime } from "../../src/runtime/onnxruntime-node.ts";
import { artifactsOf, predict, type Numbers } from "./oracle.ts";
import { sourceOf, type Files } from "./saved-model.ts";

const mirror = process.env["LIMPID_MIRROR"];
export const isMissing =
  mirror === undefined || !existsSync(join(mirror, "weights/teachable-machine"));
export const reason =
  "skipped: set LIMPID_MIRROR to a folder with models of TensorFlow.js and photos";
if (isMissing) process.stdout.write(`models of TensorFlow.js are ${reason}\n`);

const runtime = createNodeRuntime();

/** Paths of the files in a folder, in the order of their names. */
export function filesIn(folder: string): readonly string[] {
  const names = readdirSync(join(mirror!, folder)).toSorted();
  return names.map((name) => join(mirror!, folder, name));
}

/** A model, and its files for TensorFlow.js. */
export interface RealModel {
  readonly graph: Graph;
  readonly files: Files;
}

/** The model in a folder of `weights`. */
export async function realModel(folder: string): Promise<RealModel> {
  const inside = join(mirror!, "weights", folder);
  const names = readdirSync(inside, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = new Map(
    names.map(({ name }) => [name, new Uint8Array(readFileSync(join(inside, name)))]),
  );
  return { graph: await openTfjs(sourceOf(files)), files };
}

/** Lines of a text in a model's folder. */
export function linesIn({ files }: RealModel, name: string): readonly string[] {
  return new TextDecoder().decode(files.get(name)).trim().split("\n");
}

/** How a model says that pictures are prepared. */
export function toldIn({ metadata }: Graph): Preprocessing {
  return parsePreprocessing(metadata.get(metadataKeys.preprocessing)!, "the model");
}

/** What a model takes of a picture, [1, C, H, W] and, for TensorFlow.js, [1, H, W, C]. */
async function prepared({ graph }: RealModel, path: string, how: Preprocessing) {
  const [, channels, heightPx, widthPx] = graph.inputs[0]!.dims as [string, 1 | 3, number, number];
  const size = { channels, heightPx, widthPx };
  const picture = await readPicture(path);
  const first = preprocess(picture, { ...how, layout: "nchw" }, size);
  const last = preprocess(picture, { ...how, layout: "nhwc" }, size);
  return { first: tensor("float32", first.dims, first.data), last };
}

/** The largest class of a picture. */
export async function topOf(model: RealModel, path: string, how: Preprocessing): Promise<number> {
  const { first } = await prepared(model, path, how);
  const { graph } = model;
  const found = await runtime.run(graph, { [graph.inputs[0]!.name]: first });
  const scores = found[graph.outputs[0]!.name]!.data as Float32Array;
  return scores.indexOf(Math.max(...scores));
}

/** Both must say the same of a picture, within 1e-4 of the largest number, or of 1. */
export async function expectSame(
  model: RealModel,
  path: string,
  how: Preprocessing,
): Promise<void> {
  const { first, last } = await prepared(model, path, how);
  const { graph, files } = model;
  const given: Numbers = { dims: last.dims, data: last.data };
  const [wanted] = await predict(artifactsOf(files), [given]);
  const found = await runtime.run(graph, { [graph.inputs[0]!.name]: first });
  const scores = found[graph.outputs[0]!.name]!.data as Float32Array;
  const size = wanted!.data.reduce((most, x) => Math.max(most, Math.abs(x)), 1);
  const off = wanted!.data.reduce((most, x, i) => Math.max(most, Math.abs(x - scores[i]!)), 0);
  expect(off / size, path).toBeLessThan(1e-4);
}
