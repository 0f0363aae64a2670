/** @file The weights of a checkpoint: the dictionary of tensors in it, whatever else lies beside. */
import { elementCount } from "../../graph/tensor.ts";
import { moduleWeights } from "./module-weights.ts";
import { badPickle } from "./pickle-bytes.ts";
import { PickleObject, type PickleValue } from "./pickle-value.ts";
import { tensorOf, UnreadTensor, type FindStorage } from "./rebuilt.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/** Keys under which training programs keep the weights, the most telling first. */
const usualKeys = [
  "state_dict",
  "model_state_dict",
  "model_state",
  "state_dict_ema",
  "model",
  "net",
  "network",
  "weights",
  "params",
  "module",
] as const;

/** Dictionaries in dictionaries that are looked through. */
const deepest = 3;

/** Names and tensors, in the order of the file. */
export type StoredWeights = ReadonlyMap<string, StoredTensor | UnreadTensor>;

/**
 * The weights of what a file holds: a dictionary of tensors, or a whole module. Throws `bad-file` where there are none, and
 * where there are several.
 */
export function weightsOf(root: PickleValue, find: FindStorage): StoredWeights {
  const found = new Search(find).in(root);
  if (found) return found;
  const object = root instanceof Map ? objectsOf(root)[0] : root;
  if (object instanceof PickleObject && !tensorOf(object, find)) throw withoutWeights(object);
  throw badPickle(
    `a file of weights must hold a dictionary of names and tensors, got ${kindOf(root)}`,
    "save model.state_dict() with torch.save",
  );
}

class Search {
  readonly #find: FindStorage;
  /** Values that a pickle shares are looked through once. */
  readonly #seen = new Set<PickleValue>();

  constructor(find: FindStorage) {
    this.#find = find;
  }

  in(value: PickleValue, level = 0): StoredWeights | undefined {
    if (level > deepest || this.#seen.has(value)) return undefined;
    if (value instanceof PickleObject) {
      const weights = moduleWeights(value, this.#find);
      return weights.size > 0 ? weights : undefined;
    }
    if (!(value instanceof Map)) return undefined;
    this.#seen.add(value);
    const own = this.#tensorsOf(value);
    for (const key of usualKeys) {
      const inside = this.in(value.get(key) ?? null, level + 1);
      if (inside && inside.size >= own.size) return inside;
    }
    if ([...own.values()].some(isLarge)) return own;
    return this.#onlyOne(value, level) ?? (own.size > 0 ? own : undefined);
  }

  #tensorsOf(map: ReadonlyMap<PickleValue, PickleValue>): StoredWeights {
    const weights = new Map<string, StoredTensor | UnreadTensor>();
    for (const [key, each] of map) {
      if (typeof key !== "string") continue;
      const tensor = tensorOf(each, this.#find);
      if (tensor) weights.set(key, tensor);
    }
    return weights;
  }

  #onlyOne(value: ReadonlyMap<PickleValue, PickleValue>, level: number): StoredWeights | undefined {
    // Entries by number are what optimizers keep for each weight.
    const found = [...value].flatMap(([key, each]) => {
      const inside = typeof key === "string" ? this.in(each, level + 1) : undefined;
      return inside ? [{ key: JSON.stringify(key), inside }] : [];
    });
    if (found.length < 2) return found[0]?.inside;
    const names = found.slice(0, 8).map(({ key }) => key);
    throw badPickle(
      `a file of weights must hold those of one network, got ${names.join(", ")}`,
      "save the one that you want by itself",
    );
  }
}

/** Losses and counts that lie beside the weights are single numbers. */
function isLarge(tensor: StoredTensor | UnreadTensor): boolean {
  return tensor instanceof UnreadTensor || elementCount(tensor.dims) > 1;
}

function objectsOf(root: Map<PickleValue, PickleValue>): PickleObject[] {
  return usualKeys.flatMap((key) => {
    const value = root.get(key);
    return value instanceof PickleObject ? [value] : [];
  });
}

function withoutWeights({ maker }: PickleObject): Error {
  return badPickle(
    `a file of weights must hold a dictionary of tensors, got an object of the class ${maker.name}, which only the program that it comes from can make`,
    "save model.state_dict() with torch.save, or the network with torch.export.save",
  );
}

function kindOf(value: PickleValue): string {
  if (value instanceof Map) return `one of ${value.size} other entries`;
  if (value instanceof PickleObject) return "a single tensor";
  return Array.isArray(value) ? "a list" : "another value";
}
