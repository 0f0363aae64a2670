/** @file Properties are drawn from one seed, so that a run of the tests never differs from the last. */
import { readConfigureGlobal } from "fast-check";
import { expect, test } from "vitest";
import { propertySeed } from "./property-seed.ts";

test("is the same in every run unless another is asked for", () => {
  expect(propertySeed(undefined)).toBe(1);
  expect(propertySeed("-1622754211")).toBe(-1_622_754_211);
});

test.each(["", " ", "1.5", "many"])("must be a whole number, not %j", (asked) => {
  expect(() => propertySeed(asked)).toThrow("LIMPID_PROPERTY_SEED: must be a whole number");
});

test("is what fast-check draws from", () => {
  const asked = process.env["LIMPID_PROPERTY_SEED"];
  expect(readConfigureGlobal().seed).toBe(propertySeed(asked));
});
