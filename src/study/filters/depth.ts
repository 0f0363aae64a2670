/** @file What changes with depth in the pictures of filters. */
import { measured } from "../../report/measures.ts";
import type { Claim, Measure, Section } from "../../report/record.ts";
import type { CurvesDescription, MadeSection, SectionPlan } from "../../report/section.ts";
import { median, rankCorrelation } from "../../statistics.ts";
import { formatProse } from "../../wording/numbers.ts";
import type { NamedLayer } from "./part.ts";
import { quantities, quantityNames, seriesName, type Quantity } from "./quantities.ts";
import { ways, type Way } from "./ways.ts";
import { LimpidError } from "../../errors.ts";
import { option, say } from "../../wording/face.ts";

/** The section's name, and its figure's, among those that are named after a layer. */
export const depthName = "depth";

/** Numbers of the pictures of a layer, one a filter. */
type ValuesOf = (layer: NamedLayer, quantity: Quantity, way: Way) => readonly number[];

/** The section that reads what those of the layers measured. */
export function depthSection(layers: readonly NamedLayer[]): SectionPlan {
  return {
    name: depthName,
    title: "What changes with depth",
    recipe: { layers: layers.map(({ name, channels }) => ({ name, channels })) },
    effort: 1,
    make: ({ earlier }) => Promise.resolve(describeDepth(layers, valuesIn(earlier))),
  };
}

function valuesIn(earlier: readonly Section[]): ValuesOf {
  return ({ file }, quantity, way) => {
    const { series } = earlier.find(({ name }) => name === file)!;
    const name = seriesName(quantity, way);
    const values = series[name];
    if (values && values.length > 0) return values.map((value) => value ?? Number.NaN);
    // Of a folder that holds what this program did not write.
    throw new LimpidError(
      "bad-file",
      say`study: the kept section "${file}" must hold numbers of "${name}", got none. choose another folder with ${option("out")}.`,
    );
  };
}

function describeDepth(layers: readonly NamedLayer[], valuesOf: ValuesOf): MadeSection {
  const naturals = (name: Quantity) => layers.map((layer) => valuesOf(layer, name, "natural"));
  return {
    paragraphs: [
      "What the eye sees in the grids can be measured. Each point is the median over the filters of a layer; the claims are about the natural pictures, whose form owes least to chance.",
    ],
    claims: quantityNames.map((name) => depthClaim(name, naturals(name))),
    figures: [
      {
        id: `filters-${depthName}`,
        title: "Pictures against depth",
        cells: [],
        columns: 1,
        charts: quantityNames.map((name) => depthChart(name, layers, valuesOf)),
        floats: [],
        sees: "Layers from early to late. Where the two ways agree, the trend is the network's; where they differ, it is the way's.",
        recipe:
          "Colourfulness as Hasler and Süsstrunk (2003); the ring of the luma's power spectrum with most power per octave, behind a Hann window; the entropy of the luma's 256 levels.",
        seed: null,
        warnings: [],
      },
    ],
    tables: [
      {
        title: "Medians of the natural pictures",
        head: ["Layer", ...quantityNames.map((name) => quantities[name].title)],
        rows: layers.map((layer) => [
          layer.name,
          ...quantityNames.map((name) => formatProse(median(valuesOf(layer, name, "natural")))),
        ]),
      },
    ],
  };
}

function depthChart(
  name: Quantity,
  layers: readonly NamedLayer[],
  valuesOf: ValuesOf,
): CurvesDescription {
  const { title, unit } = quantities[name];
  const series = ways.map((way) => ({
    label: way,
    points: layers.map((layer) => ({ x: layer.name, y: median(valuesOf(layer, name, way)) })),
  }));
  const said = series.map(
    ({ label, points }) =>
      `${label}: ${points.map(({ x, y }) => `${x} ${formatProse(y)}`).join(", ")}`,
  );
  return {
    title,
    alt: `${title}, median over the filters of each layer. ${said.join(". ")}.`,
    x: "layer",
    y: unit ?? title.toLowerCase(),
    kind: "lines",
    series,
  };
}

/** Ranks that agree less than this are called no trend. */
const leastTrend = 0.2;

function depthClaim(name: Quantity, byLayer: readonly (readonly number[])[]): Claim {
  const { title, unit } = quantities[name];
  const depth = byLayer.flatMap((values, i) => values.map(() => i));
  const rho = rankCorrelation(depth, byLayer.flat());
  const [first, last] = [median(byLayer[0]!), median(byLayer.at(-1)!)];
  const way = !(Math.abs(rho) >= leastTrend)
    ? "shows no clear trend with depth"
    : rho > 0
      ? "rises with depth"
      : "falls with depth";
  const measures: readonly [Measure, ...Measure[]] = [
    measured("rank correlation with depth", rho),
    measured("median, first layer", first, unit),
    measured("last layer", last, unit),
  ];
  return {
    text: `${title} ${way}: Spearman's rank correlation over ${depth.length} pictures.`,
    measures,
  };
}
