import { array, assert, nat, property, string } from "fast-check";
import { expect, test } from "vitest";
import { placeOf } from "./menu-keys.ts";

const names = ["Map as a picture", "Map's numbers", "Channels", "Report"];

test("arrows go round, Home and End to the ends", () => {
  expect(placeOf("ArrowDown", 3, names)).toBe(0);
  expect(placeOf("ArrowUp", 0, names)).toBe(3);
  expect(placeOf("Home", 2, names)).toBe(0);
  expect(placeOf("End", 0, names)).toBe(3);
});

test("letters lead to the next item that begins with them", () => {
  expect(placeOf("m", 0, names)).toBe(1);
  expect(placeOf("M", 1, names)).toBe(0);
  expect(placeOf("r", 0, names)).toBe(3);
  expect(placeOf("x", 0, names)).toBeUndefined();
});

test("no key leads out of the menu, and none anywhere in an empty one", () => {
  assert(
    property(string(), array(string()), nat(20), (key, all, at) => {
      const to = placeOf(key, at % Math.max(all.length, 1), all);
      return to === undefined || (to >= 0 && to < all.length);
    }),
  );
});
