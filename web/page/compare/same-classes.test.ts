/** @file Classes of two networks are the same by what is sure alone, however their names repeat and differ in case. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sameClasses } from "./same-classes.ts";

const named = (...names: readonly string[]) => ({ names, count: undefined });
const unnamed = (count: number | undefined) => ({ names: undefined, count });

/** Few names, so that many of them have twins, exactly or but for their case. */
const name = fc.constantFrom("crane", "Crane", "CRANE", "cardigan", "Cardigan", "maillot", "fox");
const names = fc.array(name, { minLength: 1, maxLength: 8 });

const countOf = (all: readonly string[], wanted: string) =>
  all.filter((each) => each === wanted).length;
const folded = (all: readonly string[]) => all.map((each) => each.toLowerCase());

test("a network beside itself has its own classes, however many of one name", () => {
  fc.assert(
    fc.property(names, (all) => {
      const same = sameClasses(named(...all), named(...all))!;
      for (const number of all.keys()) expect(same(number)).toBe(number);
    }),
    { numRuns: 300 },
  );
});

test("classes are the same only by a name that both have once, and each has one partner", () => {
  fc.assert(
    fc.property(names, names, (first, second) => {
      fc.pre(first.join() !== second.join());
      const same = sameClasses(named(...first), named(...second)) ?? (() => undefined);
      const partners = [...first.keys()].flatMap((number) => same(number) ?? []);
      expect(new Set(partners).size).toBe(partners.length);
      for (const [number, own] of first.entries()) {
        const low = own.toLowerCase();
        const isExact = countOf(first, own) === 1 && countOf(second, own) === 1;
        const isAlone = countOf(folded(first), low) === 1 && countOf(folded(second), low) === 1;
        const partner = same(number);
        expect(partner !== undefined).toBe(isExact || isAlone);
        if (partner === undefined) continue;
        expect(second[partner]!.toLowerCase()).toBe(low);
        if (isExact) expect(second[partner]).toBe(own);
      }
    }),
    { numRuns: 1000 },
  );
});

test("names of one network in another order lead to the same names", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), fc.nat(), (all, turn) => {
      const at = turn % all.length;
      const turned = [...all.slice(at), ...all.slice(0, at)];
      const same = sameClasses(named(...all), named(...turned));
      for (const [number, own] of all.entries()) expect(turned[same!(number)!]).toBe(own);
    }),
    { numRuns: 300 },
  );
});

test("without names of both numbers say it, but only of as many classes", () => {
  expect(sameClasses(unnamed(3), unnamed(3))!(2)).toBe(2);
  expect(sameClasses(unnamed(2), named("cat", "dog"))!(1)).toBe(1);
  expect(sameClasses(unnamed(undefined), unnamed(undefined))!(7)).toBe(7);
  for (const other of [unnamed(10), unnamed(undefined), named("cat", "dog", "fox")])
    expect(sameClasses(unnamed(2), other)).toBeUndefined();
  expect(sameClasses(named("cat"), named("car"))).toBeUndefined();
});
