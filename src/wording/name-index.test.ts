import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nameIndex } from "./name-index.ts";

/** Names that are twins, or differ in case or in signs between words, more often than not. */
const names = fc.array(fc.stringMatching(/^[aAbB][ _]?[aAb]?$/), { minLength: 1, maxLength: 8 });
const spaced = (name: string) => name.replaceAll("_", " ");

/** As it is said, name by name. */
function meant(all: readonly string[], text: string): readonly number[] {
  const same = [
    (name: string) => name === text,
    (name: string) => spaced(name) === spaced(text),
    (name: string) => spaced(name).toLowerCase() === spaced(text).toLowerCase(),
  ];
  const found = same.map((isSame) => all.flatMap((name, i) => (isSame(name) ? [i] : [])));
  return found.find(({ length }) => length > 0) ?? [];
}

test("a name that is written so wins; signs and then case are overlooked where none is", () => {
  fc.assert(
    fc.property(names, names, (all, texts) => {
      const index = nameIndex(all, spaced);
      for (const text of [...all, ...texts]) expect(index(text)).toEqual(meant(all, text));
    }),
    { numRuns: 500 },
  );
});

test("every name without a twin is found as it is written", () => {
  fc.assert(
    fc.property(names, (all) => {
      for (const [i, name] of all.entries()) {
        if (all.indexOf(name) !== all.lastIndexOf(name)) continue;
        expect(nameIndex(all)(name)).toEqual([i]);
      }
    }),
    { numRuns: 300 },
  );
});
