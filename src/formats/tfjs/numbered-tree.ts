/** @file Weights that a conversion from Keras 3 named by where they lay in the .keras archive: `layers/conv2d_1/vars/0`. */
import type { Variable } from "../keras/weight-store.ts";
import { inOrder, ownVariables, type VariableTree } from "../keras/variable-tree.ts";
import { badTfjs } from "./bad-tfjs.ts";
import type { StoredWeight } from "./weights.ts";

const pattern = new RegExp(
  `^((?:layers|_layer_checkpoint_dependencies)/.+)/${ownVariables}/(\\d+)$`,
);

/** Parts of a path. */
const deepest = 64;

/** Whether weights have such names. */
export function isNumbered(weights: readonly StoredWeight[]): boolean {
  return weights.some(({ name }) => pattern.test(name));
}

/** The weights by the paths of their layers. Throws `bad-file` for paths that are very deep. */
export function numberedTree(weights: readonly StoredWeight[]): VariableTree {
  const variables = new Map<string, Variable[]>();
  const parts = new Map<string, Set<string>>();
  for (const { name, type, dims, read } of weights) {
    const [, path, number] = pattern.exec(name) ?? [];
    if (path === undefined || number === undefined) continue;
    const own = variables.get(path) ?? [];
    own.push({ name: number, type, dims, read });
    variables.set(path, own);
    addParts(parts, path);
  }
  return {
    variables: async (path) => inOrder(variables.get(path) ?? []),
    parts: async (path) => [...(parts.get(path) ?? [])],
    nameOf: async () => undefined,
  };
}

function addParts(parts: Map<string, Set<string>>, path: string): void {
  const names = path.split("/");
  if (names.length > deepest) {
    throw badTfjs(`the name of a weight must have at most ${deepest} parts, got "${path}"`);
  }
  for (const [i, name] of names.entries()) {
    const above = names.slice(0, i).join("/");
    parts.set(above, (parts.get(above) ?? new Set()).add(name));
  }
}
