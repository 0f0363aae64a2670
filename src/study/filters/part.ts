/** @file Part 3: filters from the first layer to the last, in two ways of making pictures, and what changes with depth. */
import type { Picture } from "../../image/picture.ts";
import { presets, type Preset } from "../../optvis/presets.ts";
import { climbUnits, describePreset } from "../climb.ts";
import { median, rankCorrelation } from "../../statistics.ts";
import { colourfulness, dominantFrequency, lumaEntropy } from "./picture-measures.ts";
import { floatsOf, gridOf, shown, type StudyNetwork } from "../network.ts";
import { count, measured } from "../../report/measures.ts";
import type { Claim, Measure, Section } from "../../report/record.ts";
import type {
  MadeFigure,
  MadeSection,
  PartPlan,
  SectionPlan,
  SectionTools,
} from "../../report/section.ts";
import { formatProse } from "../../wording/numbers.ts";

export interface FiltersPart {
  readonly network: StudyNetwork;
  /** Layers from early to late, with their channels. */
  readonly layers: readonly FilterLayer[];
  readonly quick: boolean;
  /** Side of the pictures. */
  readonly sidePx: number;
}

export interface FilterLayer {
  readonly name: string;
  readonly channels: number;
}

const mostFilters = { usual: 64, quick: 16 } as const;
const columns = { usual: 8, quick: 4 } as const;

/** The two ways, by the names of their presets. */
const ways = ["chollet", "natural"] as const;
type Way = (typeof ways)[number];

/** The plan of part 3. */
export function filtersPart(part: FiltersPart): PartPlan {
  return {
    name: "vgg",
    title: "Filters, from edges to parts",
    lead: "The first filters of a network look for edges and colours, later ones for textures, the last for parts of things. Here are up to 64 filters of each of five layers, each as the picture that excites it most.",
    sources: [part.network.source],
    sections: [...part.layers.map((layer) => layerSection(part, layer)), depthSection(part)],
  };
}

function presetOf(way: Way, { quick }: FiltersPart): Preset {
  const preset: Preset = presets[way];
  return quick ? { ...preset, steps: Math.round(preset.steps / 2) } : preset;
}

/** A layer's name as part of a file's. */
export function fileName(layer: string): string {
  return layer.replaceAll(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "");
}

function layerSection(part: FiltersPart, layer: FilterLayer): SectionPlan {
  const { network, sidePx, quick } = part;
  const filters = Math.min(layer.channels, mostFilters[quick ? "quick" : "usual"]);
  const used = Object.fromEntries(ways.map((way) => [way, presetOf(way, part)]));
  return {
    name: fileName(layer.name),
    title: `Layer ${layer.name}`,
    recipe: { network: network.source.sha256, layer, filters, sidePx, presets: used },
    effort: 10 + 4 * part.layers.indexOf(layer),
    make: (tools) => makeLayer(part, layer.name, filters, tools),
  };
}

interface WayMade {
  readonly way: Way;
  readonly preset: Preset;
  readonly pictures: readonly Picture[];
  readonly floats: readonly Float32Array[];
  readonly activations: readonly number[];
}

async function makeLayer(
  part: FiltersPart,
  layer: string,
  filters: number,
  tools: SectionTools,
): Promise<MadeSection> {
  const size = { channels: 3, heightPx: part.sidePx, widthPx: part.sidePx } as const;
  const units = Array.from({ length: filters }, (_, channel) => ({ layer, channel }));
  const made: WayMade[] = [];
  for (const [i, way] of ways.entries()) {
    const preset = presetOf(way, part);
    const before = i === 0 ? 0 : 0.15;
    const extent = i === 0 ? 0.15 : 0.85;
    const report = (done: number) => tools.report(before + extent * done, `${layer}, ${way}`);
    const climbed = await climbUnits(
      part.network,
      units,
      { preset, size, seed: tools.seed },
      { signal: tools.signal, report },
    );
    made.push({
      way,
      preset,
      pictures: shown(
        climbed.map(({ picture }) => picture),
        size,
        preset.display,
      ),
      floats: climbed.map(({ input }) => input),
      activations: climbed.map(({ activation }) => activation),
    });
  }
  return describeLayer(part, layer, made, tools.seed);
}

