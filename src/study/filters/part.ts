/** @file Part 3: filters from the first layer to the last, in two ways of making pictures, and what changes with depth. */
import type { PartPlan } from "../../report/section.ts";
import { fileNames } from "../../wording/file-names.ts";
import { formatCount } from "../../wording/numbers.ts";
import type { StudyNetwork } from "../network.ts";
import { depthName, depthSection } from "./depth.ts";
import { layerSection, mostFiltersShown } from "./layer-section.ts";

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

/** A layer and its name among files. */
export interface NamedLayer extends FilterLayer {
  readonly file: string;
}

/** The plan of part 3. */
export function filtersPart(part: FiltersPart): PartPlan {
  const { layers } = part;
  const files = fileNames(
    layers.map(({ name }) => name),
    { taken: [depthName] },
  );
  const named = layers.map((layer): NamedLayer => ({ ...layer, file: files.get(layer.name)! }));
  return {
    name: "vgg",
    title: "Filters, from edges to parts",
    lead: `The first filters of a network look for edges and colours, later ones for textures, the last for parts of things. Here are up to ${mostFiltersShown(part.quick)} filters of ${layersText(layers)}, each as the picture that excites it most.`,
    sources: [part.network.source],
    sections: [...named.map((layer, i) => layerSection(part, layer, i)), depthSection(named)],
  };
}

function layersText(layers: readonly FilterLayer[]): string {
  return layers.length === 1 ? "one layer" : `each of ${formatCount(layers.length)} layers`;
}
