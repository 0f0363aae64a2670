import { describe, expect, test } from "vitest";
import { fedClasses, logitOf, probabilityOf, classOf } from "./class-targets.ts";

describe("fedClasses", () => {
  test("one class for all pictures, one for each, or the preferred one", () => {
    expect(fedClasses([2], 3, 4, "classes")).toEqual([2, 2, 2]);
    expect(fedClasses([2, 0, 3], 3, 4, "classes")).toEqual([2, 0, 3]);
    expect(fedClasses("top", 2, 4, "classes")).toEqual([-1, -1]);
  });

  test("both sides of one unit are classes", () => {
    expect(fedClasses([0, 1], 2, 1, "yes-no")).toEqual([0, 1]);
    expect(() => fedClasses([2], 1, 1, "yes-no")).toThrow(/from 0 to 1, got 2/);
  });

  test.each([-1, 4, 1.5, Number.NaN])("class %d of four is refused", (target) => {
    expect(() => fedClasses([target], 1, 4, "classes")).toThrow(/from 0 to 3/);
  });

  test.each([[[]], [[1, 2]]])("%j classes for three pictures are refused", (targets) => {
    expect(() => fedClasses(targets, 3, 4, "classes")).toThrow(/one a picture \(3\)/);
  });
});

test("the preferred class has the largest score; of one unit, the side of its logit", () => {
  expect(classOf(-1, [0, 3, 1], "classes")).toBe(1);
  expect(classOf(-1, [0, 3, 3], "classes")).toBe(1);
  expect(classOf(2, [0, 3, 1], "classes")).toBe(2);
  expect([-0.1, 0, 2].map((logit) => classOf(-1, [logit], "yes-no"))).toEqual([0, 1, 1]);
});

test("minus the logit of one unit speaks for class 0", () => {
  expect([logitOf([2], 0, "yes-no"), logitOf([2], 1, "yes-no")]).toEqual([-2, 2]);
  expect([logitOf([2, 5], 1, "classes"), logitOf([-2], 0, "value")]).toEqual([5, -2]);
});

describe("probabilityOf", () => {
  const log3 = Math.log(3);
  const classes = { kind: "classes", probabilities: "softmax" } as const;
  const own = { kind: "classes", probabilities: "own" } as const;

  test("softmax, also of large logits", () => {
    expect(probabilityOf([0, log3], 1, classes)).toBeCloseTo(0.75, 12);
    expect(probabilityOf([0, log3], 0, classes)).toBeCloseTo(0.25, 12);
    expect(probabilityOf([1000, 1000], 0, classes)).toBe(0.5);
  });

  test("sigmoid of several units and of one", () => {
    const labels = { kind: "labels", probabilities: "sigmoid" } as const;
    const sides = { kind: "yes-no", probabilities: "sigmoid" } as const;
    expect(probabilityOf([0, log3], 1, labels)).toBeCloseTo(0.75, 12);
    expect(probabilityOf([log3], 1, sides)).toBeCloseTo(0.75, 12);
    expect(probabilityOf([log3], 0, sides)).toBeCloseTo(0.25, 12);
  });

  test("numbers that are probabilities already, as shares or in percent", () => {
    expect(probabilityOf([0.2, 0.8], 1, own)).toBeCloseTo(0.8, 12);
    expect(probabilityOf([20, 80], 0, own)).toBeCloseTo(0.2, 12);
  });

  test.each([
    ["do not sum to 1", [0.2, 0.7]],
    ["are negative", [1.5, -0.5]],
    ["are a vector of length 1", [0.6, 0.8]],
  ])("numbers that %s are none", (_, numbers) => {
    expect(probabilityOf(numbers, 1, own)).toBeNull();
  });

  test("values have none", () => {
    expect(probabilityOf([61.98], 0, { kind: "value", probabilities: "none" })).toBeNull();
  });
});
