/** @file Part 1: what the ten units of a digits network want to see, and what regularisation has to do with it. */
import type { Dataset } from "../../image/dataset.ts";
import type { Source } from "../../report/record.ts";
import type { PartPlan } from "../../report/section.ts";
import { evaluationSection } from "../evaluation.ts";
import type { StudyNetwork } from "../network.ts";
import { sweepSection } from "./sweep.ts";
import { unitsSection } from "./units.ts";

export interface DigitsPart {
  readonly network: StudyNetwork;
  readonly dataset: Dataset;
  readonly data: Source;
  readonly quick: boolean;
}

/** The plan of part 1. */
export function digitsPart(part: DigitsPart): PartPlan {
  const { network, dataset, data, quick } = part;
  const examples = quick ? 500 : 10_000;
  return {
    name: "mnist",
    title: "Digits",
    lead: "A small network reads handwritten digits. What does each of its ten output units want to see, and how much of the picture is the network's, how much the regulariser's?",
    sources: [network.source, data],
    sections: [
      evaluationSection({ network, dataset, examples, part: "mnist", things: "digits" }),
      unitsSection(part),
      sweepSection(network, quick),
    ],
  };
}
