/** @file The layouts in which generations of Keras write weights, written by h5wasm as their saving code does it. */
import { snakeCase } from "../../src/formats/keras/snake-case.ts";
import { writtenHdf5, type WrittenGroup } from "../hdf5/written-hdf5.ts";
import type { DrawnLayer, DrawnModel, DrawnVariable } from "./drawn-weights.ts";

/** How a legacy file is written. */
export interface LegacyOptions {
  /** Keras 3 writes the model's name in front of each layer's, and no `:0`. */
  readonly isKeras3: boolean;
  /** Names of an attribute before it is split. */
  readonly mostNames: number;
  /** Layers that are not trained have all their variables among those that are not. */
  readonly isFrozen: (layer: DrawnLayer) => boolean;
  /** Whether the file has nothing but weights. */
  readonly isWeightsAlone: boolean;
  /** The text of the attribute `model_config`. */
  readonly config?: string;
}

/** `save_weights_to_hdf5_group` of Keras's `legacy_h5_format.py`. */
export function legacyFile(model: DrawnModel, options: LegacyOptions): Promise<Uint8Array> {
  return writtenHdf5(
    (file) => {
      const version = options.isKeras3 ? "3.8.0" : "2.4.0";
      if (!options.isWeightsAlone) file.create_attribute("keras_version", version);
      if (options.config) file.create_attribute("model_config", options.config);
      const group = options.isWeightsAlone ? file : file.create_group("model_weights");
      const layers = model.layers.filter(({ isLayer }) => isLayer);
      list(
        group,
        "layer_names",
        layers.map(({ name }) => name),
        options,
      );
      for (const layer of layers) {
        const own = group.create_group(layer.name);
        const listed = legacyVariables(layer, options.isKeras3 ? ["model"] : [], options);
        const sorted = [
          ...listed.filter(({ first }) => first),
          ...listed.filter(({ first }) => !first),
        ];
        list(
          own,
          "weight_names",
          sorted.map(({ path }) => path),
          options,
        );
        for (const { path, variable } of sorted) write(own, path, variable);
      }
    },
    { libver: ["earliest", "latest"] },
  );
}

interface Listed {
  readonly path: string;
  readonly variable: DrawnVariable;
  readonly first: boolean;
}

function legacyVariables(
  layer: DrawnLayer,
  before: readonly string[],
  options: LegacyOptions,
): Listed[] {
  const { isKeras3, isFrozen } = options;
  const inner = isKeras3 ? [...before, layer.name] : [];
  const own = layer.variables.map((variable) => ({
    path: [...before, layer.name, variable.legacy].join("/") + (isKeras3 ? "" : ":0"),
    variable,
    first: variable.isTrainable && !isFrozen(layer),
  }));
  return [
    ...own,
    ...(layer.model?.layers ?? []).flatMap((each) => legacyVariables(each, inner, options)),
  ];
}

function list(
  group: WrittenGroup,
  name: string,
  names: readonly string[],
  { mostNames }: LegacyOptions,
) {
  if (names.length === 0) return group.create_attribute(name, new Float64Array(0), [0]);
  if (names.length <= mostNames) return group.create_attribute(name, [...names], null, "S60");
  for (let i = 0; i * mostNames < names.length; i++) {
    const part = names.slice(i * mostNames, (i + 1) * mostNames);
    group.create_attribute(`${name}${i}`, part, null, "S60");
  }
}

/** Writes a variable at a path, with the groups that lead to it. */
function write(group: WrittenGroup, path: string, { dims, data }: DrawnVariable): void {
  const [name, ...rest] = path.split("/") as [string, ...string[]];
  if (rest.length === 0) {
    group.create_dataset({ name, data, shape: [...dims] });
    return;
  }
  const inner = group.keys().includes(name) ? group.get(name) : group.create_group(name);
  write(inner as WrittenGroup, rest.join("/"), { dims, data } as DrawnVariable);
}

/** How an archive's weights are written. */
export interface CountedOptions {
  /** Whether the name of each layer stands at its variables. */
  readonly hasNames: boolean;
  /** Of TensorFlow 2.12 and 2.13, where layers with weights are listed twice. */
  readonly isTwice: boolean;
  /** Whether paths are one name with `\`, as on Windows. */
  readonly isWindows: boolean;
}

/** A variable or an empty layer by its path, and the layer's name. */
export interface Stored {
  readonly path: string;
  readonly layer: string;
  readonly variable?: DrawnVariable;
}

/** All that `_save_state` of Keras's `saving_lib.py` writes, in its order. */
export function countedPaths(model: DrawnModel, isTwice: boolean, before = ""): Stored[] {
  const folder = `${before}${isTwice ? "_layer_checkpoint_dependencies" : "layers"}`;
  const first = model.isSequential && model.layers[0]?.className === "InputLayer" ? 1 : 0;
  const used = new Map<string, number>();
  const next = (part: string) => {
    const number = used.get(part) ?? 0;
    used.set(part, number + 1);
    return number === 0 ? part : `${part}_${number}`;
  };
  return model.layers
    .slice(first)
    .filter(({ isLayer }) => isLayer)
    .flatMap((layer) => {
      const part = snakeCase(layer.className);
      const path = `${folder}/${next(part)}`;
      if (isTwice && hasWeights(layer)) next(part);
      const own = layer.variables.map((variable) => {
        return { path: `${path}/${variable.counted}`, layer: layer.name, variable };
      });
      const inner = layer.model ? countedPaths(layer.model, isTwice, `${path}/`) : [];
      return [{ path: `${path}/vars`, layer: layer.name }, ...own, ...inner];
    });
}

function hasWeights({ variables, model }: DrawnLayer): boolean {
  return variables.length > 0 || (model?.layers.some(hasWeights) ?? false);
}

/** `model.weights.h5`, or one of its shards. */
export function countedFile(
  stored: readonly Stored[],
  options: CountedOptions,
): Promise<Uint8Array> {
  return writtenHdf5(
    (file) => {
      const groups = new Map<string, WrittenGroup>();
      const groupAt = (path: string): WrittenGroup => {
        const known = groups.get(path);
        if (known) return known;
        const end = path.lastIndexOf("/");
        const outer =
          options.isWindows && !path.endsWith("/vars")
            ? file
            : end < 0
              ? file
              : groupAt(path.slice(0, end));
        const name = outer === file ? path.replaceAll("/", "\\") : path.slice(end + 1);
        const made = outer.create_group(name);
        groups.set(path, made);
        return made;
      };
      for (const { path, layer, variable } of stored) {
        if (variable) {
          const end = path.lastIndexOf("/");
          const { dims, data } = variable;
          groupAt(path.slice(0, end)).create_dataset({
            name: path.slice(end + 1),
            data,
            shape: [...dims],
          });
        } else if (options.hasNames) {
          groupAt(path).create_attribute("name", layer);
        } else {
          groupAt(path);
        }
        if (!variable && path.includes("dropout")) {
          const state = `${path.slice(0, -"/vars".length)}/seed_generator/vars`;
          groupAt(state).create_dataset({ name: "0", data: Uint32Array.of(1, 2) });
        }
      }
    },
    { libver: ["earliest", "latest"] },
  );
}
