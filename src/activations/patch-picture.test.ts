/** @file Patches cut, laid side by side and outlined, pixel by pixel. */
import { expect, test } from "vitest";
import { picture } from "../image/picture.ts";
import { cutPatch, drawField, emptyMosaic, layPatch, mosaicLayout } from "./patch-picture.ts";

/** Grey pixels 0, 1, 2, ... row by row. */
function counted(widthPx: number, heightPx: number) {
  return picture(
    widthPx,
    heightPx,
    1,
    Uint8Array.from({ length: widthPx * heightPx }, (_, i) => i),
  );
}

test("a patch is what lies in the field, enlarged as squares, with grey beside it", () => {
  const patch = cutPatch(counted(5, 4), { left: 3, top: 1, widthPx: 2, heightPx: 1 }, 4);
  expect([...patch.data]).toEqual(
    [
      [242, 242, 242, 242],
      [8, 8, 9, 9],
      [8, 8, 9, 9],
      [242, 242, 242, 242],
    ].flat(),
  );
  const small = cutPatch(counted(4, 4), { left: 0, top: 0, widthPx: 4, heightPx: 4 }, 2);
  expect([...small.data]).toEqual([3, 5, 11, 13]);
  expect(new Set(cutPatch(small, { left: 0, top: 0, widthPx: 0, heightPx: 0 }, 3).data)).toEqual(
    new Set([242]),
  );
});

test("a mosaic is as square as its number allows", () => {
  const nine = mosaicLayout(9, 192);
  expect(nine).toMatchObject({ columns: 3, rows: 3, patchPx: 62, widthPx: 192, heightPx: 190 });
  const first = emptyMosaic(nine, 1);
  layPatch(first, counted(62, 62), nine, 0);
  expect([...first.data.subarray(0, 4), first.data[62], first.data[63]]).toEqual([
    255, 0, 1, 2, 61, 255,
  ]);
  expect(mosaicLayout(5, 100)).toMatchObject({ columns: 3, rows: 2, heightPx: 66 });
  const layout = mosaicLayout(3, 4);
  expect(layout).toMatchObject({ columns: 2, rows: 2, patchPx: 1, widthPx: 4, heightPx: 4 });
  const mosaic = emptyMosaic(layout, 1);
  for (const i of [0, 1, 2]) layPatch(mosaic, picture(1, 1, 1, Uint8Array.of(i)), layout, i);
  expect([...mosaic.data.subarray(0, 4)]).toEqual([0, 255, 255, 1]);
  expect([...mosaic.data.subarray(12)]).toEqual([2, 255, 255, 255]);
});

test("a field is outlined inside its border, however small it is", () => {
  const black = picture(8, 8, 3, new Uint8Array(192));
  const field = { left: 1, top: 1, widthPx: 6, heightPx: 6 };
  const drawn = drawField(black, field);
  const at = (x: number, y: number) => drawn.data[3 * (8 * y + x)];
  expect([0, 1, 2, 3, 4, 5, 6, 7].map((x) => at(x, 3))).toEqual([
    0, 213, 213, 255, 255, 213, 213, 0,
  ]);
  expect(at(3, 0)).toBe(0);
  const dot = drawField(black, { left: 7, top: 7, widthPx: 1, heightPx: 1 });
  expect(dot.data.filter((value) => value !== 0)).toEqual(Uint8Array.of(213, 94));
  expect(black.data.every((value) => value === 0)).toBe(true);
});
