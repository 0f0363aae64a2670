/** @file The filters of one layer, in two ways of making pictures. */
import type { Picture } from "../../image/picture.ts";
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { Preset } from "../../optvis/presets.ts";
import { count, measured } from "../../report/measures.ts";
import type { Claim } from "../../report/record.ts";
import type { MadeFigure, MadeSection, SectionPlan, SectionTools } from "../../report/section.ts";
import { median } from "../../statistics.ts";
import { formatProse } from "../../wording/numbers.ts";
import { maximizeLayerUnits, describePreset } from "../maximized-units.ts";
import { floatsOf, gridOf, shown } from "../network.ts";
import type { FiltersPart, NamedLayer } from "./part.ts";
import { measurePictures } from "./quantities.ts";
import { presetOf, ways, type Way } from "./ways.ts";

const mostFilters = { usual: 64, quick: 16 } as const;
const columns = { usual: 8, quick: 4 } as const;

export function mostFiltersShown(quick: boolean): number {
  return mostFilters[quick ? "quick" : "usual"];
}

/** Share of the section's time by the way. */
const shares: Readonly<Record<Way, { readonly from: number; readonly extent: number }>> = {
  chollet: { from: 0, extent: 0.15 },
  natural: { from: 0.15, extent: 0.85 },
};

/** The section of the layer with a place among the part's; later ones take longer. */
export function layerSection(part: FiltersPart, layer: NamedLayer, place: number): SectionPlan {
  const { network, sidePx, quick } = part;
  const { name, channels, file } = layer;
  const filters = Math.min(channels, mostFiltersShown(quick));
  const used = Object.fromEntries(ways.map((way) => [way, presetOf(way, quick)]));
  return {
    name: file,
    title: `Layer ${name}`,
    recipe: {
      network: network.source.sha256,
      layer: { name, channels },
      filters,
      sidePx,
      presets: used,
    },
    effort: 10 + 4 * place,
    make: (tools) => makeLayer(part, layer, filters, tools),
  };
}

/** Pictures of the filters, made in one way. */
interface MadeWay {
  readonly way: Way;
  readonly preset: Preset;
  readonly pictures: readonly Picture[];
  readonly floats: readonly Float32Array[];
  readonly activations: readonly number[];
}

async function makeLayer(
  part: FiltersPart,
  layer: NamedLayer,
  filters: number,
  tools: SectionTools,
): Promise<MadeSection> {
  const made: MadeWay[] = [];
  for (const way of ways) made.push(await makeWay(part, layer.name, filters, way, tools));
  const [plain, natural] = made as [MadeWay, MadeWay];
  return {
    paragraphs: [],
    claims: [describeGain(plain, natural)],
    figures: [describeLayer(part, layer, made, tools.seed)],
    tables: [],
    series: Object.fromEntries(
      made.flatMap(({ way, pictures, activations }) => [
        [`activation-${way}`, activations] as const,
        ...measurePictures(pictures, way),
      ]),
    ),
  };
}

async function makeWay(
  { network, sidePx, quick }: FiltersPart,
  layer: string,
  filters: number,
  way: Way,
  { seed, signal, report }: SectionTools,
): Promise<MadeWay> {
  const size = squareOf(sidePx);
  const preset = presetOf(way, quick);
  const { from, extent } = shares[way];
  const units = Array.from({ length: filters }, (_, channel) => ({ layer, channel }));
  const made = await maximizeLayerUnits(
    network,
    units,
    { preset, size, seed },
    { signal, report: (done) => report(from + extent * done, `${layer}, ${way}`) },
  );
  const floats = made.map(({ picture }) => picture);
  return {
    way,
    preset,
    pictures: shown(floats, size, preset.display),
    floats: made.map(({ input }) => input),
    activations: made.map(({ activation }) => activation),
  };
}

function squareOf(sidePx: number): PictureSize {
  return { channels: 3, heightPx: sidePx, widthPx: sidePx };
}

function describeGain(plain: MadeWay, natural: MadeWay): Claim {
  const higher = natural.activations.filter((a, i) => a > plain.activations[i]!).length;
  return {
    text: `filters are excited more by the natural picture than by the one of 2016.`,
    measures: [
      count("filters", higher, plain.pictures.length),
      measured("median activation, natural", median(natural.activations)),
      measured("as in 2016", median(plain.activations)),
    ],
  };
}

function describeLayer(
  { sidePx, quick }: FiltersPart,
  { name: layer, file }: NamedLayer,
  made: readonly MadeWay[],
  seed: number,
): MadeFigure {
  const size = squareOf(sidePx);
  const natural = made.at(-1)!;
  const last = natural.pictures.length - 1;
  const silent = natural.activations.flatMap((activation, i) => (activation <= 0 ? [i] : []));
  const filters = silent.length === 1 ? "filter" : "filters";
  return {
    id: `filters-${file}`,
    title: `${last + 1} filters of ${layer}`,
    cells: made.map(({ way, pictures, activations }) => ({
      picture: gridOf(pictures, columns[quick ? "quick" : "usual"]),
      alt: `Pictures of filters 0 to ${last} of ${layer}, preset ${way}`,
      title: way === "chollet" ? "As the Keras blog made them in 2016" : "Preset natural",
      notes: [`median activation ${formatProse(median(activations))}`],
      enlarge: "smooth" as const,
    })),
    columns: 2,
    charts: [],
    floats: made.map(({ way, floats }) => ({
      name: `filters-${file}-${way}`,
      value: floatsOf(floats, size),
    })),
    sees: `Filters 0 to ${last}, row by row. Left: pixels that climb by themselves, which leaves grain. Right: the same filters with a natural spectrum, decorrelated colour and random moves.`,
    recipe: made.map(({ way, preset }) => describePreset(way, preset, size)).join(" "),
    seed,
    warnings:
      silent.length > 0
        ? [`nothing excites ${filters} ${silent.join(", ")}: the picture shows noise`]
        : [],
  };
}
