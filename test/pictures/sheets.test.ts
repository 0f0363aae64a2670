/** @file Golden pictures of what all sheets are made of: contact sheets, colour bars, rows. */
import { test } from "vitest";
import type { ColorBar } from "../../src/drawing/color-bar.ts";
import { contactSheet } from "../../src/drawing/contact-sheet.ts";
import { colorize, scaleFor } from "../../src/image/colormap.ts";
import { plane } from "../../src/image/picture.ts";
import { filled } from "../../src/image/raster.ts";
import { expectGolden } from "../golden-picture.ts";
import { drawn } from "./inputs.ts";

test("the contact sheet", async () => {
  const maps = Array.from({ length: 19 }, (_, k) =>
    plane(
      6,
      6,
      Float32Array.from({ length: 36 }, (_, i) => (k === 5 ? 0 : ((5 * i + k * k) % 11) / 2)),
    ),
  );
  const scale = scaleFor(
    maps.flatMap((map) => [...map.data]),
    { signed: false },
  );
  const cells = maps.map((map, k) =>
    k === 5
      ? { title: `channel ${k}`, empty: "dead", captions: ["0 everywhere"] }
      : { title: `channel ${k}`, picture: colorize(map, scale), captions: ["0 to 5"] },
  );
  const layout = contactSheet({
    title: "conv2d_3",
    subtitle: "19 channels of 6 × 6; one scale for the layer; 1 channel is dead for this picture",
    bar: { scale, unit: "activation" },
    cells,
    columns: 8,
    cellWidthPx: 64,
    footer: "Made by limpid.",
  });
  await expectGolden("contact-sheet", drawn(layout));
});

test("colour bars of many ranges", async () => {
  const bar = (min: number, max: number, more: Partial<ColorBar["scale"]> = {}): ColorBar => {
    const map = min < 0 && max > 0 ? "red-blue" : "inferno";
    return { scale: { min, max, map, ...more }, unit: "d logit / d pixel" };
  };
  const bars = [
    bar(0, 1.512),
    bar(-3, 3),
    bar(-2.28e-10, 2.28e-10, { beyond: [-9.46e-10, 5.85e-10] }),
    bar(-0.0123, 0, { map: "viridis" }),
    bar(0, 0),
    bar(0, 123_456, { map: "magma" }),
    bar(-1.42, 1.42),
    bar(0, 1, { map: "cividis" }),
  ];
  const cell = (one: ColorBar) => ({ picture: filled(1, 1, 1, 235), bar: one });
  const rows = [bars.slice(0, 4), bars.slice(4)].map((row) => ({ cells: row.map(cell) }));
  await expectGolden(
    "colour-bars",
    drawn({ title: "Colour bars", rows, cellWidthPx: 170, cellHeightPx: 12 }),
  );
});

test("rows with headings, notes, warnings and an empty cell", async () => {
  const picture = filled(3, 2, 3, [120, 150, 200]);
  const layout = {
    title:
      "A title that is longer than the sheet is wide and so has to end in an ellipsis somewhere",
    subtitle: "A subtitle has as many lines as it takes, which are two here, since it says so much",
    rows: [
      {
        heading: "First",
        note: "of two",
        cells: [
          { picture, title: "wide", captions: ["a caption", "and another one"] },
          { empty: "nothing", title: "empty", warnings: ["there is nothing to show here"] },
          {
            picture: filled(2, 3, 1, 90),
            title: "tall",
            notes: ["a note in as many lines as it takes"],
          },
        ],
        warnings: ["what is wrong with the row is told below it"],
      },
      { isApart: true, heading: "Second", cells: [{ picture }, {}, { picture }] },
    ],
    cellWidthPx: 120,
    cellHeightPx: 80,
    footer: "A footer is small.",
  };
  await expectGolden("rows", drawn(layout));
});
