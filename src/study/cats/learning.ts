/** @file Learning a cat: one photo through the first layers, every channel shown, dead ones named. */
import { layerStatistics, lumaOf, type SizedLuma } from "../../activations/layer-statistics.ts";
import { channelPlanes, layerValues } from "../../activations/layer-values.ts";
import { tensor, type Tensor } from "../../graph/tensor.ts";
import { colorize, scaleFor } from "../../image/colormap.ts";
import { contactSheet } from "../../drawing/contact-sheet.ts";
import type { Picture, Plane } from "../../image/picture.ts";
import { inputSizeOf, preprocess } from "../../image/preprocess.ts";
import type { SheetCell } from "../../drawing/sheet.ts";
import { rankCorrelation } from "../../statistics.ts";
import { fileName } from "../filters/part.ts";
import type { StudyNetwork } from "../network.ts";
import { count, measured, share } from "../../report/measures.ts";
import type { Claim } from "../../report/record.ts";
import type { MadeFigure, MadeSection, SectionPlan } from "../../report/section.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";

export interface LearningPart {
  readonly network: StudyNetwork;
  readonly photo: { readonly picture: Picture; readonly title: string };
  /** Layers with rows and columns, from early to late; `kind` says what is compared with what. */
  readonly layers: readonly { readonly name: string; readonly kind: "convolution" | "pool" }[];
}

/** What was found in one layer. */
interface LayerFound {
  readonly name: string;
  readonly kind: "convolution" | "pool";
  readonly channels: readonly Plane[];
  readonly values: Tensor;
  /** Share of its numbers that are 0. */
  readonly zeros: number;
  readonly dead: readonly number[];
  /** Median over living channels of the correlation's size with the photo's luma. */
  readonly likeness: number;
}

const columns = 16;

/** The section about the photo. */
export function learningSection(part: LearningPart): SectionPlan {
  const { network, photo, layers } = part;
  return {
    name: "learning",
    title: `What the first ${layers.length} layers keep of a picture`,
    recipe: { network: network.source.sha256, photo: photo.title, layers },
    effort: 4,
    async make(tools) {
      const { model, how } = network;
      const size = inputSizeOf(how, model.input.dims ?? ["N", "C", "H", "W"]);
      const prepared = preprocess(photo.picture, how, size);
      const input = tensor("float32", prepared.dims, prepared.data);
      const values = await layerValues(
        model,
        layers.map(({ name }) => name),
        input,
      );
      tools.report(0.3, "activations");
      const luma = lumaOf(prepared.seen);
      const found = layers.map((layer) => describeValues(layer, values.get(layer.name)!, luma));
      return describeLearning(part, prepared.seen, found);
    },
  };
}

function describeValues(
  { name, kind }: LearningPart["layers"][number],
  values: Tensor,
  luma: SizedLuma,
): LayerFound {
  const { zeroShare, deadChannels, pictureLikeness } = layerStatistics(values, luma);
  return {
    name,
    kind,
    channels: channelPlanes(values),
    values,
    zeros: zeroShare,
    dead: deadChannels,
    likeness: pictureLikeness ?? Number.NaN,
  };
}

function describeLearning(
  { photo, network }: LearningPart,
  seen: Picture,
  found: readonly LayerFound[],
): MadeSection {
  const series = (
    title: string,
    y: string,
    of: (layer: LayerFound) => number,
    kind: "lines" | "bars",
  ) => ({
    title,
    alt: `${title}: ${found.map((layer) => `${layer.name} ${formatProse(of(layer))}`).join(", ")}.`,
    x: "layer",
    y,
    kind,
    series: [{ label: title, points: found.map((layer) => ({ x: layer.name, y: of(layer) })) }],
  });
  const charts: MadeFigure = {
    ...bare("learning-depth", "Sparser and more abstract"),
    cells: [
      {
        picture: seen,
        alt: `What the network sees of ${photo.title}`,
        title: photo.title,
        notes: [`${seen.widthPx} × ${seen.heightPx} pixels`],
        enlarge: "smooth",
      },
    ],
    columns: 4,
    charts: [
      series("Zeros", "% of the numbers", ({ zeros }) => 100 * zeros, "bars"),
      series("Dead channels", "channels", ({ dead }) => dead.length, "bars"),
      series("Likeness to the picture", "correlation", ({ likeness }) => likeness, "lines"),
    ],
    sees: "Zeros: numbers that ReLU has cut off. Dead channels: all zeros for this picture. Likeness: how well a channel's map correlates with the brightness of the picture, signs aside, median over the living channels.",
    recipe: `One run of the network. Its parameters were not changed.`,
  };
  return {
    paragraphs: [
      `A picture goes in and every layer keeps something else of it. ${network.labels.length === 2 ? "The network was made to tell cats from dogs." : ""} All channels of the first ${found.length} layers follow, numbered; a channel that answers with zeros alone is marked as dead.`,
    ],
    claims: learningClaims(found),
    figures: [charts, ...found.map(layerFigure)],
    tables: [
      {
        title: "Layers",
        head: ["Layer", "Channels", "Size", "Zeros", "Dead", "Likeness"],
        rows: found.map(({ name, channels, zeros, dead, likeness }) => [
          name,
          String(channels.length),
          `${channels[0]!.widthPx} × ${channels[0]!.heightPx}`,
          formatProsePercent(zeros),
          String(dead.length),
          formatProse(likeness),
        ]),
      },
    ],
    series: {
      zeros: found.map(({ zeros }) => zeros),
      dead: found.map(({ dead }) => dead.length),
      likeness: found.map(({ likeness }) => likeness),
    },
  };
}

