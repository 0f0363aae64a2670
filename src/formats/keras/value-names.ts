/** @file What the values of layers are called in the graph: by their makers' names, which nested models may repeat. */
import type { KerasModel } from "./model-config.ts";

/**
 * Gives each call of a layer a name of its own. The first call of a layer whose name is the only one in all models has
 * that name; layers of nested models that share one bear their model's name in front, as `backbone/conv`.
 */
export class ValueNames {
  readonly #counts = new Map<string, number>();
  readonly #taken = new Set<string>();
  /** Calls so far, by the name that the first was given. */
  readonly #calls = new Map<string, number>();

  constructor(model: KerasModel) {
    this.#count(model);
  }

  #count({ layers }: KerasModel): void {
    for (const { name, model } of layers) {
      if (model) this.#count(model);
      else this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
  }

  /** Names that a first call is given. */
  all(): Iterable<string> {
    return this.#counts.keys();
  }

  /** The name of the next call of a layer, where `path` names the nested models that it is in, the outermost first. */
  next(path: readonly string[], name: string): string {
    const isAlone = path.length === 0 || this.#counts.get(name) === 1;
    const hint = isAlone ? name : [...path, name].join("/");
    let call = this.#calls.get(hint) ?? 0;
    let found: string;
    do {
      call += 1;
      found = call === 1 ? hint : `${hint}/call_${call}`;
    } while (this.#taken.has(found));
    this.#calls.set(hint, call);
    this.#taken.add(found);
    return found;
  }
}
