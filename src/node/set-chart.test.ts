/** @file The chart over depth: what is drawn where. */
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { setChart, type DepthPoint } from "./set-chart.ts";

function layer(share: number, isConvolution: boolean, found?: number): DepthPoint {
  const around = (mean: number) => ({ mean, low: mean - 0.1, high: mean + 0.1 });
  return {
    isConvolution,
    zeroShare: around(share),
    deadShare: 0.1,
    silentShare: 0.2,
    effectiveShare: 0.4,
    ...(found === undefined ? {} : { found: around(found) }),
  };
}

/** Numbers of an attribute of the marks of one kind, over all panels. */
function marks(svg: string, selector: string, attribute: string): number[] {
  const { document } = parseHTML(`<html><body>${svg}</body></html>`);
  return [...document.querySelectorAll(selector)].map((mark) =>
    Number(mark.getAttribute(attribute)),
  );
}

test("shares lie inside their panel in the order of their size, layers from left to right", () => {
  const svg = setChart([layer(0.2, true), layer(0.8, true), layer(0.5, false)], undefined);
  const ys = marks(svg, '[aria-label="dot"] circle', "cy");
  expect(ys).toHaveLength(3);
  const [low, high, middle] = ys;
  expect(high!).toBeLessThan(middle!);
  expect(middle!).toBeLessThan(low!);
  expect(middle!).toBeCloseTo((low! + high!) / 2, 6);
  for (const y of ys) {
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(300);
  }
  const xs = marks(svg, '[aria-label="dot"] circle', "cx");
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  expect(svg).not.toContain("Classes found");
});

test("intervals span their dots; the line of guessing comes with the classes", () => {
  const svg = setChart([layer(0.2, true, 0.6), layer(0.8, true, 0.9)], 0.5);
  const [ends, starts] = ["y1", "y2"].map((end) =>
    marks(svg, '[aria-label="rule"] line[stroke], [aria-label="rule"] line', end),
  );
  const dots = marks(svg, '[aria-label="dot"] circle', "cy");
  expect(dots).toHaveLength(4);
  for (const dot of dots) {
    expect(starts!.some((start, i) => (start - dot) * (ends![i]! - dot) < 0)).toBe(true);
  }
  expect(svg).toContain("Classes found");
  expect(svg).toContain("4 3");
});
