import { describe, expect, test } from "vitest";
import { fedClasses, logitOf, probabilityOf, classOf } from "./class-targets.ts";

describe("fedClasses", () => {
  test("one class for all pictures, one for each, or the preferred one", () => {
    expect(fedClasses([2], 3, 4)).toEqual([2, 2, 2]);
    expect(fedClasses([2, 0, 3], 3, 4)).toEqual([2, 0, 3]);
    expect(fedClasses("top", 2, 4)).toEqual([-1, -1]);
  });

  test("both sides of one unit are classes", () => {
    expect(fedClasses([0, 1], 2, 1)).toEqual([0, 1]);
    expect(() => fedClasses([2], 1, 1)).toThrow(/from 0 to 1, got 2/);
  });

  test.each([-1, 4, 1.5, Number.NaN])("class %d of four is refused", (target) => {
    expect(() => fedClasses([target], 1, 4)).toThrow(/from 0 to 3/);
  });

  test.each([[[]], [[1, 2]]])("%j classes for three pictures are refused", (targets) => {
    expect(() => fedClasses(targets, 3, 4)).toThrow(/one a picture \(3\)/);
  });
});

test("the preferred class has the largest score; of one unit, the side of its logit", () => {
  expect(classOf(-1, [0, 3, 1])).toBe(1);
  expect(classOf(-1, [0, 3, 3])).toBe(1);
  expect(classOf(2, [0, 3, 1])).toBe(2);
  expect([classOf(-1, [-0.1]), classOf(-1, [0]), classOf(-1, [2])]).toEqual([0, 1, 1]);
});

test("minus the logit of one unit speaks for class 0", () => {
  expect([logitOf([2], 0), logitOf([2], 1), logitOf([2, 5], 1)]).toEqual([-2, 2, 5]);
});

describe("probabilityOf", () => {
  test("softmax, also of large logits", () => {
    expect(probabilityOf([0, Math.log(3)], 1, "softmax")).toBeCloseTo(0.75, 12);
    expect(probabilityOf([0, Math.log(3)], 0, undefined)).toBeCloseTo(0.25, 12);
    expect(probabilityOf([1000, 1000], 0, "softmax")).toBe(0.5);
  });

  test("sigmoid of several units and of one", () => {
    expect(probabilityOf([0, Math.log(3)], 1, "sigmoid")).toBeCloseTo(0.75, 12);
    expect(probabilityOf([Math.log(3)], 1, undefined)).toBeCloseTo(0.75, 12);
    expect(probabilityOf([Math.log(3)], 0, undefined)).toBeCloseTo(0.25, 12);
  });
});
