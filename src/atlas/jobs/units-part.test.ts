/** @file What is known of units is the same after it was written and read, whatever a block has or lacks. */
import { array, assert, boolean, float, option, property, record } from "fast-check";
import { expect, test } from "vitest";
import { filled } from "../../image/raster.ts";
import { decodeUnits, encodeUnits, type MadeUnit } from "./units-part.ts";

const number = float({ noNaN: true, noDefaultInfinity: true });
const present = (value: number | undefined, name: "alike" | "below") =>
  value === undefined ? {} : { [name]: value };

test("units come back as they were", () => {
  const drawn = record({
    start: number,
    activation: number,
    isSilent: boolean(),
    below: option(number, { nil: undefined }),
    isBefore: boolean(),
  });
  assert(
    property(array(drawn, { minLength: 1, maxLength: 9 }), option(number), (units, alike) => {
      const made = units.map(({ below, isBefore, ...rest }, i) => ({
        ...rest,
        picture: filled(4, 3, 3, [i, 2 * i, 255]),
        ...present(below, "below"),
        ...present(alike ?? undefined, "alike"),
        ...(isBefore ? { isBefore: true } : {}),
      })) satisfies MadeUnit[];
      expect(decodeUnits(encodeUnits(made), "parts/x", made.length)).toEqual(made);
    }),
  );
});

test("a part of another count, or with a byte changed, is refused", () => {
  const made = { picture: filled(2, 2, 3, [1, 2, 3]), start: 0, activation: 1, isSilent: false };
  const bytes = encodeUnits([made, { ...made, below: 2 }]);
  expect(() => decodeUnits(bytes, "parts/x", 3)).toThrow('"parts/x" must hold pictures of 3 units');
  const changed = Uint8Array.from(bytes);
  changed[changed.length - 1]! ^= 1;
  expect(() => decodeUnits(changed, "parts/x", 2)).toThrow("as it was written");
});
