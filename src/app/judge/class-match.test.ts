import { array, assert, constantFrom, property, string, uniqueArray } from "fast-check";
import { expect, test } from "vitest";
import { matchClasses } from "./class-match.ts";

const labels = ["tench, Tinca tinca", "Great_White shark", "crane", "crane", "cat"];

test("folders mean classes by name, by one of several names, or by number", () => {
  const folders = ["Tinca Tinca", "great-white  shark", "3", "CAT"];
  expect(matchClasses(folders, labels, 5).classes).toEqual([0, 1, 3, 4]);
  expect(matchClasses(["07", "9"], undefined, 9).classes).toEqual([7, undefined]);
});

test("names that differ in case, or in signs between words, are told apart by folders that are written so", () => {
  const alike = ["CAT", "Cat", "cat", "big cat", "big_cat", "Cardigan, a corgi", "cardigan"];
  expect(matchClasses(alike.slice(0, 5), alike, 7).classes).toEqual([0, 1, 2, 3, 4]);
  expect(matchClasses(["cAt", "Big-Cat", "cardigan"], alike, 7).classes).toEqual([
    undefined,
    undefined,
    6,
  ]);
});

test("a name of two classes, or of none, means none and is told", () => {
  expect(matchClasses(["crane", "dog", "5"], labels, 5)).toEqual({
    classes: [undefined, undefined, undefined],
    unknown: ["crane", "dog", "5"],
  });
});

test("every name of a list without like names finds its own class, whatever its case", () => {
  const name = array(constantFrom("a", "B", "c", "D", "1"), { minLength: 2, maxLength: 6 }).map(
    (letters) => `x${letters.join("")}`,
  );
  const names = uniqueArray(name, { selector: (each) => each.toLowerCase(), minLength: 1 });
  assert(
    property(names, (list) => {
      const upper = list.map((each) => each.toUpperCase());
      expect(matchClasses(upper, list, list.length).classes).toEqual(list.map((_, i) => i));
    }),
  );
});

test("whatever folders are called, a class is one of the network's", () => {
  assert(
    property(array(string({ unit: "binary" })), array(string()), (folders, known) => {
      const { classes } = matchClasses(folders, known, known.length);
      for (const each of classes) expect(each === undefined || each < known.length).toBe(true);
    }),
  );
});
