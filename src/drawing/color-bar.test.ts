import { describe, expect, test } from "vitest";
import { barMarks, type ColorBar } from "./color-bar.ts";
import type { Mark } from "./marks.ts";
import type { Typeface } from "./typeface.ts";

/** Every letter is as wide as half its size. */
const face: Typeface = {
  width: (text, sizePx) => (Array.from(text).length * sizePx) / 2,
  glyphs: () => [],
};

function labelsOf(bar: ColorBar, widthPx = 400) {
  const marks = barMarks(bar, 50, 10, widthPx, { face, sizePx: 10, ink: [0, 0, 0] });
  return marks.filter((mark): mark is Extract<Mark, { kind: "text" }> => mark.kind === "text");
}

describe("labels", () => {
  test("are the true ends, round numbers between, and the unit", () => {
    const labels = labelsOf({ scale: { min: 0, max: 1.512, map: "inferno" }, unit: "logit" });
    expect(labels.map((label) => label.text)).toEqual(["0", "0.5", "1", "1.51", "logit"]);
    const half = labels[1]!;
    expect(half.x + face.width("0.5", 10) / 2).toBeCloseTo(50 + (0.5 / 1.512) * 399, 5);
  });

  test("have 0 among them on both sides of it", () => {
    const labels = labelsOf({ scale: { min: -3, max: 3, map: "red-blue" }, unit: "" });
    expect(labels.map((label) => label.text)).toEqual(["−3", "−2", "0", "2", "3", ""]);
  });

  test("are the same on both sides of 0, or none where one has no room", () => {
    const scale = { min: -1.42, max: 1.42, map: "red-blue" } as const;
    const texts = labelsOf({ scale, unit: "" }, 170).map(({ text }) => text);
    expect(texts).toEqual(["−1.42", "0", "1.42", ""]);
  });

  test("say how far numbers go beyond the ends", () => {
    const scale = { min: -2, max: 2, map: "red-blue", beyond: [-9, 1] } as const;
    const labels = labelsOf({ scale, unit: "" });
    expect(labels[0]!.text).toBe("−2 (to −9)");
    expect(labels.at(-2)!.text).toBe("2");
  });

  test.each([
    [400, ["−2.28e−10 (to −9.46e−10)", "2.28e−10 (to 5.85e−10)"]],
    [230, ["−2.28e−10 (to −9.5e−10)", "2.28e−10 (to 5.9e−10)"]],
    [215, ["−2.28e−10 (to −9e−10)", "2.28e−10 (to 6e−10)"]],
    [180, ["−2.28e−10", "2.28e−10"]],
  ])("in a bar of %d say that as exactly as there is room", (widthPx, ends) => {
    const scale = {
      min: -2.28e-10,
      max: 2.28e-10,
      map: "red-blue",
      beyond: [-9.46e-10, 5.85e-10],
    } as const;
    const labels = labelsOf({ scale, unit: "" }, widthPx).map(({ text }) => text);
    expect([labels[0], labels.at(-2)]).toEqual(ends);
  });

  test("mark 0 also where its number has no room", () => {
    const scale = { min: -3, max: 3, map: "red-blue", beyond: [-9.87, 9.87] } as const;
    const bar = { scale, unit: "" };
    const marks = barMarks(bar, 50, 10, 130, { face, sizePx: 10, ink: [0, 0, 0] });
    expect(labelsOf(bar, 130).map(({ text }) => text)).toEqual([
      "−3 (to −9.87)",
      "3 (to 9.87)",
      "",
    ]);
    const ticks = marks.flatMap((mark) => (mark.kind === "rectangle" ? [mark.x] : []));
    expect(ticks).toEqual([50, 50 + 129 / 2, 179]);
  });

  test("do not touch each other, however short the bar", () => {
    for (const widthPx of [30, 60, 100, 200, 800]) {
      for (const max of [1, 1.1, 7.69, 250, 0.000_123]) {
        const labels = labelsOf({ scale: { min: 0, max, map: "inferno" }, unit: "" }, widthPx);
        const ends = labels.slice(0, -1).map(({ x, text }) => [x, x + face.width(text, 10)]);
        for (const [i, [left]] of ends.slice(1, -1).entries()) {
          expect(left!).toBeGreaterThanOrEqual(ends[i]![1]! + 8);
        }
      }
    }
  });

  test("of a scale without extent say so", () => {
    const labels = labelsOf({ scale: { min: 0, max: 0, map: "inferno" }, unit: "" });
    expect(labels.map((label) => label.text)).toEqual(["0 everywhere", ""]);
  });
});
