/** @file Names of classes that leave the background, or COCO's gaps, out. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { libraryWords, wordsOf } from "../wording/face.ts";
import { imagenetClasses } from "./imagenet-classes.ts";
import { labelsOf, type AskedLabels } from "./labels.ts";

const asked = (names: readonly string[]): AskedLabels => ({
  text: names.join("\n"),
  from: "names.txt",
});
const said = ({ note }: Awaited<ReturnType<typeof labelsOf>>) =>
  note ? wordsOf(note, libraryWords) : "";

test("1,001 classes are ImageNet's behind the background, which is said as assumed", async () => {
  const found = await labelsOf(undefined, 1001, new Map());
  expect(found.names).toHaveLength(1001);
  expect([found.names![0], found.names![1], found.names![1000]]).toEqual([
    "background",
    imagenetClasses[0],
    imagenetClasses[999],
  ]);
  expect(said(found)).toMatch(
    /1,001 classes; took them for ImageNet's, behind one for the background/,
  );
  expect(await labelsOf(undefined, 1002, new Map())).toEqual({ names: undefined });
});

test("any list with one name less than classes leaves class 0 for the background; others are refused", async () => {
  const name = fc
    .stringMatching(/^[a-z]{3,9}$/)
    .filter((word) => !["none", "nothing", "background"].includes(word));
  const lists = fc.uniqueArray(name, { minLength: 2, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(
      lists,
      fc.integer({ min: -1, max: 3 }),
      fc.boolean(),
      async (names, more, isAsked) => {
        const classes = names.length + more;
        const metadata = isAsked ? new Map() : new Map([["names", JSON.stringify(names)]]);
        const find = async () => labelsOf(isAsked ? asked(names) : undefined, classes, metadata);
        if (more === 0) expect((await find()).names).toEqual(names);
        else if (more === 1) {
          expect((await find()).names).toEqual(["background", ...names]);
          expect(said(await find())).toMatch(/class 0 is assumed to be the background/);
        } else if (isAsked) await expect(find()).rejects.toThrow(/must have \d+ names/);
        else expect((await find()).names).toBeUndefined();
      },
    ),
    { numRuns: 300 },
  );
});

test("a list that has a background already is not given another", async () => {
  await expect(labelsOf(asked(["__background__", "cat", "dog"]), 4, new Map())).rejects.toThrow(
    /must have 4 names/,
  );
});

test("COCO's 80 names lie at its own numbers of 90 and 91 classes", async () => {
  const coco = Array.from({ length: 80 }, (_, i) => `thing ${i}`);
  [coco[0], coco[11], coco[79]] = ["person", "stop sign", "toothbrush"];
  const wide = await labelsOf(asked(coco), 91, new Map());
  expect([wide.names![0], wide.names![1], wide.names![13], wide.names![90]]).toEqual([
    "background",
    "person",
    "stop sign",
    "toothbrush",
  ]);
  const narrow = await labelsOf(asked(coco), 90, new Map());
  expect([narrow.names![0], narrow.names![12], narrow.names![89]]).toEqual([
    "person",
    "stop sign",
    "toothbrush",
  ]);
  expect(narrow.names![11]).toBe("number 12, unused");
  expect(said(narrow)).toMatch(/COCO's own from 1 to 90/);
  expect((await labelsOf(asked(coco), 80, new Map())).names).toEqual(coco);
});