function bare(id: string, title: string) {
  return { id, title, cells: [], columns: 1, charts: [], floats: [], seed: null, warnings: [] };
}

function learningClaims(found: readonly LayerFound[]): readonly Claim[] {
  const convolutions = found.filter(({ kind }) => kind === "convolution");
  const depth = convolutions.map((_, i) => i);
  const zeros = convolutions.map((layer) => layer.zeros);
  const likeness = convolutions.map((layer) => layer.likeness);
  const dead = convolutions.flatMap(({ name, dead: channels }) =>
    channels.length > 0 ? [`${name} ${channels.length}`] : [],
  );
  const deadCount = convolutions.reduce((sum, layer) => sum + layer.dead.length, 0);
  const all = convolutions.reduce((sum, { channels }) => sum + channels.length, 0);
  return [
    {
      text: `is the rank correlation of depth with the share of zeros, over the ${convolutions.length} convolutions. ${trend(rankCorrelation(depth, zeros), "Later layers answer with more zeros", "Later layers answer with fewer zeros", "Zeros do not simply grow with depth")}.`,
      measures: [
        measured("rank correlation", rankCorrelation(depth, zeros)),
        share("zeros, first", zeros[0]!),
        share("last", zeros.at(-1)!),
      ],
    },
    {
      text: `is the rank correlation of depth with the likeness to the picture. ${trend(rankCorrelation(depth, likeness), "Later maps look more like the picture", "Later maps look less like the picture", "Likeness shows no clear trend")}.`,
      measures: [
        measured("rank correlation", rankCorrelation(depth, likeness)),
        measured("likeness, first", likeness[0]!),
        measured("last", likeness.at(-1)!),
      ],
    },
    {
      text: `channels of the convolutions are dead for this picture${dead.length > 0 ? ` (${dead.join(", ")}); each is named under its layer` : ""}. A pool whose windows tile the map can neither wake nor kill one.`,
      measures: [count("dead channels", deadCount, all)],
    },
  ];
}

/** Of ranks: what is said of a correlation. */
function trend(rho: number, rising: string, falling: string, none: string): string {
  if (!(Math.abs(rho) >= 0.5)) return none;
  return rho > 0 ? rising : falling;
}

function layerFigure(layer: LayerFound): MadeFigure {
  const { name, channels, dead, values } = layer;
  const isDead = new Set(dead);
  const cells = channels.map((map, c): SheetCell => {
    if (isDead.has(c)) return { title: String(c), empty: "dead" };
    const scale = scaleFor(map.data, { signed: map.data.some((value) => value < 0) });
    return {
      title: String(c),
      picture: colorize(map, scale),
      enlarge: "squares",
      captions: [formatProse(Math.max(...map.data))],
    };
  });
  return {
    ...bare(`learning-${fileName(name)}`, `${name}, ${channels.length} channels`),
    cells: [
      {
        picture: contactSheet({ title: name, cells, columns, cellWidthPx: 76, cellHeightPx: 76 }),
        alt: `All ${channels.length} channels of ${name}. ${dead.length === 0 ? "None is dead." : `Dead: ${dead.join(", ")}.`}`,
        enlarge: "smooth",
      },
    ],
    floats: [{ name: `learning-${fileName(name)}`, value: values }],
    sees: `Each map with its own scale, from 0 in black to its largest number, below it, in yellow. ${dead.length === 0 ? "No channel is dead." : `Dead: ${dead.join(", ")}.`}`,
    recipe: `${formatProsePercent(layer.zeros)} of the numbers are zero.`,
  };
}
