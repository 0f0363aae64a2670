/** @file The weights of whole modules that torch.save pickled, by the names of their state dictionaries; no class of them is run. */
import { badPickle } from "./pickle-bytes.ts";
import { PickleObject, type PickleValue } from "./pickle-value.ts";
import { tensorOf, type FindStorage, type UnreadTensor } from "./rebuilt.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/** Modules in modules. */
const deepest = 64;

/** Letters of all names: a module that is in many others has names in each. */
const mostLetters = 2 ** 26;

/** torch.nn.Module keeps its tensors in these, in this order in a state dictionary. */
const tensorTables = ["_parameters", "_buffers"] as const;

/** Reads the modules of one file. */
export class ModuleWeights {
  readonly #find: FindStorage;
  readonly #known = new Map<PickleObject, ReadonlyMap<string, StoredTensor | UnreadTensor>>();
  #lettersLeft = mostLetters;

  constructor(find: FindStorage) {
    this.#find = find;
  }

  /**
   * Names and tensors as `module.state_dict()` has them, and buffers that it leaves out; none for objects that are no
   * modules. Throws `bad-file` for far too many.
   */
  of(module: PickleObject): ReadonlyMap<string, StoredTensor | UnreadTensor> {
    const known = this.#known.get(module);
    if (known) return known;
    const weights = new Map<string, StoredTensor | UnreadTensor>();
    this.#collect(weights, module, "", 0);
    this.#known.set(module, weights);
    return weights;
  }

  #collect(
    weights: Map<string, StoredTensor | UnreadTensor>,
    value: PickleValue,
    prefix: string,
    level: number,
  ): void {
    if (!(value instanceof PickleObject) || !(value.state instanceof Map)) return;
    if (level > deepest) throw tooMany(`modules in at most ${deepest} of each other`);
    for (const table of tensorTables) {
      for (const [name, each] of this.#entries(value.state.get(table), prefix)) {
        const tensor = tensorOf(each, this.#find);
        if (tensor) weights.set(prefix + name, tensor);
      }
    }
    for (const [name, each] of this.#entries(value.state.get("_modules"), prefix)) {
      this.#collect(weights, each, `${prefix}${name}.`, level + 1);
    }
  }

  *#entries(
    table: PickleValue | undefined,
    prefix: string,
  ): Generator<readonly [string, PickleValue]> {
    if (!(table instanceof Map)) return;
    for (const [name, value] of table) {
      if (typeof name !== "string") continue;
      this.#lettersLeft -= prefix.length + name.length + 1;
      if (this.#lettersLeft < 0) throw tooMany(`names of at most ${mostLetters} letters in all`);
      yield [name, value];
    }
  }
}

function tooMany(what: string): Error {
  return badPickle(
    `a module must have ${what}, got more`,
    "save model.state_dict() with torch.save",
  );
}
