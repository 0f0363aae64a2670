/** @file The second network is asked what the first explains, or nothing: never another class, box, channel or sum. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { ClassAnswer } from "../../protocol.ts";
import { sameClasses } from "./same-classes.ts";
import { targetOfSecond, type Looking } from "./same-target.ts";

function looking(
  names: readonly string[] | undefined,
  answers: readonly ClassAnswer[] = [],
): Looking {
  return { model: { classes: names }, picture: { answers, listed: [0, names?.length ?? 10] } };
}

const explained = (target: string, number?: number, region?: string) => ({
  asked: {
    method: "gradient",
    target,
    layer: undefined,
    isChecked: false,
    ...(region === undefined ? {} : { region }),
  },
  class: number,
});

const name = fc.constantFrom("cat", "Cat", "dog", "fox", "owl", "crane");
const names = fc.array(name, { minLength: 1, maxLength: 6 });

test("a class, or a sum of classes, is asked by the numbers of the same, or not at all", () => {
  fc.assert(
    fc.property(names, names, fc.nat(), fc.nat(), (own, others, plus, minus) => {
      const [first, second] = [looking(own), looking(others)];
      const same = sameClasses(
        { names: own, count: undefined },
        { names: others, count: undefined },
      );
      const [a, b] = [plus % own.length, minus % own.length];
      const [partner, taken] = [same?.(a), same?.(b)];
      const ofClass = targetOfSecond(explained("top", a), first, second);
      expect(ofClass?.target).toBe(partner?.toString());
      const ofSum = targetOfSecond(explained(`${a} minus ${b}`), first, second);
      const isWhole = partner !== undefined && taken !== undefined;
      expect(ofSum?.target).toBe(isWhole ? `${partner} minus ${taken}` : undefined);
      if (ofSum) expect(ofSum.isByName).toBe(false);
    }),
    { numRuns: 500 },
  );
});

test("without a word of which classes are the same no class is asked", () => {
  expect(
    targetOfSecond(explained("3", 3), looking(undefined), looking(["cat", "dog"])),
  ).toBeUndefined();
  expect(targetOfSecond(explained("3", 3), looking(undefined), looking(undefined))?.target).toBe(
    "3",
  );
});

test("classes are named in sums, too; what is of no class is judged by what the map says", () => {
  const [first, second] = [looking(["cat", "dog", "fox"]), looking(["fox", "Dog", "owl"])];
  const asked = (target: string) => targetOfSecond(explained(target), first, second);
  expect(asked("dog minus fox")).toEqual({ target: "1 minus 0", isByName: false });
  expect(asked("dog plus cat")).toBeUndefined();
  expect(asked("conv1:3")).toEqual({ target: "conv1:3", isByName: true });
  expect(asked("sex:a minus sex:b")).toEqual({ target: "sex:a minus sex:b", isByName: true });
});

const side = fc.double({ min: 0, max: 0.6, noNaN: true });
const drawnBox = fc.record({ left: side, top: side, width: side, height: side, class: fc.nat(2) });
const boxes = fc.array(drawnBox, { minLength: 1, maxLength: 6 }).map((all) =>
  all.map(({ left, top, width, height, ...rest }, k): ClassAnswer => {
    const box = { left, top, right: left + width + 0.01, bottom: top + height + 0.01 };
    return {
      ...rest,
      label: `class ${rest.class}`,
      target: `box:${k}`,
      box,
      logit: 1,
      probability: 1,
    };
  }),
);

test("a box is asked where the other has one of its class that overlaps it", () => {
  fc.assert(
    fc.property(boxes, boxes, fc.nat(), fc.constantFrom("", ".x"), (own, others, number, part) => {
      const box = own[number % own.length]!;
      const target = targetOfSecond(
        explained(`${box.target}${part}`, box.class),
        looking(undefined, own),
        looking(undefined, others),
      )?.target;
      const touches = (other: ClassAnswer) =>
        other.class === box.class &&
        Math.min(other.box!.right, box.box!.right) > Math.max(other.box!.left, box.box!.left) &&
        Math.min(other.box!.bottom, box.box!.bottom) > Math.max(other.box!.top, box.box!.top);
      const alike = others.filter(touches).map((other) => `${other.target}${part}`);
      if (alike.length === 0) expect(target).toBeUndefined();
      else expect(alike).toContain(target);
      const itself = looking(undefined, own);
      const best = targetOfSecond(explained("top"), itself, itself);
      expect(own.find((each) => each.target === best?.target)?.box).toEqual(own[0]!.box);
    }),
    { numRuns: 500 },
  );
});

test("what a part of the picture chooses is judged by what the map says", () => {
  const best = looking(undefined, fc.sample(boxes, { seed: 1, numRuns: 1 })[0]);
  const asked = targetOfSecond(explained("top", undefined, "box_0_0_1_1"), best, best);
  expect(asked).toEqual({ target: "top", isByName: true });
});
