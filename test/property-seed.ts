/** @file The seed that fast-check draws all properties from: the same in every run of the tests, unless another is asked for. */

/** The seed that a variable of the environment asks for, a whole number; 1 without one. */
export function propertySeed(asked: string | undefined): number {
  const seed = asked === undefined ? 1 : Number(asked);
  if (asked?.trim() === "" || !Number.isInteger(seed)) {
    throw new Error(`LIMPID_PROPERTY_SEED: must be a whole number, got "${asked}".`);
  }
  return seed;
}
