/** @file The chart over depth: what is drawn where. */
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { setChart, type DepthPoint } from "./set-chart.ts";

const { document } = parseHTML("<html><body></body></html>");

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

/** Numbers of an attribute of the marks of one kind, in panel `panel`. */
function marks(svg: string, panel: number, selector: string, attribute: string): number[] {
  const { document } = parseHTML(`<html><body>${svg}</body></html>`);
  return [...document.querySelectorAll("svg svg")[panel]!.querySelectorAll(selector)].map((mark) =>
    Number(mark.getAttribute(attribute)),
  );
}

test("shares lie inside their panel in the order of their size, layers from left to right", () => {
  const svg = setChart(
    [layer(0.2, true), layer(0.8, true), layer(0.5, false)],
    undefined,
    document,
  );
  const ys = marks(svg, 0, '[aria-label="dot"] circle', "cy");
  expect(ys).toHaveLength(3);
  const [low, high, middle] = ys;
  expect(high!).toBeLessThan(middle!);
  expect(middle!).toBeLessThan(low!);
  expect(middle!).toBeCloseTo((low! + high!) / 2, 6);
  for (const y of ys) {
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(300);
  }
  const xs = marks(svg, 0, '[aria-label="dot"] circle', "cx");
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  const shares = marks(svg, 1, '[aria-label="dot"] circle', "cy");
  const [active, silent, dead] = [shares[0]!, shares[3]!, shares[6]!];
  expect((dead - active) / (dead - silent)).toBeCloseTo(3, 6);
  expect(svg).not.toContain("Classes found");
});

test("intervals span their dots; the line of guessing comes with the classes", () => {
  const svg = setChart([layer(0.2, true, 0.6), layer(0.8, true, 0.9)], 0.5, document);
  const [ends, starts] = ["y1", "y2"].map((end) => marks(svg, 2, '[aria-label="rule"] line', end));
  const dots = marks(svg, 2, '[aria-label="dot"] circle', "cy");
  expect(dots).toHaveLength(2);
  for (const dot of dots) {
    expect(starts!.some((start, i) => (start - dot) * (ends![i]! - dot) < 0)).toBe(true);
  }
  expect(svg).toContain("Classes found");
  expect(svg).toContain("4 3");
});
