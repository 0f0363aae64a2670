import { expect, test } from "vitest";
import { contactSheet } from "./contact-sheet.ts";
import { picture } from "../image/picture.ts";

test("cells fill rows of even length in their order", () => {
  const cells = Array.from({ length: 37 }, (_, i) => ({ title: `${i}` }));
  const { rows } = contactSheet({ title: "layer", cells });
  expect(rows.map((row) => row.cells.length)).toEqual([13, 12, 12]);
  expect(rows.flatMap((row) => row.cells)).toEqual(cells);
});

test("cells are as high as the first picture makes them", () => {
  const cells = [{ empty: "dead" }, { picture: picture(4, 3, 1, new Uint8Array(12)) }];
  expect(contactSheet({ title: "", cells, cellWidthPx: 80 })).toMatchObject({
    cellWidthPx: 80,
    cellHeightPx: 60,
  });
  expect(contactSheet({ title: "", cells: [], columns: 8 }).rows).toEqual([]);
});
