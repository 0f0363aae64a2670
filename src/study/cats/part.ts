/** @file Part 2: the network for cats and dogs: its filters, the two sides of its one output, and a photo on its way. */
import type { Dataset } from "../../image/dataset.ts";
import type { Source } from "../../report/record.ts";
import type { PartPlan } from "../../report/section.ts";
import { evaluationSection } from "../evaluation.ts";
import type { FilterLayer } from "../filters/part.ts";
import type { StudyNetwork } from "../network.ts";
import { convolutionsSection } from "./convolutions.ts";
import { learningSection, type LearningPart } from "./learning.ts";
import { sidesSection } from "./sides.ts";

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