function describeLayer(
  part: FiltersPart,
  layer: string,
  made: readonly WayMade[],
  seed: number,
): MadeSection {
  const size = { channels: 3, heightPx: part.sidePx, widthPx: part.sidePx } as const;
  const [plain, natural] = made as readonly [WayMade, WayMade];
  const filters = plain.pictures.length;
  const asleep = natural.activations.flatMap((activation, i) => (activation <= 0 ? [i] : []));
  const higher = natural.activations.filter((a, i) => a > plain.activations[i]!).length;
  const figure: MadeFigure = {
    id: `filters-${fileName(layer)}`,
    title: `${filters} filters of ${layer}`,
    cells: made.map(({ way, pictures, activations }) => ({
      picture: gridOf(pictures, columns[part.quick ? "quick" : "usual"]),
      alt: `Pictures of filters 0 to ${filters - 1} of ${layer}, preset ${way}`,
      title: way === "chollet" ? "As the Keras blog made them in 2016" : "Preset natural",
      notes: [`median activation ${formatProse(median(activations))}`],
      enlarge: "smooth" as const,
    })),
    columns: 2,
    charts: [],
    floats: made.map(({ way, floats }) => ({
      name: `filters-${fileName(layer)}-${way}`,
      value: floatsOf(floats, size),
    })),
    sees: `Filters 0 to ${filters - 1}, row by row. Left: pixels that climb by themselves, which leaves grain. Right: the same filters with a natural spectrum, decorrelated colour and random moves.`,
    recipe: made.map(({ way, preset }) => describePreset(way, preset, size)).join(" "),
    seed,
    warnings:
      asleep.length > 0
        ? [
            `nothing excites ${asleep.length === 1 ? "filter" : "filters"} ${asleep.join(", ")}: the picture shows noise`,
          ]
        : [],
  };
  return {
    paragraphs: [],
    claims: [
      {
        text: `filters are excited more by the natural picture than by the one of 2016.`,
        measures: [
          count("filters", higher, filters),
          measured("median activation, natural", median(natural.activations)),
          measured("as in 2016", median(plain.activations)),
        ],
      },
    ],
    figures: [figure],
    tables: [],
    series: seriesOf(made),
  };
}

const quantities = {
  colourfulness: { title: "Colourfulness", unit: undefined, of: colourfulness },
  frequency: { title: "Dominant spatial frequency", unit: "cycles/px", of: dominantFrequency },
  entropy: { title: "Entropy of the luma", unit: "bits", of: lumaEntropy },
} as const;

type Quantity = keyof typeof quantities;
const quantityNames = Object.keys(quantities) as readonly Quantity[];

function seriesOf(made: readonly WayMade[]): Readonly<Record<string, readonly number[]>> {
  const entries = made.flatMap(({ way, pictures, activations }) => [
    [`activation-${way}`, activations] as const,
    ...quantityNames.map((name) => [`${name}-${way}`, pictures.map(quantities[name].of)] as const),
  ]);
  return Object.fromEntries(entries);
}

function depthSection(part: FiltersPart): SectionPlan {
  return {
    name: "depth",
    title: "What changes with depth",
    recipe: { layers: part.layers },
    effort: 1,
    make: ({ earlier }) => Promise.resolve(describeDepth(part.layers, earlier)),
  };
}

function describeDepth(layers: readonly FilterLayer[], earlier: readonly Section[]): MadeSection {
  const valuesOf = (layer: FilterLayer, name: Quantity, way: Way) =>
    earlier
      .find((section) => section.name === fileName(layer.name))!
      .series[`${name}-${way}`]!.map((value) => value ?? Number.NaN);
  const charts = quantityNames.map((name) => {
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
      kind: "lines" as const,
      series,
    };
  });
  const claims = quantityNames.map((name) =>
    depthClaim(
      name,
      layers.map((layer) => valuesOf(layer, name, "natural")),
    ),
  );
  return {
    paragraphs: [
      "What the eye sees in the grids can be measured. Each point is the median over the filters of a layer; the claims are about the natural pictures, whose form owes least to chance.",
    ],
    claims,
    figures: [
      {
        id: "filters-depth",
        title: "Pictures against depth",
        cells: [],
        columns: 1,
        charts,
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
