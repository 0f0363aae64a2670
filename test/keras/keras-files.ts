/** @file Files of Keras models, as each generation saves them. */
import { zipSync } from "fflate";
import { configOf, type MadeLayer, type MadeModel } from "./keras-configs.ts";
import type { DrawnLayer, DrawnModel } from "./drawn-weights.ts";
import type { Numbers } from "./numbers.ts";
import { countedFile, countedPaths, legacyFile } from "./weight-layouts.ts";

const parts: Readonly<Record<string, string>> = {
  query_dense: "query",
  key_dense: "key",
  value_dense: "value",
  output_dense: "attention_output",
};

/** The numbers of a variable, which large networks need not have beforehand. */
type Fill = (variable: Numbers) => Float32Array;

const asMade: Fill = ({ data }) => Float32Array.from(data);

/** Layers with their weights as writers of layouts take them. */
function drawn({ isSequential, inputs, calls }: MadeModel, fill: Fill): DrawnModel {
  const unlike = [...new Set(calls.map(({ layer }) => layer))];
  const layers = unlike.map((layer) => drawnLayer(layer, fill));
  const input = inputs.map(({ name }): DrawnLayer => {
    return { name, className: "InputLayer", isLayer: true, variables: [] };
  });
  return { isSequential, layers: [...input, ...layers] };
}

function drawnLayer({ name, className, weights, model }: MadeLayer, fill: Fill): DrawnLayer {
  const variables = Object.entries(weights).map(([path, numbers], i) => {
    const [part, own] = path.includes("/") ? path.split("/") : [undefined, path];
    return {
      legacy: part === undefined ? path : `${parts[part]}/${own}`,
      counted: part === undefined ? `vars/${i}` : `${part}/vars/${own === "bias" ? 1 : 0}`,
      isTrainable: !path.startsWith("moving"),
      dims: numbers.dims,
      data: fill(numbers),
    };
  });
  const kind = model && (model.isSequential ? "Sequential" : "Functional");
  const own = { name, className: kind ?? className, isLayer: true, variables };
  return model ? { ...own, model: drawn(model, fill) } : own;
}

/** An .h5 file of Keras 2, or of Keras 3 in the old layout. */
export function hdf5File(
  model: MadeModel,
  isKeras3: boolean,
  fill: Fill = asMade,
): Promise<Uint8Array> {
  return legacyFile(drawn(model, fill), {
    isKeras3,
    mostNames: 100,
    isFrozen: () => false,
    isWeightsAlone: false,
    config: JSON.stringify(configOf(model, isKeras3 ? "keras 3" : "keras 2")),
  });
}

/** An .h5 file of Keras 2 that holds nothing but weights. */
export function weightsFile(model: MadeModel, fill: Fill = asMade): Promise<Uint8Array> {
  return legacyFile(drawn(model, fill), {
    isKeras3: false,
    mostNames: 100,
    isFrozen: () => false,
    isWeightsAlone: true,
  });
}

/** The files of a .keras archive. */
export async function archiveFiles(
  model: MadeModel,
  fill: Fill = asMade,
): Promise<Record<string, Uint8Array>> {
  const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const options = { hasNames: true, isTwice: false, isWindows: false };
  return {
    "metadata.json": text({ keras_version: "3.8.0", date_saved: "2025-01-01@00:00:00" }),
    "config.json": text(configOf(model, "keras 3")),
    "model.weights.h5": await countedFile(countedPaths(drawn(model, fill), false), options),
  };
}

/** A .keras archive, whose files are not packed. */
export async function archive(model: MadeModel, fill: Fill = asMade): Promise<Uint8Array> {
  return zipSync(await archiveFiles(model, fill), { level: 0 });
}
