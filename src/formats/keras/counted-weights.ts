/** @file Weights of .keras archives: layers are known by their class, and counted within their model. */
import { badWeights } from "./bad-weights.ts";
import { snakeCase } from "./snake-case.ts";
import type { VariableTree } from "./variable-tree.ts";
import { wantedTensors } from "./wanted-tensors.ts";
import type {
  LayerKey,
  LayerWeights,
  ModelLayers,
  ModelWeights,
  Variable,
  WeightStore,
} from "./weight-store.ts";

/** Where the layers of a model lie below its path; TensorFlow 2.12 and 2.13 have the other name. */
const plainLayers = "layers";
const dependencies = "_layer_checkpoint_dependencies";

/** What a layer holds besides weights: states of random numbers. */
const states = "seed_generator";

/** Parts of a layer, and parts in parts, that are looked into. */
const mostParts = 10_000;
const deepest = 32;

/** The weights of a tree, whose layers are counted as Keras 3 does. */
export function countedWeights(tree: VariableTree): WeightStore {
  return { model: (layers) => new CountedModel(tree, "", layers) };
}

/** The layers of one model. */
class CountedModel implements ModelWeights {
  readonly #tree: VariableTree;
  readonly #path: string;
  readonly #layers: ModelLayers;
  #paths: Promise<ReadonlyMap<string, string>> | undefined;

  constructor(tree: VariableTree, path: string, layers: ModelLayers) {
    this.#tree = tree;
    this.#path = path;
    this.#layers = layers;
  }

  async layer(name: string): Promise<LayerWeights> {
    this.#paths ??= this.#findPaths();
    const path = (await this.#paths).get(name);
    return path === undefined ? noWeights(name) : layerWeights(this.#tree, path, name);
  }

  /** Paths of the layers by their names. */
  async #findPaths(): Promise<ReadonlyMap<string, string>> {
    const parts = await this.#tree.parts(this.#path);
    const isPlain = parts.includes(plainLayers) || !parts.includes(dependencies);
    const folder = below(this.#path, isPlain ? plainLayers : dependencies);
    const inFile = await this.#tree.parts(folder);
    const told = await this.#told(folder, inFile);
    const paths = new Map<string, string>();
    const highest = highestNumbers(inFile);
    for (const [part, layers] of byClass(this.#layers)) {
      const isCounted = (highest.get(part) ?? 0) < layers.length;
      if (!isCounted && isPlain) throw tooMany(layers, part, highest.get(part)!);
      const counted = isCounted
        ? layers.map((_, i) => i)
        : await this.#countedTwice(folder, part, layers.length);
      for (const [i, { name }] of layers.entries()) {
        const path = below(folder, numbered(part, counted[i]!));
        paths.set(name, told.get(name) ?? path);
      }
    }
    return paths;
  }

  /** Paths of layers whose own names the file has; of two of a name neither, since it is not unique there. */
  async #told(folder: string, inFile: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const told = new Map<string, string>();
    const twice = new Set<string>();
    for (const part of inFile) {
      const path = below(folder, part);
      const name = await this.#tree.nameOf(path);
      if (name === undefined) continue;
      if (told.has(name)) twice.add(name);
      told.set(name, path);
    }
    for (const name of twice) told.delete(name);
    return told;
  }

  /**
   * Numbers where each layer is listed by its place, and once more by its place among those with weights: the second
   * time takes a number and writes nothing.
   */
  async #countedTwice(folder: string, part: string, count: number): Promise<readonly number[]> {
    const numbers: number[] = [];
    let next = 0;
    for (let i = 0; i < count; i++) {
      numbers.push(next);
      const path = below(folder, numbered(part, next));
      next += (await variablesBelow(this.#tree, path)).length > 0 ? 2 : 1;
    }
    return numbers;
  }
}

/** The layers that Keras counts, by their classes as they stand in paths. */
function byClass({ isSequential, layers }: ModelLayers): ReadonlyMap<string, readonly LayerKey[]> {
  const first = isSequential && layers[0]?.className === "InputLayer" ? 1 : 0;
  const counted = layers.slice(first).filter(({ isLayer }) => isLayer);
  const classes = new Map<string, LayerKey[]>();
  for (const layer of counted) {
    const part = snakeCase(layer.className);
    const alike = classes.get(part);
    if (alike) alike.push(layer);
    else classes.set(part, [layer]);
  }
  return classes;
}

function below(path: string, part: string): string {
  return path === "" ? part : `${path}/${part}`;
}

function numbered(part: string, number: number): string {
  return number === 0 ? part : `${part}_${number}`;
}

/** The highest number that each class has in a file. */
function highestNumbers(names: readonly string[]): ReadonlyMap<string, number> {
  const highest = new Map<string, number>();
  for (const name of names) {
    const [, part, digits] = /^(.*)_([1-9]\d{0,8})$/.exec(name) ?? [];
    if (part !== undefined) highest.set(part, Math.max(highest.get(part) ?? 0, Number(digits)));
  }
  return highest;
}

function tooMany(layers: readonly LayerKey[], part: string, number: number): Error {
  const [{ className }] = layers as readonly [LayerKey];
  return badWeights(
    `numbers of layers must be below the ${layers.length} of class ${className}, got "${numbered(part, number)}" in the file`,
    "open weights together with the configuration that they were saved with",
  );
}

function noWeights(name: string): LayerWeights {
  return {
    variables: async () => [],
    read: (wanted) => wantedTensors(name, [], wanted),
    part: async () => undefined,
    model: () => ({ layer: async (inner) => noWeights(inner) }),
  };
}

function layerWeights(tree: VariableTree, path: string, name: string): LayerWeights {
  const variables = () => variablesBelow(tree, path);
  return {
    variables,
    read: async (wanted) => wantedTensors(name, await variables(), wanted),
    part: async (...names) => {
      const inFile = new Set(await tree.parts(path));
      // Names of attributes that are private in some versions begin with "_".
      const found = names.flatMap((part) => [part, `_${part}`]).find((part) => inFile.has(part));
      return found === undefined ? undefined : layerWeights(tree, below(path, found), found);
    },
    model: (layers) => new CountedModel(tree, path, layers),
  };
}

/** A layer's own variables, and those of its parts. Throws `bad-file` for parts in parts without end. */
async function variablesBelow(tree: VariableTree, path: string): Promise<readonly Variable[]> {
  let count = 0;
  const visit = async (at: string, before: string, depth: number): Promise<Variable[]> => {
    count += 1;
    if (depth > deepest || count > mostParts) {
      throw badWeights(`the parts of layer "${path}" must have an end, got more than ${count}`);
    }
    const own = await tree.variables(at);
    const found = own.map((each) => ({ ...each, name: before + each.name }));
    for (const part of await tree.parts(at)) {
      if (part === states) continue;
      const inside = await visit(below(at, part), `${before}${part}/`, depth + 1);
      for (const variable of inside) found.push(variable);
    }
    return found;
  };
  return visit(path, "", 0);
}
