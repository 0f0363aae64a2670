import * as fc from "fast-check";
import { expect, test } from "vitest";
import { randomStream } from "../../random.ts";
import { classesOf, decodeAnswers } from "./answers.ts";
import { ClassSums } from "./class-sums.ts";

/** Photos in which channel 0 adds about 1 to class 5 and takes about 2 from class 7, and channel 1 adds noise around 0. */
function photo(random: { normal(): number }): readonly Float64Array[] {
  return [
    Float64Array.of(
      1 + 0.1 * random.normal(),
      random.normal(),
      -2 + 0.1 * random.normal(),
      random.normal(),
    ),
  ];
}

function sumsOf(photos: readonly (readonly Float64Array[])[]): ClassSums {
  const sums = new ClassSums([5, 7], [2]);
  for (const each of photos) sums.add(each);
  return sums;
}

test("classes are told with mean and standard error, for before against, and noise is not", () => {
  const random = randomStream("class sums");
  const photos = Array.from({ length: 40 }, () => photo(random));
  const [first, second, ...more] = sumsOf(photos).of(0, 0);
  expect(more).toEqual([]);
  const means = [0, 2].map((at) => photos.reduce((sum, [each]) => sum + each![at]!, 0) / 40);
  const errors = [0, 2].map((at, i) => {
    const squares = photos.reduce((sum, [each]) => sum + (each![at]! - means[i]!) ** 2, 0);
    return Math.sqrt(squares / 39 / 40);
  });
  expect([first![0], second![0]]).toEqual([5, 7]);
  for (const [i, told] of [first!, second!].entries()) {
    expect(told[1]).toBeCloseTo(means[i]!, 9);
    expect(told[2]).toBeCloseTo(errors[i]!, 9);
  }
  expect(sumsOf(photos).of(0, 1)).toEqual([]);
  expect(sumsOf(photos.slice(0, 9)).of(0, 0)).toEqual([]);
});

test("a channel that adds nothing speaks for nothing", () => {
  const nothing = Array.from({ length: 30 }, () => [new Float64Array(4)]);
  expect(sumsOf(nothing).of(0, 0)).toEqual([]);
});

test("parts put together are the sums of all, through their bytes", () => {
  const random = randomStream("class sums", 1);
  const photos = Array.from({ length: 30 }, () => photo(random));
  const all = new ClassSums([5, 7], [2]);
  for (const part of [photos.slice(0, 11), photos.slice(11)])
    all.absorb(ClassSums.decode(sumsOf(part).encode(), "part", [5, 7], [2]));
  expect(all.photos).toBe(30);
  const [found, whole] = [all.of(0, 0), sumsOf(photos).of(0, 0)];
  for (const [i, [number, mean, error]] of whole.entries()) {
    expect(found[i]![0]).toBe(number);
    expect(found[i]![1]).toBeCloseTo(mean, 12);
    expect(found[i]![2]).toBeCloseTo(error, 9);
  }
});

test("foreign bytes are refused", () => {
  const bytes = sumsOf([]).encode();
  expect(() => ClassSums.decode(bytes, "p", [5, 8], [2])).toThrow(
    '"p" must hold what channels add',
  );
  expect(() => ClassSums.decode(bytes, "p", [5, 7], [3])).toThrow("must hold what channels add");
  expect(() => decodeAnswers(bytes, "p", 3)).toThrow('"p" must hold the answers to 3 photos');
});

test("of a network with many classes those are looked at that are answers, the most frequent first", () => {
  expect(classesOf([2, undefined], 3)).toEqual([0, 1, 2]);
  expect(classesOf([700, undefined, 3, 700], 1000)).toEqual([3, 700]);
  fc.assert(
    fc.property(
      fc.array(fc.option(fc.nat(60), { nil: undefined }), { maxLength: 200 }),
      (answers) => {
        const found = classesOf(answers, 1000);
        const count = (number: number) => answers.filter((answer) => answer === number).length;
        expect(found).toEqual(found.toSorted((a, b) => a - b));
        const rest = answers.flatMap((answer) =>
          answer === undefined || found.includes(answer) ? [] : [answer],
        );
        expect(found.length === 24 || rest.length === 0).toBe(true);
        const least = Math.min(...found.map(count));
        for (const other of rest) expect(count(other)).toBeLessThanOrEqual(least);
      },
    ),
  );
});
