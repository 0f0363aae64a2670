/** @file Part 2: the network for cats and dogs: its filters, the two sides of its one output, and a photo on its way. */
import { probabilityOf } from "../../scores/class-targets.ts";
import { presets, type Preset } from "../../optvis/presets.ts";
import type { ChannelUnit } from "../../optvis/units.ts";
import { median } from "../../statistics.ts";
import type { Dataset } from "../../image/dataset.ts";
import { randomStream } from "../../random.ts";
import { climbUnits, describePreset } from "../climb.ts";
import { fileName, type FilterLayer } from "../filters/part.ts";
import { evaluationSection } from "../evaluation.ts";
import { learningSection, type LearningPart } from "./learning.ts";
import { floatsOf, gridOf, readInputs, shown, type StudyNetwork } from "../network.ts";
import { count, measured, share } from "../../report/measures.ts";
import type { Source } from "../../report/record.ts";
import type {
  MadeCell,
  MadeSection,
  PartPlan,
  SectionPlan,
  SectionTools,
} from "../../report/section.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";

export interface CatsPart {
  readonly title: string;
  readonly network: StudyNetwork;
  /** What the network is evaluated on; none where a user's own network is shown. */
  readonly dataset?: Dataset;
  readonly sources: readonly Source[];
  /** Convolutions after their activation. */
  readonly convolutions: readonly FilterLayer[];
  readonly learning: Omit<LearningPart, "network">;
  readonly quick: boolean;
}

const filtersShown = 16;

/** The plan of part 2. */
export function catsPart(part: CatsPart): PartPlan {
  const { network, dataset, learning, quick } = part;
  const sides = network.labels.length === 2;
  return {
    name: "cats",
    title: part.title,
    lead: "One network from its first filter to its last unit: what its convolutions look for, what each side of its answer wants to see, and what becomes of a picture on the way through its first layers.",
    sources: [network.source, ...part.sources],
    sections: [
      ...(dataset
        ? [
            evaluationSection({
              network,
              dataset,
              examples: quick ? 200 : 1000,
              part: "cats",
              things: "pictures",
            }),
          ]
        : []),
      convolutionsSection(part),
      ...(sides ? [sidesSection(part)] : []),
      learningSection({ network, ...learning }),
    ],
  };
}

function presetOf(quick: boolean): Preset {
  const { steps } = presets.natural;
  return { ...presets.natural, steps: quick ? Math.round(steps / 2) : steps };
}

