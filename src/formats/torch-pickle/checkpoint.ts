/** @file The weights of a checkpoint: the dictionary of tensors in it, whatever else lies beside. */
import { elementCount } from "../../graph/tensor.ts";
import { ModuleWeights } from "./module-weights.ts";
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

/** Of a key. */
const shownLetters = 60;

/** Dictionaries in dictionaries that are looked through. */
const deepest = 3;

/** Names and tensors, in the order of the file. */
type StoredWeights = ReadonlyMap<string, StoredTensor | UnreadTensor>;

/** Which of the weights in a file were taken, by their keys with "." between; "" where they lie at its top. */
export interface TakenWeights {
  readonly taken: string;
  /** What else holds weights: an average of them, another network. */
  readonly passedOver: readonly string[];
}

/** The weights of a file, and where in it they lie. */
export interface FoundWeights extends TakenWeights {
  readonly weights: StoredWeights;
}

/**
 * The weights of what a file holds: a dictionary of tensors, or a whole module. Throws `bad-file` where there are none, and
 * where there are several, none of them under a usual key.
 */
export function weightsOf(root: PickleValue, find: FindStorage): FoundWeights {
  const found = new Search(find).in(root);
  if (found) return found;
  const object = root instanceof Map ? objectsOf(root)[0] : root;
  if (object instanceof PickleObject && !tensorOf(object, find)) throw withoutWeights(object);
  throw badPickle(
    `a file of weights must hold a dictionary of names and tensors, got ${kindOf(root)}`,
    "save model.state_dict() with torch.save",
  );
}

type Path = readonly string[];

class Search {
  readonly #find: FindStorage;
  readonly #modules: ModuleWeights;
  /** Values that a pickle shares are looked through once. */
  readonly #seen = new Set<PickleValue>();
  readonly #holding = new Map<PickleValue, boolean>();

  constructor(find: FindStorage) {
    this.#find = find;
    this.#modules = new ModuleWeights(find);
  }

  in(value: PickleValue, path: Path = []): FoundWeights | undefined {
    if (path.length > deepest || this.#seen.has(value)) return undefined;
    if (value instanceof PickleObject) {
      const weights = this.#modules.of(value);
      return weights.size > 0 ? foundAt(path, weights, []) : undefined;
    }
    if (!(value instanceof Map)) return undefined;
    this.#seen.add(value);
    const own = this.#tensorsOf(value);
    for (const key of usualKeys) {
      const inside = this.in(value.get(key) ?? null, [...path, key]);
      if (!inside || inside.weights.size < own.size) continue;
      const beside = this.#holders(value, path, (_, each) => each === value.get(key));
      return { ...inside, passedOver: [...inside.passedOver, ...beside] };
    }
    const inside = [...own.values()].some(isWeight) ? undefined : this.#onlyOne(value, path);
    if (inside || own.size === 0) return inside;
    return foundAt(
      path,
      own,
      this.#holders(value, path, (key) => own.has(key)),
    );
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

  #onlyOne(value: ReadonlyMap<PickleValue, PickleValue>, path: Path): FoundWeights | undefined {
    // Entries by number are what optimizers keep for each weight.
    const found = [...value].flatMap(([key, each]) => {
      const inside = typeof key === "string" ? this.in(each, [...path, key]) : undefined;
      return inside ? [{ key: JSON.stringify(key), inside }] : [];
    });
    if (found.length < 2) return found[0]?.inside;
    const names = found.slice(0, 8).map(({ key }) => key);
    throw badPickle(
      `a file of weights must hold those of one network, got ${names.join(", ")}`,
      "save the one that you want by itself",
    );
  }

  /** Where else in a dictionary weights lie. */
  #holders(
    map: ReadonlyMap<PickleValue, PickleValue>,
    path: Path,
    isTaken: (key: string, value: PickleValue) => boolean,
  ): readonly string[] {
    return [...map].flatMap(([key, each]) => {
      const isOther = typeof key === "string" && !isTaken(key, each);
      return isOther && this.#holds(each, path.length + 1) ? [shownPath([...path, key])] : [];
    });
  }

  #holds(value: PickleValue, level: number): boolean {
    if (level > deepest) return false;
    const isKnown = this.#holding.get(value);
    if (isKnown !== undefined) return isKnown;
    const isHolder = this.#looksLikeHolder(value, level);
    if (value instanceof Map || value instanceof PickleObject) this.#holding.set(value, isHolder);
    return isHolder;
  }

  #looksLikeHolder(value: PickleValue, level: number): boolean {
    const tensor = tensorOf(value, this.#find);
    if (tensor) return isWeight(tensor);
    if (value instanceof PickleObject) return [...this.#modules.of(value).values()].some(isWeight);
    if (!(value instanceof Map)) return false;
    return [...value].some(
      ([key, each]) => typeof key === "string" && this.#holds(each, level + 1),
    );
  }
}

function foundAt(path: Path, weights: StoredWeights, passedOver: readonly string[]): FoundWeights {
  return { weights, taken: shownPath(path), passedOver };
}

function shownPath(path: Path): string {
  return path.map((key) => key.slice(0, shownLetters)).join(".");
}

/** Losses and counts that lie beside the weights are single numbers, states of random numbers are whole ones. */
function isWeight(tensor: StoredTensor | UnreadTensor): boolean {
  if (tensor instanceof UnreadTensor) return true;
  return tensor.type.includes("float") && elementCount(tensor.dims) > 1;
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
