/** @file The weights of a layers model by layer: TensorFlow.js names each after its own layer, however deep that is nested. */
import { badTfjs } from "./bad-tfjs.ts";
import { wantedTensors } from "../keras/wanted-tensors.ts";
import type {
  LayerWeights,
  ModelLayers,
  ModelWeights,
  Variable,
  WeightStore,
} from "../keras/weight-store.ts";

/** Parts of a name; more is no name of a layer. */
const mostParts = 64;

/** A weight of a layer by the rest of its name. */
type Named = readonly (readonly [rest: string, weight: Variable])[];

/**
 * The weights as Keras's layers ask for them, by their names: `LAYER/kernel`, `MODEL/LAYER/kernel`, `LAYER/0` of
 * conversions from Keras 3, in any order of the manifest. Throws `bad-file` for names that are none.
 */
export function namedWeights(weights: readonly Variable[]): WeightStore {
  const index = new WeightIndex(weights);
  return { model: (layers) => modelWeights(index, "", layers) };
}

/** Weights by all that may be the path of their layer: each beginning of their names, and each end of it. */
class WeightIndex {
  readonly #byStart = new Map<string, [string, Variable][]>();
  readonly #byEnd = new Map<string, [string, Variable][]>();

  constructor(weights: readonly Variable[]) {
    for (const weight of weights) this.#add(weight.name.replace(/:\d+$/, ""), weight);
  }

  #add(name: string, weight: Variable): void {
    const starts: number[] = [];
    let parts = 1;
    for (let end = name.indexOf("/"); end >= 0; end = name.indexOf("/", end + 1)) {
      if (++parts > mostParts) {
        throw badTfjs(`the name of a weight must have at most ${mostParts} parts, got "${name}"`);
      }
      const rest = name.slice(end + 1);
      listIn(this.#byStart, name.slice(0, end)).push([rest, weight]);
      if (rest.includes("/")) starts.push(end + 1);
      else {
        for (const start of starts) {
          listIn(this.#byEnd, name.slice(start, end)).push([rest, weight]);
        }
      }
    }
  }

  /** The weights below a path. */
  below(path: string): Named {
    return this.#byStart.get(path) ?? [];
  }

  /** The weights whose layer's path ends so, wherever it is nested. */
  endingIn(path: string): Named {
    return this.#byEnd.get(path) ?? [];
  }
}

function listIn<T>(lists: Map<string, T[]>, key: string): T[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** `path` is that of the layers around, "" or with a "/" at its end. */
function modelWeights(index: WeightIndex, path: string, { layers }: ModelLayers): ModelWeights {
  const names = new Set(layers.map(({ name }) => name));
  return {
    layer: async (name) => {
      const within = path === "" ? [] : index.endingIn(path + name);
      const tried = [index.below(path + name), within, index.below(name), index.endingIn(name)];
      const own = tried.map((list) => list.filter(([rest]) => !isOfOther(name, rest, names)));
      const found = own.find(({ length }) => length > 0) ?? [];
      return layerWeights({ index, path, names }, name, found);
    },
  };
}

/** Whether a weight is that of another layer, whose name goes on where this one's ends: `conv1` and `conv1/bn`. */
function isOfOther(name: string, rest: string, names: ReadonlySet<string>): boolean {
  for (let end = rest.indexOf("/"); end >= 0; end = rest.indexOf("/", end + 1)) {
    if (names.has(`${name}/${rest.slice(0, end)}`)) return true;
  }
  return false;
}

/** Where a layer is. */
interface Place {
  readonly index: WeightIndex;
  /** Of the layers around it. */
  readonly path: string;
  /** Of all layers of its model. */
  readonly names: ReadonlySet<string>;
}

function layerWeights(place: Place, name: string, own: Named): LayerWeights {
  const { index, path, names } = place;
  const variables = variablesOf(own);
  return {
    variables: async () => variables,
    read: (wanted) => wantedTensors(name, variables, wanted),
    part: async (...parts) => {
      for (const part of parts) {
        const inner = own.filter(([rest]) => rest.startsWith(`${part}/`));
        const below = inner.map(([rest, weight]) => [rest.slice(part.length + 1), weight] as const);
        // TensorFlow.js names the weights of a layer within a layer after the inner one.
        const found = below.length > 0 || names.has(part) ? below : index.below(part);
        if (found.length > 0) return layerWeights(place, part, found);
      }
      return undefined;
    },
    model: (layers) => modelWeights(index, `${path}${name}/`, layers),
  };
}

/** Numbered variables are in the order of their numbers, others in that of the file. */
function variablesOf(own: Named): readonly Variable[] {
  const variables = own.map(([name, { type, dims, read }]) => ({ name, type, dims, read }));
  if (!variables.every(({ name }) => /^\d+$/.test(name))) return variables;
  return variables.toSorted((a, b) => Number(a.name) - Number(b.name));
}
