/** @file Learning a cat: one photo through the first layers, every channel shown, dead ones named. */
import { layerStatistics, lumaOf, type SizedLuma } from "../../activations/layer-statistics.ts";
import { channelPlanes, layerValues } from "../../activations/layer-values.ts";
import type { Tensor } from "../../graph/tensor.ts";
import type { Picture, Plane } from "../../image/picture.ts";
import type { MadeSection, SectionPlan } from "../../report/section.ts";
import { fileNames } from "../../wording/file-names.ts";
import { formatProse, formatProsePercent } from "../../wording/numbers.ts";
import type { StudyNetwork } from "../network.ts";
import { seenPhoto, type SeenPhoto } from "../seen-photo.ts";
import { learningClaims } from "./learning-claims.ts";
import { depthFigure, depthName, layerFigure } from "./learning-figures.ts";

export interface LearningPart {
  readonly network: StudyNetwork;
  readonly photo: { readonly picture: Picture; readonly title: string };
  /** Layers with rows and columns, from early to late; `kind` says what is compared with what. */
  readonly layers: readonly { readonly name: string; readonly kind: "convolution" | "pool" }[];
}

/** What was found in one layer. */
export interface LayerFound {
  readonly name: string;
  /** Its name among files. */
  readonly file: string;
  readonly kind: "convolution" | "pool";
  readonly channels: readonly Plane[];
  readonly values: Tensor;
  /** Share of its numbers that are 0. */
  readonly zeros: number;
  readonly dead: readonly number[];
  /** Median over living channels of the correlation's size with the photo's luma; NaN where none varies. */
  readonly correlation: number;
}

/** The section about the photo. */
export function learningSection(part: LearningPart): SectionPlan {
  const { network, photo, layers } = part;
  const files = fileNames(
    layers.map(({ name }) => name),
    { taken: [depthName] },
  );
  return {
    name: "learning",
    title: `What the first ${layers.length} layers keep of a picture`,
    recipe: { network: network.source.sha256, photo: photo.title, layers },
    effort: 4,
    async make(tools) {
      const seen = seenPhoto(network, photo.picture);
      const names = layers.map(({ name }) => name);
      const values = await layerValues(network.model, names, seen.input);
      tools.report(0.3, "activations");
      const luma = lumaOf(seen.photo);
      const found = layers.map((layer): LayerFound => {
        const { name } = layer;
        return { ...layer, file: files.get(name)!, ...measure(values.get(name)!, luma) };
      });
      return describeLearning(part, seen, found);
    },
  };
}

function measure(values: Tensor, luma: SizedLuma): Omit<LayerFound, "name" | "file" | "kind"> {
  const { zeroShare, deadChannels, pictureLikeness } = layerStatistics(values, luma);
  return {
    channels: channelPlanes(values),
    values,
    zeros: zeroShare,
    dead: deadChannels,
    correlation: pictureLikeness ?? Number.NaN,
  };
}

function describeLearning(
  { photo, network }: LearningPart,
  seen: SeenPhoto,
  found: readonly LayerFound[],
): MadeSection {
  return {
    paragraphs: [
      `A picture goes in and every layer keeps something else of it. ${network.labels.length === 2 ? "The network was made to tell cats from dogs." : ""} All channels of the first ${found.length} layers follow, numbered; a channel that answers with zeros alone is marked as dead.`,
    ],
    claims: learningClaims(found),
    figures: [depthFigure(photo.title, seen, found), ...found.map(layerFigure)],
    tables: [
      {
        title: "Layers",
        head: ["Layer", "Channels", "Size", "Zeros", "Dead", "Likeness"],
        rows: found.map(({ name, channels, zeros, dead, correlation }) => [
          name,
          String(channels.length),
          `${channels[0]!.widthPx} × ${channels[0]!.heightPx}`,
          formatProsePercent(zeros),
          String(dead.length),
          formatProse(correlation),
        ]),
      },
    ],
    series: {
      zeros: found.map(({ zeros }) => zeros),
      dead: found.map(({ dead }) => dead.length),
      likeness: found.map(({ correlation }) => correlation),
    },
  };
}
