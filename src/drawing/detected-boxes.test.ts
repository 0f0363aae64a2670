/** @file Boxes over a picture: all inside of it, names that cover no other, and what is explained above the rest. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadTypefaces } from "../node/typefaces.ts";
import { boxesOver, type ShownBox } from "./detected-boxes.ts";
import type { Mark } from "./marks.ts";
import type { Box } from "./sheet.ts";

const faces = loadTypefaces();

const share = fc.double({ min: -0.3, max: 1.2, noNaN: true });
const drawnBox: fc.Arbitrary<ShownBox> = fc.record({
  left: share,
  top: share,
  right: share,
  bottom: share,
  name: fc.constantFrom(
    "dog",
    "traffic light",
    "a name that is longer than all the picture is wide",
  ),
  score: fc.constantFrom("0.91", "1.00"),
  class: fc.nat(100),
  isExplained: fc.boolean(),
});
const areas: fc.Arbitrary<Box> = fc.record({
  x: fc.integer({ min: 0, max: 300 }),
  y: fc.integer({ min: 0, max: 300 }),
  widthPx: fc.integer({ min: 60, max: 400 }),
  heightPx: fc.integer({ min: 60, max: 400 }),
});

type Text = Extract<Mark, { kind: "text" }>;

const textsOf = (marks: readonly Mark[]) =>
  marks.filter((mark): mark is Text => mark.kind === "text");

/** The plates of names: each lies right before its letters. */
function platesOf(marks: readonly Mark[]): readonly Box[] {
  return marks.filter((_, i) => marks[i + 1]?.kind === "text") as unknown as readonly Box[];
}

describe("boxes over a picture", () => {
  test("lie inside of it with their names, of which none covers another", () => {
    const property = fc.property(
      fc.array(drawnBox, { minLength: 1, maxLength: 25 }),
      areas,
      (boxes, area) => {
        const marks = boxesOver(boxes, "names")(area, faces);
        const [right, bottom] = [area.x + area.widthPx, area.y + area.heightPx];
        for (const mark of marks) {
          if (mark.kind !== "rectangle") continue;
          expect(mark.x).toBeGreaterThanOrEqual(area.x);
          expect(mark.y).toBeGreaterThanOrEqual(area.y);
          expect(mark.x + mark.widthPx).toBeLessThanOrEqual(right + 1e-9);
          expect(mark.y + mark.heightPx).toBeLessThanOrEqual(bottom + 1e-9);
        }
        const plates = platesOf(marks);
        for (const [i, a] of plates.entries()) {
          for (const b of plates.slice(i + 1)) {
            const isBeside =
              a.x >= b.x + b.widthPx ||
              b.x >= a.x + a.widthPx ||
              a.y >= b.y + b.heightPx ||
              b.y >= a.y + a.heightPx;
            expect(isBeside).toBe(true);
          }
        }
        for (const { text, x, face, sizePx } of textsOf(marks)) {
          expect(x + face.width(text, sizePx)).toBeLessThanOrEqual(right);
          expect(text).toMatch(/ (0\.91|1\.00)$/);
        }
      },
    );
    fc.assert(property, { numRuns: 25 });
  });

  test("the best explained box has its name, however many others there are", () => {
    const property = fc.property(
      fc.array(drawnBox, { maxLength: 40 }),
      drawnBox,
      areas,
      (others, box, area) => {
        const meant = { ...box, name: "me", isExplained: true };
        const all = [meant, ...others.map((other) => ({ ...other, isExplained: false }))];
        const texts = textsOf(boxesOver(all, "names")(area, faces)).map(({ text }) => text);
        expect(texts.at(-1)).toMatch(/^me /);
      },
    );
    fc.assert(property, { numRuns: 25 });
  });

  test("maps show outlines alone", () => {
    const box: ShownBox = {
      left: 0.2,
      top: 0.2,
      right: 0.6,
      bottom: 0.7,
      name: "dog",
      score: "0.91",
      class: 1,
      isExplained: true,
    };
    const area = { x: 0, y: 0, widthPx: 100, heightPx: 100 };
    const marks = boxesOver([box], "outlines")(area, faces);
    expect(marks.every(({ kind }) => kind === "rectangle")).toBe(true);
    expect(marks).toHaveLength(8);
  });
});
