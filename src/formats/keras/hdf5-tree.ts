/** @file The variables of `model.weights.h5`. */
import type { Hdf5Group } from "../hdf5/group.ts";
import { datasetVariable } from "./hdf5-variable.ts";
import { inOrder, ownVariables, type VariableTree } from "./variable-tree.ts";
import type { Variable } from "./weight-store.ts";

/** The tree of a file, whose groups are the parts of paths; Windows once wrote whole paths with `\` as one name. */
export async function hdf5Tree(root: Hdf5Group): Promise<VariableTree> {
  const flat = (await root.names()).filter((name) => name.includes("\\"));
  const plainNames = new Map(flat.map((name) => [name.replaceAll("\\", "/"), name]));
  const groupAt = async (path: string): Promise<Hdf5Group | undefined> => {
    const found = await root.group(path);
    const name = plainNames.get(path);
    return found ?? (name === undefined ? undefined : root.group(name));
  };
  return {
    variables: async (path) => {
      const group = await groupAt(path);
      const own = await group?.group(ownVariables);
      return own ? variablesIn(own) : [];
    },
    parts: async (path) => {
      const names = (await (await groupAt(path))?.names()) ?? [];
      const inner = [...plainNames.keys()]
        .filter((name) => path === "" || name.startsWith(`${path}/`))
        .map((name) => name.slice(path === "" ? 0 : path.length + 1).split("/")[0]!);
      const plain = names.filter((name) => name !== ownVariables && !name.includes("\\"));
      return [...new Set([...plain, ...inner])];
    },
    nameOf: async (path) => {
      const own = await (await groupAt(path))?.group(ownVariables);
      return own?.text("name");
    },
  };
}

async function variablesIn(group: Hdf5Group): Promise<readonly Variable[]> {
  const found: Variable[] = [];
  for (const name of await group.names()) {
    const dataset = await group.dataset(name);
    if (dataset) found.push(datasetVariable(name, dataset));
  }
  return inOrder(found);
}
