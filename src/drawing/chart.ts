/** @file Charts as SVG, drawn by Observable Plot into a document that the platform gives. */
import * as Plot from "@observablehq/plot";
import { randomStream } from "../random.ts";
import { drawnText } from "../wording/markup.ts";
import { shownLines } from "../wording/shown-text.ts";
import type { ChartDocument } from "./chart-document.ts";
import { fontStack } from "./font-stack.ts";

/** One panel of a chart: Plot's options and a heading. */
export interface ChartPanel {
  readonly title: string;
  readonly plot: Plot.PlotOptions;
  /** What the colours mean, after the heading. */
  readonly legend?: readonly { readonly label: string; readonly colour: string }[];
}

const panelWidth = 420;
const panelHeight = 300;
const headingHeight = 34;
const gap = 24;

/** Colours that the colour-blind tell apart (Okabe and Ito 2008): blue, orange, green, purple. */
export const seriesColours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"] as const;

/** Text of axes can be read where a chart is shown small, and has room beside the numbers at the ends of axes. */
const axes = {
  style: { fontSize: "13px" },
  marginTop: 32,
  marginLeft: 52,
  marginBottom: 44,
} as const;

/** Panels side by side as an SVG document. Text takes the page's colour where the chart is part of a page. */
export function drawChart(panels: readonly ChartPanel[], document: ChartDocument): string {
  const width = panels.length * panelWidth + (panels.length - 1) * gap;
  const height = panelHeight + headingHeight;
  const drawn = panels.map(({ title, plot, legend = [] }, i) => {
    const svg = Plot.plot({
      width: panelWidth,
      height: panelHeight,
      ...axes,
      grid: true,
      ...plot,
      document: document as NonNullable<Plot.PlotOptions["document"]>,
    });
    svg.setAttribute("x", "0");
    svg.setAttribute("y", String(headingHeight));
    // Plot asks for another typeface than the heading's.
    svg.removeAttribute("font-family");
    isolateTexts(svg);
    const words = legend.map(
      ({ label, colour }) =>
        `<tspan dx="14" font-size="12" font-weight="400" fill="${colour}">● ${drawnText(label)}</tspan>`,
    );
    const heading = `<text x="0" y="20" font-size="15" font-weight="600">${drawnText(title)}${words.join("")}</text>`;
    return `<g transform="translate(${i * (panelWidth + gap)} 0)">${heading}${svg.outerHTML}</g>`;
  });
  const svg = withOwnMarkers(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="${fontStack}" fill="currentColor">${drawn.join("")}</svg>\n`,
  );
  // Names of HTML mean nothing where the file is read by itself.
  return shownLines(svg.replaceAll("&nbsp;", "&#160;"));
}

/** Of texts that Plot draws: names of axes, and what stands along them. */
function isolateTexts(svg: Element): void {
  for (const text of svg.querySelectorAll("text, text tspan")) {
    if (text.childElementCount > 0) continue;
    const drawn = drawnText(text.textContent);
    if (drawn.includes("<tspan")) text.innerHTML = drawn;
  }
}

/**
 * Plot numbers markers by how many the process has drawn. Here they are named by the chart's content, so that the same
 * chart has the same bytes, and two charts on one page do not take each other's markers.
 */
function withOwnMarkers(svg: string): string {
  const numbers = [...new Set(svg.match(/(?<=plot-marker-)\d+/g))];
  const named = (prefix: string) =>
    svg.replaceAll(/plot-marker-(\d+)/g, (_, number: string) => {
      return `${prefix}-${numbers.indexOf(number)}`;
    });
  if (numbers.length === 0) return svg;
  const own = randomStream(named("marker")).below(2 ** 32);
  return named(`marker-${own.toString(36)}`);
}
