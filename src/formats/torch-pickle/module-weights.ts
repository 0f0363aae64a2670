/** @file The weights of a whole module that torch.save pickled, by the names of its state dictionary; no class of it is run. */
import { badPickle } from "./pickle-bytes.ts";
import { PickleObject, type PickleValue } from "./pickle-value.ts";
import { tensorOf, type FindStorage, type UnreadTensor } from "./rebuilt.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/** Modules in modules. */
const deepest = 64;
const mostModules = 100_000;

/** torch.nn.Module keeps its tensors in these, in this order in a state dictionary. */
const tensorTables = ["_parameters", "_buffers"] as const;

/**
 * Names and tensors as `module.state_dict()` has them, and buffers that it leaves out; none for objects that are no
 * modules. Throws `bad-file` for far too many modules.
 */
export function moduleWeights(
  module: PickleObject,
  find: FindStorage,
): ReadonlyMap<string, StoredTensor | UnreadTensor> {
  const weights = new Map<string, StoredTensor | UnreadTensor>();
  let left = mostModules;
  collect(module, "", 0);
  return weights;

  function collect(value: PickleValue, prefix: string, level: number): void {
    if (!(value instanceof PickleObject) || !(value.state instanceof Map)) return;
    left -= 1;
    if (left < 0 || level > deepest) {
      throw badPickle(
        `modules must be at most ${mostModules}, in at most ${deepest} of each other, got more`,
        "save model.state_dict() with torch.save",
      );
    }
    for (const table of tensorTables) {
      for (const [name, each] of entriesOf(value.state.get(table))) {
        const tensor = tensorOf(each, find);
        if (tensor) weights.set(prefix + name, tensor);
      }
    }
    for (const [name, each] of entriesOf(value.state.get("_modules"))) {
      collect(each, `${prefix}${name}.`, level + 1);
    }
  }
}

function entriesOf(table: PickleValue | undefined): readonly (readonly [string, PickleValue])[] {
  if (!(table instanceof Map)) return [];
  return [...table].flatMap(([name, value]) =>
    typeof name === "string" ? [[name, value] as const] : [],
  );
}
