/** @file The weights of Keras's files, by which of its layouts they have. */
import type { FolderSource } from "../folder-source.ts";
import type { Hdf5Group } from "../hdf5/group.ts";
import { openHdf5 } from "../hdf5/open.ts";
import { zipFiles } from "../zip-folder.ts";
import { badWeights } from "./bad-weights.ts";
import { countedWeights } from "./counted-weights.ts";
import { hdf5Tree } from "./hdf5-tree.ts";
import { legacyWeights, listsLayers } from "./legacy-weights.ts";
import { npzTree } from "./npz-tree.ts";
import { shardedTree } from "./sharded-tree.ts";
import type { WeightStore } from "./weight-store.ts";

/** The group of legacy files that hold more than weights. */
const legacyGroup = "model_weights";

/**
 * The weights of an .h5 file: of Keras 2 and its successors in the old layout, or of Keras 3's `save_weights`. Throws
 * `bad-file` for a file that holds neither.
 */
export async function hdf5Weights(root: Hdf5Group): Promise<WeightStore> {
  const inner = await root.group(legacyGroup);
  if (inner) return legacyWeights(inner);
  if (await listsLayers(root)) return legacyWeights(root);
  const names = await root.names();
  if (names.some((name) => /^(layers|_layer_checkpoint_dependencies)(\\|$)/.test(name))) {
    return countedWeights(await hdf5Tree(root));
  }
  const got = names.slice(0, 5).join(", ") || "nothing";
  throw badWeights(`an .h5 file must hold the weights of layers, got ${got}`);
}

/** Weights in the files of a .keras archive. Throws `bad-file` for one without. */
export async function archiveWeights(folder: FolderSource): Promise<WeightStore> {
  const has = (name: string) => folder.files.includes(name);
  if (has("model.weights.h5")) {
    return hdf5Weights(await openHdf5(await folder.file("model.weights.h5")));
  }
  if (has("model.weights.json")) {
    return countedWeights(await shardedTree(await folder.file("model.weights.json")));
  }
  if (has("model.weights.npz")) {
    return countedWeights(npzTree(await zipFiles(await folder.file("model.weights.npz"))));
  }
  throw badWeights(
    `a .keras archive must have model.weights.h5, .npz or .json, got ${folder.files.slice(0, 8).join(", ") || "no file"}`,
  );
}