function convolutionsSection({ network, convolutions, quick }: CatsPart): SectionPlan {
  const preset = presetOf(quick);
  const chosen = convolutions.map((layer) => chosenUnits(layer));
  return {
    name: "filters",
    title: "What its convolutions look for",
    recipe: { network: network.source.sha256, chosen, preset },
    effort: 5 * convolutions.length,
    async make(tools) {
      const [, , heightPx, widthPx] = network.model.inputDims();
      const side = Math.min(heightPx, widthPx, 96);
      const size = { channels: 3, heightPx: side, widthPx: side } as const;
      const cells: MadeCell[] = [];
      const floats = [];
      const asleep: string[] = [];
      for (const [i, units] of chosen.entries()) {
        const { layer } = units[0]!;
        const report = (done: number) => tools.report((i + done) / chosen.length, layer);
        const options = { preset, size, seed: tools.seed };
        const made = await climbUnits(network, units, options, { signal: tools.signal, report });
        cells.push({
          picture: gridOf(
            shown(
              made.map(({ picture }) => picture),
              size,
              preset.display,
            ),
            4,
          ),
          alt: `Pictures of channels ${units.map(({ channel }) => channel).join(", ")} of ${layer}`,
          title: layer,
          notes: [`channels ${units.map(({ channel }) => channel).join(", ")}`],
          enlarge: "smooth",
        });
        floats.push({
          name: `cats-filters-${fileName(layer)}`,
          value: floatsOf(
            made.map(({ input }) => input),
            size,
          ),
        });
        const silent = made.flatMap(({ activation }, k) =>
          activation <= 0 ? [units[k]!.channel] : [],
        );
        if (silent.length > 0) asleep.push(`${layer}: ${silent.join(", ")}`);
      }
      const units = chosen.flat().length;
      const silent = asleep.length === 0 ? 0 : asleep.join(", ").split(", ").length;
      return {
        paragraphs: [],
        claims: [
          {
            text: `filters shown could be excited above 0${asleep.length > 0 ? `; silent stayed ${asleep.join("; ")}` : ""}.`,
            measures: [count("filters", units - silent, units)],
          },
        ],
        figures: [
          {
            id: "cats-filters",
            title: `Filters of ${chosen.length} convolutions`,
            cells,
            columns: 2,
            charts: [],
            floats,
            sees: `${filtersShown} channels of each convolution, drawn from the seed, row by row. From layer to layer the patterns grow larger and less like plain waves.`,
            recipe: describePreset("natural", preset, size),
            seed: tools.seed,
            warnings: asleep.map((names) => `nothing excites ${names}`),
          },
        ],
        tables: [],
      };
    },
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

const picturesPerSide = 4;

function sidesSection({ network, quick }: CatsPart): SectionPlan {
  const preset = presetOf(quick);
  return {
    name: "sides",
    title: "Two sides of one answer",
    recipe: { network: network.source.sha256, preset, picturesPerSide },
    effort: 12,
    make: (tools) => makeSides(network, preset, tools),
  };
}

async function makeSides(
  network: StudyNetwork,
  preset: Preset,
  tools: SectionTools,
): Promise<MadeSection> {
  const { model, labels } = network;
  const [, , heightPx, widthPx] = model.inputDims();
  const size = { channels: 3, heightPx, widthPx } as const;
  const oneUnit = (await model.at(model.inputDims())).shapes.get(model.head.logits)!.dims[1] === 1;
  const units = labels.flatMap((_, side) =>
    Array.from({ length: picturesPerSide }, () => ({
      layer: model.head.logits,
      channel: oneUnit ? 0 : side,
      class: side,
    })),
  );
  const bySide = [];
  for (const side of labels.keys()) {
    const chosen = units.filter((unit) => unit.class === side);
    const report = (done: number) => tools.report((side + done) / 2, labels[side]);
    const options = { preset, size, seed: tools.seed, oneUnit };
    bySide.push(await climbUnits(network, chosen, options, { signal: tools.signal, report }));
  }
  const made = bySide.flat();
  const readings = await readInputs(
    model,
    made.map(({ input }) => input),
  );
  const pictures = shown(
    made.map(({ picture }) => picture),
    size,
    preset.display,
  );
  const own = readings.map(({ logits }, i) =>
    probabilityOf(logits, units[i]!.class, model.head.activation),
  );
  const right = own.filter((probability) => probability > 0.5).length;
  return {
    paragraphs: [
      oneUnit
        ? `The network answers with one number: below 0 for ${labels[0]}, above for ${labels[1]}. The study of 2018 could show only one side of it. Minus the number is as good an objective as the number itself, so here are both.`
        : `The network answers with one number for each class; here is what makes each of them large.`,
    ],
    claims: [
      {
        text: "pictures are read by the network as the side that they were made for.",
        measures: [
          count("read as their own", right, made.length),
          share("smallest probability", Math.min(...own)),
          measured(
            `median logit for ${labels[0]}`,
            median(made.slice(0, picturesPerSide).map(({ activation }) => activation)),
          ),
          measured(
            `for ${labels[1]}`,
            median(made.slice(picturesPerSide).map(({ activation }) => activation)),
          ),
        ],
      },
    ],
    figures: [
      {
        id: "cats-sides",
        title: `What speaks for ${labels[0]}, and what for ${labels[1]}`,
        cells: made.map(({ activation }, i) => ({
          picture: pictures[i]!,
          alt: `A picture made to be read as ${labels[units[i]!.class]}`,
          title: `${labels[units[i]!.class]}`,
          notes: [`probability ${formatProsePercent(own[i]!)}`, `logit ${formatProse(activation)}`],
          enlarge: "smooth" as const,
        })),
        columns: picturesPerSide,
        charts: [],
        floats: [
          {
            name: "cats-sides",
            value: floatsOf(
              made.map(({ input }) => input),
              size,
            ),
          },
        ],
        sees: `Above, four starts that climbed towards ${labels[0]}; below, four towards ${labels[1]}. Pieces of what tells the two apart lie all over the picture, because the network asks whether they are there, not where.`,
        recipe: describePreset("natural", preset, size),
        seed: tools.seed,
        warnings: [],
      },
    ],
    tables: [],
  };
}
