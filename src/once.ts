/** @file Values that are made once a key; one that fails is made again when it is asked for again. */

type Promised<Made> = Map<string, Promise<Made>>;

/** The value that is known under a key, or else a new one. */
export function once<Made>(
  known: Promised<Made>,
  key: string,
  make: () => Promise<Made>,
): Promise<Made> {
  const found = known.get(key);
  if (found) return found;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}

/** Values of objects by key, for as long as the objects live. */
export class OnceEach<Owner extends object, Made> {
  readonly #known = new WeakMap<Owner, Promised<Made>>();

  get(owner: Owner, key: string, make: () => Promise<Made>): Promise<Made> {
    const known = this.#known.get(owner) ?? new Map<string, Promise<Made>>();
    this.#known.set(owner, known);
    return once(known, key, make);
  }
}
