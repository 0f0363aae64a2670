import * as Plot from "@observablehq/plot";
import { expect, test } from "vitest";
import { parseHTML } from "linkedom/worker";
import { drawChart as drawInto, type ChartPanel } from "./chart.ts";
import { readPictureOfSvg } from "../../test/svg-picture.ts";

const { document } = parseHTML("<html><body></body></html>");
const drawChart = (panels: readonly ChartPanel[]) => drawInto(panels, document);

const data = [
  { epoch: 1, loss: 0.9 },
  { epoch: 2, loss: 0.3 },
];
const panel = (title: string) => ({
  title,
  plot: { marks: [Plot.lineY(data, { x: "epoch", y: "loss", stroke: "#ff0000" })] },
  legend: [{ label: "a < b", colour: "#ff0000" }],
});

test("panels lie side by side, with headings whose text is escaped", () => {
  const svg = drawChart([panel("Loss & more"), panel("Accuracy")]);
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 864 334"/);
  expect(svg).toContain("Loss &amp; more");
  expect(svg).toContain("● a &lt; b");
  expect(svg.match(/stroke="#ff0000"/g)).toHaveLength(2);
});

test("the line falls from the upper left to the lower right of its panel", async () => {
  const { data: pixels, info } = await readPictureOfSvg(drawChart([panel("Loss")]));
  const red: (readonly [number, number])[] = [];
  for (let i = 0; i < info.width * info.height; i++) {
    const [r, g, b] = pixels.subarray(3 * i, 3 * i + 3);
    const y = Math.floor(i / info.width);
    if (y > 60 && r! > 200 && g! < 90 && b! < 90) red.push([i % info.width, y]);
  }
  const [first, last] = [red.reduce(leftmost), red.reduce(rightmost)];
  expect(first[0]).toBeLessThan(80);
  expect(last[0]).toBeGreaterThan(350);
  expect(last[1] - first[1]).toBeGreaterThan(150);
});

type Point = readonly [number, number];
const leftmost = (a: Point, b: Point) => (b[0] < a[0] ? b : a);
const rightmost = (a: Point, b: Point) => (b[0] > a[0] ? b : a);

const withMarkers = (stroke: string) => ({
  title: "Loss",
  plot: { marks: [Plot.lineY(data, { x: "epoch", y: "loss", stroke, marker: "dot" })] },
});

test("the same data gives the same bytes, markers included", () => {
  const panels = [withMarkers("#ff0000"), withMarkers("#0000ff")];
  expect(drawChart(panels)).toBe(drawChart(panels));
});

test("markers of two charts on one page have names of their own", () => {
  const idsOf = (stroke: string) =>
    [...drawChart([withMarkers(stroke)]).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  const [red, blue] = [idsOf("#ff0000"), idsOf("#0000ff")];
  expect(red).toHaveLength(1);
  expect(red).not.toEqual(blue);
  expect(drawChart([withMarkers("#ff0000")])).toContain(`url(#${red[0]})`);
});
