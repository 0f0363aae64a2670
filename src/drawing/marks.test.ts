import { expect, test } from "vitest";
import { colourAt } from "../image/colormap.ts";
import { paint, type Mark } from "./marks.ts";
import { picture, type Picture } from "../image/picture.ts";
import type { Typeface } from "./typeface.ts";

function pixelAt({ data, widthPx }: Picture, x: number, y: number): number[] {
  return [...data.subarray(3 * (y * widthPx + x), 3 * (y * widthPx + x) + 3)];
}

const white = [255, 255, 255];
const red = [200, 10, 20] as const;

function painted(mark: Mark, density = 1): Picture {
  return paint({ widthPx: 10, heightPx: 6, marks: [mark] }, density);
}

test("the ground is white and as large as the density says", () => {
  const raster = paint({ widthPx: 3, heightPx: 2, marks: [] }, 2);
  expect(raster).toEqual(picture(6, 4, 3, new Uint8Array(72).fill(255)));
});

test("a rectangle fills its box and is cut at the border", () => {
  const box = { x: 7, y: 4, widthPx: 9, heightPx: 9 };
  const raster = painted({ kind: "rectangle", ...box, colour: red }, 2);
  expect(pixelAt(raster, 14, 8)).toEqual([...red]);
  expect(pixelAt(raster, 19, 11)).toEqual([...red]);
  expect(pixelAt(raster, 13, 8)).toEqual(white);
  expect(pixelAt(raster, 0, 9)).toEqual(white);
});

test("a frame is one pixel wide and lies outside of its box", () => {
  const box = { x: 2, y: 2, widthPx: 3, heightPx: 2 };
  const raster = painted({ kind: "frame", ...box, colour: red });
  const marked = Array.from({ length: 60 }, (_, i) => i).filter(
    (i) => raster.data[3 * i] === red[0],
  );
  expect(marked).toHaveLength(2 * 5 + 2 * 2);
  expect(pixelAt(raster, 1, 1)).toEqual([...red]);
  expect(pixelAt(raster, 5, 4)).toEqual([...red]);
  expect(pixelAt(raster, 2, 2)).toEqual(white);
});

test("a ramp has its map's ends at its ends", () => {
  const box = { x: 0, y: 1, widthPx: 10, heightPx: 2 };
  const raster = painted({ kind: "ramp", ...box, map: "viridis" });
  for (const y of [1, 2]) {
    expect(pixelAt(raster, 0, y)).toEqual([...colourAt("viridis", 0)]);
    expect(pixelAt(raster, 9, y)).toEqual([...colourAt("viridis", 1)]);
  }
  expect(pixelAt(raster, 0, 3)).toEqual(white);
});

test("a picture is enlarged as squares or smoothly, and shrunk to means", () => {
  const two = picture(2, 1, 1, Uint8Array.of(0, 200));
  const box = { x: 1, y: 1, widthPx: 8, heightPx: 4 };
  const squares = painted({ kind: "picture", ...box, picture: two, enlarge: "squares" });
  expect([1, 4, 5, 8].map((x) => pixelAt(squares, x, 2)[0])).toEqual([0, 0, 200, 200]);
  const smooth = painted({ kind: "picture", ...box, picture: two, enlarge: "smooth" });
  expect(pixelAt(smooth, 4, 2)[0]).toBeGreaterThan(50);
  const large = picture(
    40,
    20,
    1,
    Uint8Array.from({ length: 800 }, (_, i) => (i % 2) * 200),
  );
  const small = painted({ kind: "picture", ...box, picture: large, enlarge: "squares" });
  expect(Math.abs(pixelAt(small, 4, 3)[0]! - 100)).toBeLessThan(8);
});

test("text is mixed in as far as each pixel is covered, at whole pixels of the baseline", () => {
  const coverage = { left: 1, top: -1, widthPx: 2, heightPx: 1, data: Uint8Array.of(255, 51) };
  const asked: number[] = [];
  const face: Typeface = {
    width: () => 0,
    glyphs: (_text, sizePx, startX) => {
      asked.push(sizePx, startX);
      return [{ coverage, x: 3 }];
    },
  };
  const raster = painted(
    { kind: "text", text: "x", face, sizePx: 7, colour: [0, 0, 0], x: 1.25, y: 2 },
    2,
  );
  expect(asked).toEqual([14, 2.5]);
  expect(pixelAt(raster, 6, 3)).toEqual([0, 0, 0]);
  expect(pixelAt(raster, 7, 3)).toEqual([204, 204, 204]);
  expect(pixelAt(raster, 8, 3)).toEqual(white);
});

test("text beyond the border is left out", () => {
  const coverage = { left: 0, top: 0, widthPx: 3, heightPx: 1, data: new Uint8Array(3).fill(255) };
  const face: Typeface = { width: () => 0, glyphs: () => [{ coverage, x: 0 }] };
  const at = (x: number, y: number): Mark => {
    return { kind: "text", text: "x", face, sizePx: 7, colour: [0, 0, 0], x, y };
  };
  const raster = paint({ widthPx: 4, heightPx: 2, marks: [at(-2, 0), at(3, 1), at(0, 5)] }, 1);
  const dark = Array.from({ length: 8 }, (_, i) => i).filter((i) => raster.data[3 * i] === 0);
  expect(dark).toEqual([0, 7]);
});
