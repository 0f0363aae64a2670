/** @file What golden pictures notice: a digit on a sheet, but not how another processor rounds. */
import { expect, test } from "vitest";
import { heatmapSheet } from "../src/drawing/heatmap-sheet.ts";
import type { Picture } from "../src/image/picture.ts";
import { crop, filled, paste } from "../src/image/raster.ts";
import { differences, inLevels, unlikeness } from "./golden-picture.ts";
import { drawn, hills, scene } from "./pictures/inputs.ts";

function sheetWith(note: string): Picture {
  const entry = {
    photo: scene(32),
    map: hills(7, 7, true),
    title: "Grad-CAM",
    signed: true,
    unit: "weighted activation",
    heading: "water ouzel",
    note,
    warnings: [],
  };
  return drawn(heatmapSheet({ title: "Grad-CAM", entries: [entry, entry] }));
}

const sheet = sheetWith("logit 20.5");

test("a picture is what is kept of it, whatever is rounded otherwise by one", () => {
  const rounded = sheet.data.map((value, i) => Math.min(255, value + (i % 3 === 0 ? 1 : 0)));
  expect(differences(inLevels(sheet), sheet)).toBeUndefined();
  expect(differences(inLevels(sheet), { ...sheet, data: rounded })).toBeUndefined();
});

test("one other digit is a difference, and so is another size", () => {
  expect(differences(inLevels(sheet), sheetWith("logit 20.6"))).toMatch("values");
  const smaller = crop(sheet, { left: 0, top: 0, widthPx: 100, heightPx: 100 });
  expect(differences(inLevels(sheet), smaller)).toMatch("size 100 x 100 x 3 instead of");
});

test("a picture looks the same with other edges, and not without a word or with another colour", () => {
  const softer = sheet.data.map((value, i) =>
    Math.round((value + sheet.data[Math.max(i - 3, 0)]! / 3) * 0.75),
  );
  expect(unlikeness(sheet, { ...sheet, data: softer })).toBeUndefined();
  const without = (colour: number) => {
    const changed: Picture = { ...sheet, data: sheet.data.slice() };
    paste(changed, filled(110, 18, 3, colour), 30, 73);
    return changed;
  };
  expect(unlikeness(sheet, without(255))).toMatch("least similar block");
  expect(unlikeness(sheet, without(120))).toMatch("least similar block");
});
