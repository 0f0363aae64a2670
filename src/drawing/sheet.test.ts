import { describe, expect, test } from "vitest";
import type { Mark } from "./marks.ts";
import { picture } from "../image/picture.ts";
import { drawSheet, type SheetLayout } from "./sheet.ts";
import type { Typeface } from "./typeface.ts";

/** Every letter is as wide as half its size. */
const face: Typeface = {
  width: (text, sizePx) => (Array.from(text).length * sizePx) / 2,
  glyphs: () => [],
};
const faces = { regular: face, bold: face };

type Kind<K extends Mark["kind"]> = Extract<Mark, { kind: K }>;

function drawn<K extends Mark["kind"]>(layout: SheetLayout, kind: K) {
  const drawing = drawSheet(layout, faces);
  const marks = drawing.marks.filter((mark): mark is Kind<K> => mark.kind === kind);
  return { drawing, marks };
}

const grey = (widthPx: number, heightPx: number) =>
  picture(widthPx, heightPx, 1, new Uint8Array(widthPx * heightPx));

const bare = { cellWidthPx: 100, cellHeightPx: 50, gapPx: 10 } as const;

describe("places", () => {
  test("cells stand side by side and rows below each other", () => {
    const cell = { picture: grey(2, 1) };
    const { marks, drawing } = drawn(
      { ...bare, rows: [{ cells: [cell, cell] }, { cells: [cell] }] },
      "picture",
    );
    expect(marks.map(({ x, y }) => [x, y])).toEqual([
      [30, 30],
      [140, 30],
      [30, 90],
    ]);
    expect(drawing.heightPx).toBe(30 + 50 + 10 + 50 + 24);
  });

  test("a picture keeps its proportions in the middle of its cell", () => {
    const { marks } = drawn({ ...bare, rows: [{ cells: [{ picture: grey(30, 30) }] }] }, "picture");
    expect(marks).toMatchObject([{ x: 55, y: 30, widthPx: 50, heightPx: 50 }]);
  });

  test("an inset lies in its place, in an edge that ends with the picture below", () => {
    const inset = { picture: grey(2, 2), part: { left: 10, top: 0, widthPx: 10, heightPx: 20 } };
    const layout = { ...bare, rows: [{ cells: [{ picture: grey(40, 20), inset }] }] };
    expect(drawn(layout, "picture").marks).toMatchObject([
      { x: 30, y: 30, widthPx: 100, heightPx: 50 },
      { x: 55, y: 30, widthPx: 25, heightPx: 50 },
    ]);
    expect(drawn(layout, "rectangle").marks).toMatchObject([
      { x: 53, y: 30, widthPx: 29, heightPx: 50 },
      { x: 54, y: 30, widthPx: 27, heightPx: 50 },
    ]);
  });

  test("pictures of a row stand level, whichever have titles and captions", () => {
    const cells = [
      { picture: grey(2, 1), title: "one", captions: ["a", "b"] },
      { picture: grey(2, 1) },
      { empty: "dead", title: "three" },
    ];
    const { marks, drawing } = drawn({ ...bare, rows: [{ cells }, { cells }] }, "picture");
    expect(marks[0]!.y).toBe(marks[1]!.y);
    const empty = drawing.marks.find((mark) => mark.kind === "rectangle");
    expect(empty).toMatchObject({ y: marks[0]!.y, widthPx: 100, heightPx: 50 });
  });

  test.each([18, 24, 100])("a dead channel of %i units is marked with the whole word", (sidePx) => {
    const cells = [{ empty: "dead" }];
    const small = { ...bare, cellWidthPx: sidePx, cellHeightPx: sidePx, rows: [{ cells }] };
    const { marks } = drawn(small, "text");
    expect(marks.map((mark) => mark.kind === "text" && mark.text)).toEqual(["dead"]);
  });

  test("every mark lies inside the sheet", () => {
    const scale = { min: -1, max: 1, map: "red-blue" } as const;
    const cell = { picture: grey(3, 2), title: "t", captions: ["c"], bar: { scale, unit: "u" } };
    const layout: SheetLayout = {
      ...bare,
      title: "title",
      subtitle: "words ".repeat(60),
      bar: { scale, unit: "unit" },
      rows: [
        { heading: "heading", note: "note ".repeat(40), cells: [cell, cell, cell, cell] },
        { cells: [cell], bar: { scale, unit: "unit", from: 0 }, warnings: ["flat ".repeat(70)] },
      ],
      footer: "footer",
    };
    const { widthPx, heightPx, marks } = drawSheet(layout, faces);
    for (const mark of marks) {
      const width = mark.kind === "text" ? face.width(mark.text, mark.sizePx) : mark.widthPx;
      expect(mark.x).toBeGreaterThanOrEqual(0);
      expect(mark.x + width).toBeLessThanOrEqual(widthPx - 25);
      expect(mark.y).toBeLessThanOrEqual(heightPx - 20);
    }
  });
});

describe("texts", () => {
  const texts = (layout: SheetLayout) => drawn(layout, "text").marks.map((mark) => mark.text);

  test("what does not fit its cell ends in an ellipsis; what fits stays", () => {
    const title = "features.denseblock4.denselayer16.conv2";
    const rows = [{ cells: [{ picture: grey(2, 1), title, captions: ["short"] }] }];
    const found = texts({ ...bare, rows });
    expect(found).toContain("features.denseblock4.…");
    expect(found).toContain("short");
  });

  test("a long heading leaves its note whole", () => {
    const note = "class 20, probability 0.9";
    const found = texts({ ...bare, rows: [{ heading: "name ".repeat(40), note, cells: [] }] });
    expect(found).toContain(note);
    expect(found[0]).toMatch(/^name name.*…$/);
  });

  test("warnings take as many lines as they need and are marked", () => {
    const warnings = ["every place speaks against the class, and negative numbers are cut off"];
    const found = texts({ ...bare, rows: [{ cells: [{ picture: grey(2, 1) }], warnings }] });
    expect(found[0]).toMatch(/^Note: every/);
    expect(found.join(" ")).toBe(`Note: ${warnings[0]}`);
  });

  test("an empty sheet is a sheet", () => {
    const { marks, heightPx } = drawSheet({ ...bare, rows: [] }, faces);
    expect(marks).toEqual([]);
    expect(heightPx).toBeGreaterThan(0);
  });
});

test("a row's bar spans its cells from the first that it is for", () => {
  const cell = { picture: grey(2, 1) };
  const scale = { min: 0, max: 1, map: "inferno" } as const;
  const { marks } = drawn(
    { ...bare, rows: [{ cells: [cell, cell, cell], bar: { scale, unit: "", from: 1 } }] },
    "ramp",
  );
  expect(marks).toMatchObject([{ x: 140, widthPx: 210, map: "inferno" }]);
});
