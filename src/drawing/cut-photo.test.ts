import { describe, expect, test } from "vitest";
import { crop } from "../image/raster.ts";
import { picture, plane } from "../image/picture.ts";
import { cutFooter, dimmed } from "./cut-photo.ts";
import { comparisonSheet } from "./comparison-sheet.ts";
import { heatmapSheet, type HeatmapEntry } from "./heatmap-sheet.ts";

/** A photo of which the network saw a square of 224 in the middle. */
function entryOf(widthPx: number, heightPx: number): HeatmapEntry {
  const data = Uint8Array.from({ length: 3 * widthPx * heightPx }, (_, i) => i % 251);
  const whole = picture(widthPx, heightPx, 3, data);
  const middle = { left: (widthPx - 224) / 2, top: (heightPx - 224) / 2 };
  const part = { ...middle, widthPx: 224, heightPx: 224 };
  return {
    photo: crop(whole, part),
    cut: { whole, part },
    map: plane(2, 2, Float32Array.of(0, 1, 2, 3)),
    title: "Grad-CAM",
    signed: false,
    unit: "weighted activation",
    heading: "water ouzel",
    note: "",
    warnings: [],
  };
}

describe("of a photo that was cut", () => {
  const entry = entryOf(384, 256);
  const sheet = heatmapSheet({ title: "", entries: [entry] });
  const { cells } = sheet.rows[0]!;

  test("every cell shows all, dimmed, and what is seen in its place", () => {
    for (const cell of cells) {
      expect(cell.picture).toMatchObject({ widthPx: 384, heightPx: 256 });
      expect(cell.inset?.part).toBe(entry.cut!.part);
    }
    expect(cells[0]!.picture).toEqual(dimmed(entry.cut!.whole));
    expect(cells[0]!.inset).toMatchObject({ picture: entry.photo, enlarge: "smooth" });
    expect(cells[1]!.inset!.picture).toMatchObject({ widthPx: 2, heightPx: 2 });
  });

  test("what is seen is as large as it would be alone", () => {
    const { cut: _, ...uncut } = entry;
    const alone = heatmapSheet({ title: "", entries: [uncut] });
    expect([sheet.cellWidthPx, sheet.cellHeightPx]).toEqual([384, 256]);
    expect([alone.cellWidthPx, alone.cellHeightPx]).toEqual([224, 224]);
  });

  test("the title and the footer say so", () => {
    expect(cells[0]!.title).toBe("input, 224 × 224, in its photo");
    expect(sheet.footer).toContain(cutFooter);
  });

  test("a panorama is no longer than a page is wide", () => {
    const wide = heatmapSheet({ title: "", entries: [entryOf(2560, 256)] });
    expect([wide.cellWidthPx, wide.cellHeightPx]).toEqual([520, 52]);
  });

  test("wide cells make fewer columns", () => {
    const map = { ...entryOf(1024, 256), layer: "conv", isOver: true, text: "" };
    const maps = Array.from({ length: 5 }, (_, i) => ({ ...map, title: `method ${i}` }));
    const section = { ...entryOf(1024, 256), maps };
    const { rows } = comparisonSheet({ title: "", subtitle: "", sections: [section] });
    expect(rows.map((row) => row.cells.length)).toEqual([3, 3]);
  });
});

test("what is dimmed keeps less light and less colour, grey becomes RGB", () => {
  const [red, grey] = [Uint8Array.of(255, 0, 0), Uint8Array.of(200)];
  const [r, g, b] = dimmed(picture(1, 1, 3, red)).data;
  expect(r).toBeLessThan(140);
  expect(r).toBeGreaterThan(g!);
  expect(g).toBe(b);
  expect([...dimmed(picture(1, 1, 1, grey)).data]).toEqual([110, 110, 110]);
});
