/** @file Addresses hold places, and strange ones lead to the network. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { addressOf, orders, placeOf, views, type Place } from "./address.ts";

const folder = fc.string({ minLength: 1, unit: "grapheme" });
const places: fc.Arbitrary<Place> = fc.oneof(
  fc.constant({ kind: "network" } as const),
  fc.record({
    kind: fc.constant("layer" as const),
    folder,
    order: fc.constantFrom(...orders),
  }),
  fc.record({
    kind: fc.constant("layer" as const),
    folder,
    order: fc.constantFrom(...orders),
    view: fc.constantFrom(...views),
  }),
  fc.record({ kind: fc.constant("unit" as const), folder, unit: fc.nat() }),
  fc.record({ kind: fc.constant("class" as const), number: fc.nat() }),
);

test("a place is the same again behind its address", () => {
  fc.assert(
    fc.property(places, (place) => {
      expect(placeOf(new URL(addressOf(place), "http://a.b/c/").hash || "#/")).toEqual(place);
    }),
  );
});

test("any text is the address of a place", () => {
  fc.assert(
    fc.property(fc.string(), (hash) => {
      expect(placeOf(`#${hash}`).kind).toMatch(/^(network|layer|unit|class)$/);
    }),
  );
  for (const hash of ["", "#", "#/", "#x", "#/%", "#/a/b", "#/a/-1", "#class/x"])
    expect(placeOf(hash)).toEqual({ kind: "network" });
});
