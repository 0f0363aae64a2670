/** @file Addresses hold views, and strange ones are views too. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, firstView, viewOf, type View } from "./address.ts";

const text = fc.string({ minLength: 1 });
const views: fc.Arbitrary<View> = fc.record({
  model: text,
  layer: fc.option(text, { nil: undefined }),
  channel: fc.option(fc.nat(), { nil: undefined }),
  method: text,
  target: text,
  picture: text,
});

test("a view is the same again behind its address", () => {
  fc.assert(
    fc.property(views, (view) => {
      expect(viewOf(`#${addressOf(view)}`)).toEqual(view);
    }),
  );
});

test("any text is the address of a view", () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      const { channel } = viewOf(hash);
      expect(channel === undefined || Number.isInteger(channel)).toBe(true);
    }),
  );
  expect(viewOf("")).toEqual(firstView);
});
