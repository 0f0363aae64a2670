/** @file Charts of a report: bars stand on 0, text has the page's typeface. */
import { parseHTML } from "linkedom/worker";
import { expect, test } from "vitest";
import { fontStack } from "../drawing/font-stack.ts";
import { studyChart } from "./section-chart.ts";
import type { ChartDescription } from "./section.ts";
import { styleSheet } from "./style.ts";

const { document } = parseHTML("<html><body></body></html>");

function bars(...values: readonly number[]): ChartDescription {
  const points = values.map((y, i) => ({ x: `layer ${i}`, y }));
  const series = [{ label: "dead", points }];
  return { title: "Dead channels", alt: "", x: "layer", y: "channels", kind: "bars", series };
}

/** Heights of the bars in pixels. */
function heightsOf(svg: string): readonly number[] {
  return [...svg.matchAll(/<rect[^>]*?height="([^"]+)"/g)].map(([, height]) => Number(height));
}

test("a bar is as high as its number, and none at 0", () => {
  const [none, one, two] = heightsOf(studyChart(bars(0, 1, 2), document));
  expect(none).toBe(0);
  expect(one).toBeGreaterThan(0);
  expect(two).toBeCloseTo(2 * one!, 6);
});

test("where all numbers are 0 no bar is drawn, and below 0 bars hang", () => {
  expect(heightsOf(studyChart(bars(0, 0), document))).toEqual([0, 0]);
  const [up, down] = heightsOf(studyChart(bars(1, -1), document));
  expect(down).toBeCloseTo(up!, 6);
});

test.each([
  [
    [0, 3],
    ["0", "1", "2", "3"],
  ],
  [
    [0, 0],
    ["0", "1"],
  ],
  [
    [0.5, 1],
    ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"],
  ],
])("the axis of %j has whole numbers where only those are shown", (values, expected) => {
  const svg = studyChart(bars(...values), document);
  const labels = svg.match(/aria-label="y-axis tick label".*?<\/g>/s)![0];
  expect([...labels.matchAll(/>([\d.]+)<\/text>/g)].map(([, text]) => text)).toEqual(expected);
});

const confusion: ChartDescription = {
  title: "Confusion",
  alt: "",
  kind: "confusion",
  classes: ["cat", "dog"],
  confusion: [
    [3, 1],
    [0, 4],
  ],
};

test.each([
  ["bars", bars(1)],
  ["confusion", confusion],
])("text of %s has the page's typeface and no other", (_, chart) => {
  const svg = studyChart(chart, document);
  expect(svg.match(/font-family="[^"]*"/g)).toEqual([`font-family="${fontStack}"`]);
  expect(svg).not.toMatch(/font-family:/);
  expect(styleSheet).toContain(`font-family: ${fontStack};`);
});

const turned = ["חתול 2", "قطة (a)", "שם & <b>", "dog"] as const;
const axes = { title: `${turned[0]} 3`, alt: "", x: turned[1], y: turned[2] };
const [a, b] = [turned, turned.toReversed()].map((names) => ({
  label: `${names[0]}: 5`,
  points: names.map((x, y) => ({ x, y })),
}));

test.each<ChartDescription>([
  { ...axes, kind: "lines", series: [a!, b!] },
  { ...axes, kind: "bars", series: [a!, b!] },
  { ...confusion, title: axes.title, classes: turned.slice(0, 2) },
])("names from right to left in $kind stand alone, wherever they are drawn", (chart) => {
  const { document: drawn } = parseHTML(studyChart(chart, document));
  const texts = [...drawn.querySelectorAll("svg *")].flatMap((element) =>
    [...element.childNodes].filter(({ nodeType }) => nodeType === 3),
  );
  const isTurned = ({ textContent }: { textContent: string | null }) =>
    /[\u0590-\u08ff]/.test(textContent!);
  const own = texts.filter(isTurned);
  // Heading, axes and what they name; with several series their names, too.
  expect(own.length).toBeGreaterThan(4);
  for (const text of own) {
    expect(text.textContent).toMatch(/^[\u0590-\u08ff]+$/);
    const { localName, parentElement } = text.parentElement!;
    expect([localName, text.parentElement!.getAttribute("style")]).toEqual([
      "tspan",
      "unicode-bidi:isolate",
    ]);
    expect(["text", "tspan"]).toContain(parentElement!.localName);
  }
  const said = [...drawn.querySelectorAll("text")].map(({ textContent }) => textContent).join();
  const names = chart.kind === "confusion" ? chart.classes : [...turned, a!.label, b!.label];
  for (const name of [chart.title, ...names]) expect(said).toContain(name);
});

test("a matrix has a cell for each pair of classes and writes what happened", () => {
  const svg = studyChart(confusion, document);
  expect(svg.match(/<rect/g)).toHaveLength(4);
  const counts = [...svg.matchAll(/>(\d+)<\/text>/g)].map(([, text]) => text);
  expect(counts).toEqual(["3", "1", "4"]);
});
