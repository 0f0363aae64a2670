/** @file Part 4: where networks look, by several methods, held against where the things are. */
import { isRectifier } from "../../graph/rectifiers.ts";
import type { AttributionMethod } from "../../attribution/method.ts";
import { tensor } from "../../graph/tensor.ts";
import type { Source } from "../../report/record.ts";
import type {
  MadeFigure,
  MadeSection,
  PartPlan,
  SectionPlan,
  SectionTools,
} from "../../report/section.ts";
import { wordsOf, type FaceWords } from "../../wording/face.ts";
import { fileNames, uniqueFileNames } from "../../wording/file-names.ts";
import type { StudyNetwork } from "../network.ts";
import type { StudyPhoto } from "../photos.ts";
import { mapClaims, mapTable } from "./claims.ts";
import { framedText } from "../seen-photo.ts";
import { makeMaps, type FoundMap } from "./maps.ts";

/** Methods by the names that figures call them by. */
export type NamedMethods = Readonly<Record<string, AttributionMethod>>;

/** A network and what it is called. */
export interface LookingNetwork {
  readonly network: StudyNetwork;
  readonly name: string;
  /** Where class activation maps lie; the last layer with places by default. */
  readonly layer?: string;
}

export interface SaliencyPart {
  readonly networks: readonly LookingNetwork[];
  readonly photos: readonly StudyPhoto[];
  readonly sources: readonly Source[];
  readonly methods: NamedMethods;
  /** What is in the boxes: "the bird". */
  readonly thing: string;
}

/** The plan of part 4. */
export function saliencyPart(part: SaliencyPart): PartPlan {
  const files = fileNames(part.networks.map(({ name }) => name));
  return {
    name: "saliency",
    title: "Where it looks",
    lead: `Which pixels decide? The softmax is taken off, one class is chosen, and four methods say where its number comes from. A map that pleases the eye proves little, so each is measured: how much of it lies on ${part.thing}, and where its maximum is.`,
    sources: [...part.networks.map(({ network }) => network.source), ...part.sources],
    sections: part.networks.map((looking) =>
      networkSection(part, looking, files.get(looking.name)!),
    ),
  };
}

/** A section a network; `file` is its name among files. */
function networkSection(part: SaliencyPart, looking: LookingNetwork, file: string): SectionPlan {
  const { network, name, layer } = looking;
  const { photos, methods } = part;
  const asked = photos.map(({ title, box, target }) => ({ title, box, target }));
  return {
    name: file,
    title: `Where ${name} looks`,
    recipe: { network: network.source.sha256, asked, layer, methods: Object.keys(methods) },
    effort: 4 * photos.length,
    make: (tools) => makeSection(part, looking, file, tools),
  };
}

/** Methods that bend ReLU, and cannot be had of a network without one. */
const bending: readonly string[] = ["guided", "rectified"];

const withoutRelu =
  "It has no ReLU, which is what guided and rectified gradients bend, so they are left out.";

function hasRelu({ model: { graph } }: StudyNetwork): boolean {
  return graph.nodes.some((node) => isRectifier(node, graph.initializers));
}

async function makeSection(
  { photos, methods: all, thing }: SaliencyPart,
  looking: LookingNetwork,
  file: string,
  tools: SectionTools,
): Promise<MadeSection> {
  const bends = hasRelu(looking.network);
  const chosen = Object.entries(all).filter(([method]) => bends || !bending.includes(method));
  const methods = Object.fromEntries(chosen);
  const { found, cells } = await makeMaps(looking, photos, methods, tools);
  const described = describeMaps(file, found, methods, tools.words);
  return {
    paragraphs: bends ? [] : [withoutRelu],
    claims: mapClaims(found, methods, thing),
    figures: [
      {
        id: `saliency-${file}`,
        title: `What decides for ${looking.name}`,
        cells,
        columns: chosen.length + 1,
        ...described,
        sees: framedText(described.sees, cells),
      },
    ],
    tables: [mapTable(found, methods, `Each map of ${looking.name} in numbers`, thing)],
    series: {
      inside: found.map(({ inside }) => inside),
      logit: found.map(({ map }) => map.logit),
      probability: found.map(({ map }) => map.probability ?? Number.NaN),
    },
  };
}

function describeMaps(
  file: string,
  found: readonly FoundMap[],
  methods: NamedMethods,
  words: FaceWords,
): Omit<MadeFigure, "id" | "title" | "cells" | "columns"> {
  const photos = [...new Set(found.map(({ photo }) => photo))];
  const photoFiles = uniqueFileNames(photos.map(({ title }) => title));
  return {
    charts: [],
    floats: found.map(({ photo, method, map }) => ({
      name: `saliency-${file}-${photoFiles[photos.indexOf(photo)]}-${method}`,
      value: tensor("float32", map.dims, map.data),
    })),
    sees: "Colour over the picture, fading towards 0. Grad-CAM asks a layer late in the network which places speak for the class, so it is coarse; the others follow the gradient down to the pixels, where edges are.",
    recipe: Object.values(methods)
      .map(({ info }) => `${info.title}: ${info.paper}.`)
      .join(" "),
    seed: null,
    warnings: found.flatMap(({ map, method, photo }) =>
      map.warnings.map(({ message }) => `${method} of ${photo.title}: ${wordsOf(message, words)}`),
    ),
  };
}
