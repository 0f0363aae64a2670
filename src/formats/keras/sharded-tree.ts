/** @file The variables of `model.weights.json`, which says in which of several files each layer's lie. */
import * as v from "valibot";
import { readJson, shownJson } from "../../wording/read-json.ts";
import { openHdf5 } from "../hdf5/open.ts";
import type { ByteSource } from "../source.ts";
import { badWeights } from "./bad-weights.ts";
import { hdf5Tree } from "./hdf5-tree.ts";
import { joinedTrees, type VariableTree } from "./variable-tree.ts";

const mostBytes = 2 ** 26;
const mostShards = 1000;

/** Layers by their paths, with the file or files that they lie in. */
const schema = v.object({
  weight_map: v.record(v.string(), v.union([v.string(), v.array(v.string())])),
});

/**
 * The tree of all shards that the index names; they lie beside it. A layer whose variables go on in the next shard is
 * named with the first alone, so that each is looked for in all. Throws `bad-file` for shards that are missing.
 */
export async function shardedTree(index: ByteSource): Promise<VariableTree> {
  if (index.size > mostBytes) {
    throw badWeights(`"${index.name}" must have at most ${mostBytes} bytes, got ${index.size}`);
  }
  const read = readJson(new TextDecoder().decode(await index.read(0, index.size)));
  const parsed = v.safeParse(schema, "value" in read ? read.value : undefined);
  if (!parsed.success) {
    const got = "fault" in read ? read.fault : shownJson(read.value);
    throw badWeights(`"${index.name}" must map layers to files, got ${got}`);
  }
  const names = [...new Set(Object.values(parsed.output.weight_map).flat())];
  if (names.length > mostShards) {
    throw badWeights(`weights must lie in at most ${mostShards} files, got ${names.length}`);
  }
  const trees: VariableTree[] = [];
  for (const name of names) {
    const shard = await index.beside(name);
    if (!shard) throw badWeights(`"${name}" must lie beside "${index.name}", got no such file`);
    trees.push(await hdf5Tree(await openHdf5(shard)));
  }
  return joinedTrees(trees);
}
