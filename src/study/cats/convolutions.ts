/** @file What the convolutions of a network look for: a few channels of each. */
import type { PictureSize } from "../../optvis/parameterizations.ts";
import type { Preset } from "../../optvis/presets.ts";
import type { ChannelUnit } from "../../optvis/units.ts";
import { randomStream } from "../../random.ts";
import { count } from "../../report/measures.ts";
import type {
  MadeCell,
  MadeFigure,
  MadeSection,
  SectionPlan,
  SectionTools,
} from "../../report/section.ts";
import { fileNames } from "../../wording/file-names.ts";
import { maximizeLayerUnits, describePreset } from "../maximized-units.ts";
import type { FilterLayer } from "../filters/part.ts";
import { floatsOf, gridOf, shown, sizeOf, type StudyNetwork } from "../network.ts";
import type { CatsPart } from "./part.ts";
import { presetOf } from "./preset.ts";

const filtersShown = 16;
const columns = 4;
const largestSidePx = 96;

/** The section about the part's convolutions. */
export function convolutionsSection({ network, convolutions, quick }: CatsPart): SectionPlan {
  const preset = presetOf(quick);
  const chosen = convolutions.map((layer) => chosenUnits(layer));
  return {
    name: "filters",
    title: "What its convolutions look for",
    recipe: { network: network.source.sha256, chosen, preset },
    effort: 5 * convolutions.length,
    make: (tools) => makeConvolutions(network, chosen, preset, tools),
  };
}

/** Channels drawn without regard to the run's seed, so that runs show the same filters. */
function chosenUnits({ name, channels }: FilterLayer): readonly ChannelUnit[] {
  const random = randomStream("study", name, channels);
  const left = Array.from({ length: channels }, (_, channel) => channel);
  const chosen = Array.from(
    { length: Math.min(filtersShown, channels) },
    () => left.splice(random.below(left.length), 1)[0]!,
  );
  return chosen.toSorted((a, b) => a - b).map((channel) => ({ layer: name, channel }));
}

/** What was made of the channels of one convolution. */
interface MadeLayer {
  readonly layer: string;
  readonly cell: MadeCell;
  readonly floats: MadeFigure["floats"][number];
  /** Channels that nothing excites. */
  readonly silent: readonly number[];
}

async function makeConvolutions(
  network: StudyNetwork,
  chosen: readonly (readonly ChannelUnit[])[],
  preset: Preset,
  tools: SectionTools,
): Promise<MadeSection> {
  const { heightPx, widthPx } = sizeOf(network);
  const side = Math.min(heightPx, widthPx, largestSidePx);
  const size: PictureSize = { channels: 3, heightPx: side, widthPx: side };
  const files = fileNames(chosen.map(([unit]) => unit!.layer));
  const made: MadeLayer[] = [];
  for (const [i, units] of chosen.entries()) {
    const { layer } = units[0]!;
    const report = (done: number) => tools.report((i + done) / chosen.length, layer);
    made.push(
      await makeLayer(network, units, files.get(layer)!, { preset, size }, { ...tools, report }),
    );
  }
  return describeConvolutions(made, chosen.flat().length, { preset, size, seed: tools.seed });
}

async function makeLayer(
  network: StudyNetwork,
  units: readonly ChannelUnit[],
  file: string,
  { preset, size }: { readonly preset: Preset; readonly size: PictureSize },
  tools: SectionTools,
): Promise<MadeLayer> {
  const { layer } = units[0]!;
  const made = await maximizeLayerUnits(network, units, { preset, size, seed: tools.seed }, tools);
  const pictures = made.map(({ picture }) => picture);
  const channels = units.map(({ channel }) => channel).join(", ");
  return {
    layer,
    cell: {
      picture: gridOf(shown(pictures, size, preset.display), columns),
      alt: `Pictures of channels ${channels} of ${layer}`,
      title: layer,
      notes: [`channels ${channels}`],
      enlarge: "smooth",
    },
    floats: {
      name: `cats-filters-${file}`,
      value: floatsOf(
        made.map(({ input }) => input),
        size,
      ),
    },
    silent: made.flatMap(({ activation }, i) => (activation <= 0 ? [units[i]!.channel] : [])),
  };
}

function describeConvolutions(
  made: readonly MadeLayer[],
  units: number,
  { preset, size, seed }: { preset: Preset; size: PictureSize; seed: number },
): MadeSection {
  const silent = made
    .filter((layer) => layer.silent.length > 0)
    .map((layer) => `${layer.layer}: ${layer.silent.join(", ")}`);
  const excited = units - made.flatMap((layer) => layer.silent).length;
  return {
    paragraphs: [],
    claims: [
      {
        text: `filters shown could be excited above 0${silent.length > 0 ? `; silent stayed ${silent.join("; ")}` : ""}.`,
        measures: [count("filters", excited, units)],
      },
    ],
    figures: [
      {
        id: "cats-filters",
        title: `Filters of ${made.length} convolutions`,
        cells: made.map(({ cell }) => cell),
        columns: 2,
        charts: [],
        floats: made.map(({ floats }) => floats),
        sees: `${filtersShown} channels of each convolution, drawn from the seed, row by row. From layer to layer the patterns grow larger and less like plain waves.`,
        recipe: describePreset("natural", preset, size),
        seed,
        warnings: silent.map((names) => `nothing excites ${names}`),
      },
    ],
    tables: [],
  };
}
