/** @file The weights of a checkpoint: the dictionary of tensors in it, whatever else lies beside. */
import { badPickle } from "./pickle-bytes.ts";
import { PickleObject, type PickleValue } from "./pickle-value.ts";
import { tensorOf, type FindStorage, type UnreadTensor } from "./rebuilt.ts";
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

/** The weights of what a file holds. Throws `bad-file` for a whole module, and where there are none. */
export function weightsOf(root: PickleValue, find: FindStorage): StoredWeights {
  if (root instanceof PickleObject) throw wholeModule(root);
  const found = new Search(find).in(root);
  if (found) return found;
  const module = root instanceof Map ? modulesOf(root)[0] : undefined;
  if (module) throw wholeModule(module);
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
    if (!(value instanceof Map) || level > deepest || this.#seen.has(value)) return undefined;
    this.#seen.add(value);
    const weights = new Map<string, StoredTensor | UnreadTensor>();
    for (const [key, each] of value) {
      if (typeof key !== "string") continue;
      const tensor = tensorOf(each, this.#find);
      if (tensor) weights.set(key, tensor);
    }
    if (weights.size > 0) return weights;
    for (const key of usualKeys) {
      const inside = this.in(value.get(key) ?? null, level + 1);
      if (inside) return inside;
    }
    return this.#onlyOne(value, level);
  }

  #onlyOne(value: ReadonlyMap<PickleValue, PickleValue>, level: number): StoredWeights | undefined {
    const found = [...value].flatMap(([key, each]) => {
      const inside = this.in(each, level + 1);
      return inside ? [{ key: shownKey(key), inside }] : [];
    });
    if (found.length < 2) return found[0]?.inside;
    const names = found.slice(0, 8).map(({ key }) => key);
    throw badPickle(
      `a file of weights must hold those of one network, got ${names.join(", ")}`,
      "save the one that you want by itself",
    );
  }
}

function shownKey(key: PickleValue): string {
  return typeof key === "string" || typeof key === "number" ? JSON.stringify(key) : "another";
}

function modulesOf(root: Map<PickleValue, PickleValue>): PickleObject[] {
  return usualKeys.flatMap((key) => {
    const value = root.get(key);
    return value instanceof PickleObject ? [value] : [];
  });
}

function wholeModule({ maker }: PickleObject): Error {
  return badPickle(
    `a file of weights must hold a dictionary of tensors, got an object of the class ${maker.name}, which only the program that it comes from can make`,
    "save model.state_dict() with torch.save, or the network with torch.export.save",
  );
}

function kindOf(value: PickleValue): string {
  if (value instanceof Map) return `one of ${value.size} other entries`;
  return Array.isArray(value) ? "a list" : "another value";
}
