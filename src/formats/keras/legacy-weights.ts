/** @file Weights of .h5 files of Keras 2, and of Keras 3 in the same layout: a group a layer, which lists its variables. */
import type { Hdf5Group } from "../hdf5/group.ts";
import { namedWeights } from "../tfjs/named-weights.ts";
import { badWeights } from "./bad-weights.ts";
import { datasetVariable } from "./hdf5-variable.ts";
import { wantedTensors } from "./wanted-tensors.ts";
import type { LayerWeights, ModelLayers, Variable, WeightStore } from "./weight-store.ts";

/** Lists longer than a header takes are split up. */
const mostParts = 10_000;

/** Whether a group lists layers, as the root of files of weights alone does. */
export async function listsLayers(group: Hdf5Group): Promise<boolean> {
  const names = await group.attributeNames();
  return names.includes("layer_names") || names.includes("layer_names0");
}

/**
 * The weights below the group `model_weights`, or the root of a file of weights alone. A layer's variables are in the
 * order of its list. A nested model is one layer, whose list names the trainable variables of all its layers first;
 * these are found by the names of their layers.
 */
export function legacyWeights(group: Hdf5Group): WeightStore {
  return {
    model: () => ({
      layer: async (name) => {
        const own = await group.group(name);
        return layerWeights(name, own ? await variablesOf(name, own) : []);
      },
    }),
  };
}

/** Texts of an attribute, which may be split over `NAME0`, `NAME1`, ... */
async function listed(group: Hdf5Group, name: string): Promise<readonly string[]> {
  const whole = await textsOf(group, name);
  if (whole) return whole;
  const found: string[] = [];
  for (let part = 0; part < mostParts; part++) {
    const texts = await textsOf(group, `${name}${part}`);
    if (!texts) break;
    for (const text of texts) found.push(text);
  }
  return found;
}

async function textsOf(group: Hdf5Group, name: string): Promise<readonly string[] | undefined> {
  const value = await group.attribute(name);
  if (value?.type === "string") return value.data as string[];
  // NumPy makes numbers of an empty list.
  if (value === undefined || value.data.length === 0) return value && [];
  throw badWeights(`"${name}" of "${group.path}" must list names, got ${value.type}`);
}

/** The variables of a layer's group by the paths that it lists. */
async function variablesOf(layer: string, group: Hdf5Group): Promise<readonly Variable[]> {
  const found: Variable[] = [];
  const known = new Set<string>();
  for (const path of await listed(group, "weight_names")) {
    const dataset = known.has(path) ? undefined : await group.dataset(path);
    if (!dataset) {
      const got = known.has(path) ? "it twice" : "none";
      throw badWeights(`layer "${layer}" lists "${path}", which must be in the file, got ${got}`);
    }
    known.add(path);
    found.push(datasetVariable(path.replace(/:\d+$/, ""), dataset));
  }
  return found;
}

/** `all` are named by their paths in the layer's group. */
function layerWeights(name: string, all: readonly Variable[]): LayerWeights {
  const variables = all.map((each) => ({ ...each, name: behind(each.name, name) ?? each.name }));
  return {
    variables: async () => variables,
    read: (wanted) => wantedTensors(name, variables, wanted),
    part: async (...parts) => {
      for (const part of parts) {
        const inner = all.filter((each) => behind(each.name, part) !== undefined);
        if (inner.length > 0) return layerWeights(part, inner);
      }
      return undefined;
    },
    model: (layers) => namedWeights(fromLayers(all, layers)).model(layers),
  };
}

/** The path of a variable behind the last part of that name. */
function behind(path: string, part: string): string | undefined {
  const at = `/${path}`.lastIndexOf(`/${part}/`);
  return at < 0 ? undefined : path.slice(at + part.length + 1);
}

/**
 * Paths from a layer of the model on: Keras 3 may have names of models in front. TensorFlow 1 counts the names of
 * variables where a layer is made a second time in a session: `conv1_1/kernel` of the layer `conv1`. They get the
 * layer's own name where it has no others.
 */
function fromLayers(all: readonly Variable[], { layers }: ModelLayers): readonly Variable[] {
  const names = new Set(layers.map(({ name }) => name));
  const used = new Set(all.flatMap(({ name }) => name.split("/").slice(0, -1)));
  const own = (part: string): string => {
    const plain = part.replace(/_\d+$/, "");
    return !names.has(part) && names.has(plain) && !used.has(plain) ? plain : part;
  };
  return all.map((each) => {
    const parts = each.name.split("/");
    const path = [...parts.slice(0, -1).map(own), parts.at(-1)!];
    const first = path.slice(0, -1).findIndex((part) => names.has(part));
    return { ...each, name: path.slice(Math.max(first, 0)).join("/") };
  });
}
