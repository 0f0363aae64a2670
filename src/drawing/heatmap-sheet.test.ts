import { describe, expect, test } from "vitest";
import { heatmapSheet, type HeatmapEntry } from "./heatmap-sheet.ts";
import { picture, plane } from "../image/picture.ts";

const entry: HeatmapEntry = {
  photo: picture(32, 24, 3, new Uint8Array(32 * 24 * 3).fill(90)),
  map: plane(
    4,
    3,
    Float32Array.from({ length: 12 }, (_, i) => i / 4),
  ),
  title: "Grad-CAM",
  signed: false,
  unit: "weighted activation",
  heading: "water ouzel",
  note: "class 20  ·  probability 0.9312",
  warnings: [],
};

describe("a row", () => {
  test("says what is explained, and names sizes", () => {
    const [row] = heatmapSheet({ title: "Grad-CAM", entries: [entry] }).rows;
    expect(row).toMatchObject({
      heading: "water ouzel",
      note: "class 20  ·  probability 0.9312",
    });
    expect(row!.cells.map((cell) => cell.title)).toEqual([
      "input, 32 × 24",
      "Grad-CAM, 4 × 3",
      "over the input",
    ]);
  });

  test("has a bar from 0 to the true maximum, or symmetric if signed", () => {
    const signed: HeatmapEntry = { ...entry, signed: true };
    const { rows } = heatmapSheet({ title: "", entries: [entry, signed] });
    expect(rows.map((row) => row.bar?.scale)).toEqual([
      { min: 0, max: 2.75, map: "inferno" },
      { min: -2.75, max: 2.75, map: "red-blue" },
    ]);
    expect(rows[0]!.bar).toMatchObject({ unit: "weighted activation", from: 1 });
  });

  test("shows the photo as it is and the map at its own resolution", () => {
    const [row] = heatmapSheet({ title: "", entries: [entry] }).rows;
    expect(row!.cells[0]!.picture).toBe(entry.photo);
    expect(row!.cells[1]!.picture).toMatchObject({ widthPx: 4, heightPx: 3 });
    const over = row!.cells[2]!.picture!;
    expect(over.widthPx / over.heightPx).toBeCloseTo(32 / 24, 8);
  });
});

test("maps of pixels lie over the input as squares, maps of fewer places smoothly", () => {
  const side = 8;
  const photo = picture(side, side, 1, new Uint8Array(side * side).fill(90));
  const peak = (map: number) =>
    plane(
      map,
      map,
      Float32Array.from({ length: map * map }, (_, i) => (i === 0 ? 1 : 0)),
    );
  const coloursOf = (map: number) => {
    const [row] = heatmapSheet({ title: "", entries: [{ ...entry, photo, map: peak(map) }] }).rows;
    const { data } = row!.cells[2]!.picture!;
    return new Set(Array.from({ length: data.length / 3 }, (_, i) => data[3 * i])).size;
  };
  expect(coloursOf(side)).toBe(2);
  expect(coloursOf(side / 2)).toBeGreaterThan(10);
});

test("pixel maps let 0.5 % of their places lie beyond the ends, and the footer says so", () => {
  const data = new Float32Array(100 * 100).fill(1);
  data[77] = 40;
  const { rows, footer } = heatmapSheet({
    title: "",
    entries: [
      { ...entry, photo: picture(100, 100, 1, new Uint8Array(1e4)), map: plane(100, 100, data) },
    ],
  });
  expect(rows[0]!.bar!.scale).toEqual({ min: 0, max: 1, map: "inferno", beyond: [0, 40] });
  expect(footer).toContain("0.5 %");
  expect(heatmapSheet({ title: "", entries: [entry] }).footer).not.toContain("0.5 %");
});

test("cells enlarge pixels by whole numbers at two pixels a unit", () => {
  const of = (side: number) => {
    const photo = picture(side, side, 1, new Uint8Array(side * side));
    return heatmapSheet({ title: "", entries: [{ ...entry, photo }] }).cellWidthPx;
  };
  expect([28, 32, 224, 299].map(of)).toEqual([266, 256, 224, 299]);
  expect(of(1000)).toBe(260);
});
