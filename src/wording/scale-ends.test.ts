import { expect, test } from "vitest";
import { endText } from "./scale-ends.ts";

test("an end says how far numbers go beyond it, and nothing where none does", () => {
  expect(endText(2.571, 7.814)).toBe("2.57 (to 7.81)");
  expect(endText(-2, -9.876, { digits: 1, upTo: "bis" })).toBe("−2 (bis −10)");
  expect(endText(2, 1)).toBe("2");
  expect(endText(2, undefined)).toBe("2");
});
