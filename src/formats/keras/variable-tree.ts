/** @file The variables of .keras archives by the paths of their layers, however they are stored. */
import type { Variable } from "./weight-store.ts";

/** What lies at paths such as `layers/conv2d`, `layers/functional/layers/dense_1`; "" is the model itself. */
export interface VariableTree {
  /** A layer's own variables, in the order of their numbers; none for a path that leads nowhere. */
  variables(path: string): Promise<readonly Variable[]>;
  /** Names of what lies directly below a path, in the file's order. */
  parts(path: string): Promise<readonly string[]>;
  /** What the layer at a path is called, where the file tells. */
  nameOf(path: string): Promise<string | undefined>;
}

/** Where the variables of a layer lie below its path. */
export const ownVariables = "vars";

/** Variables in the order of their numbers, others behind. */
export function inOrder(variables: readonly Variable[]): readonly Variable[] {
  const place = ({ name }: Variable) => (/^\d+$/.test(name) ? Number(name) : Infinity);
  return variables.toSorted((a, b) => (place(a) < place(b) ? -1 : Number(place(a) > place(b))));
}

/** Several trees as one: of the shards of a model, a layer's variables may lie in more than one. */
export function joinedTrees(trees: readonly VariableTree[]): VariableTree {
  const all = async <T>(ask: (tree: VariableTree) => Promise<readonly T[]>): Promise<T[]> =>
    (await Promise.all(trees.map(ask))).flat();
  return {
    variables: async (path) => inOrder(await all((tree) => tree.variables(path))),
    parts: async (path) => [...new Set(await all((tree) => tree.parts(path)))],
    nameOf: async (path) => {
      const names = await Promise.all(trees.map((tree) => tree.nameOf(path)));
      return names.find((name) => name !== undefined);
    },
  };
}
