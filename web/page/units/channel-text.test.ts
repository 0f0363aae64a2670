/** @file What a screen reader is told of a channel. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { channelText } from "./channel-text.ts";
import { german } from "../texts/german/index.ts";
import { english } from "../texts/english/index.ts";

const facts = { isDead: false, activeShare: 0.31, largest: 2, x: 0.1, y: 0.2 };

test("a channel is told by its number, its share of places, and where it is strongest", () => {
  expect(channelText(12, facts, english)).toBe("Channel 12, 31.0 % active, peak upper left");
  expect(channelText(12, { ...facts, x: 0.5, y: 0.5 }, german)).toBe(
    "Kanal 12, 31.0 % aktiv, am stärksten in der Mitte",
  );
  expect(channelText(3, { ...facts, isDead: true }, english)).toBe("Channel 3, dead");
});

test("every place of a picture has words, its corners and edges too", () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(share, share, (x, y) => {
      for (const texts of [english, german]) {
        expect(channelText(0, { ...facts, x, y }, texts)).not.toContain("undefined");
      }
    }),
  );
});
