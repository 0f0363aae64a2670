/** @file What is maximised for a unit, and what is told of it. */
import { LimpidError } from "../errors.ts";
import {
  centralUnit,
  channel,
  combination,
  direction,
  diverse,
  minimized,
  neuron,
  type Objective,
} from "./objectives.ts";
import { sumOfTerms, type ObjectiveTerm, type PhotoActivations } from "./objective-terms.ts";
import type { Preset } from "./presets.ts";
import type { Unit } from "./units.ts";

/** What should be done with units. */
export interface Goal {
  /** Make the objective small instead of large. */
  readonly negative: boolean;
  /** A layer with rows and columns, on which the pictures of one unit are kept apart. */
  readonly apart?: string;
  /** Whether pictures of several units are made together, each kept apart from its own unit's alone. */
  readonly areGrouped?: boolean;
  /** Whether the layer has one unit, of which class 0 is the lower side. */
  readonly oneUnit: boolean;
  /** What is maximised for a class of several where `objective` does not say; the logit if left out. */
  readonly classScore?: Preset["classScore"];
  /** What is maximised instead of the unit's activation or the class's score. */
  readonly objective?: readonly ObjectiveTerm[];
  /** For objectives that compare with photos. */
  readonly photos?: PhotoActivations;
}

/**
 * The activation of a unit: its mean over places, its own at one place, or the class's logit. Throws `bad-option` for a
 * whole layer, which has none.
 */
export function activationOf(unit: Unit, oneUnit: boolean): Objective {
  if ("plus" in unit) return combination(unit.layer, unit.plus, unit.minus);
  if ("vector" in unit) return direction(unit.layer, unit.vector, ...(unit.place ?? []));
  if (!("channel" in unit)) {
    throw new LimpidError(
      "bad-option",
      `maximize: the objective must be one of whole layers, got one of units for all of "${unit.layer}". name its channels.`,
    );
  }
  if (unit.place) return neuron(unit.layer, unit.channel, ...unit.place);
  if (oneUnit && unit.class === 0) return direction(unit.layer, [-1]);
  return channel(unit.layer, unit.channel);
}

/** What is maximised for a unit. Throws `bad-option` if the objective is none for it. */
export function objectiveOf(unit: Unit, goal: Goal): Objective {
  return withGoal(sumFor(unit, goal, "build"), unit, goal);
}

/** What is maximised for a unit in the first steps: where it is silent, terms of its rivals would not wake it. */
export function warmUpObjectiveOf(unit: Unit, goal: Goal): Objective {
  return withGoal(sumFor(unit, goal, "warmUp"), unit, goal);
}

/** What is told of a unit: its activation, or of a whole layer the objective. */
export function measuredOf(unit: Unit, goal: Goal): Objective {
  const isLayer = !("channel" in unit || "plus" in unit || "vector" in unit);
  return isLayer ? sumFor(unit, goal, "build") : activationOf(unit, goal.oneUnit);
}

/**
 * What wakes a silent unit: a channel at one place, since its mean over places would only draw the whole picture to one
 * colour.
 */
export function leadingObjectiveOf(unit: Unit, goal: Goal): Objective {
  const isChannel = "channel" in unit && unit.class === undefined && !unit.place && !goal.oneUnit;
  return isChannel ? centralUnit(unit.layer, unit.channel) : measuredOf(unit, goal);
}

function withGoal(objective: Objective, unit: Unit, { negative, apart, areGrouped }: Goal) {
  const signed = negative ? minimized(objective) : objective;
  if (apart === undefined) return signed;
  return diverse(signed, apart, areGrouped && "channel" in unit ? unit.channel : undefined);
}

function sumFor(unit: Unit, goal: Goal, stage: "build" | "warmUp"): Objective {
  const { oneUnit, photos } = goal;
  const activation = () => activationOf(unit, oneUnit);
  const request = { unit, oneUnit, activation, ...(photos ? { photos } : {}) };
  return sumOfTerms(goal.objective ?? [usualTerm(unit, goal)], request, stage);
}

/** Away from a class, and of one unit, the logit is all that counts. */
function usualTerm(unit: Unit, { classScore, negative }: Goal): ObjectiveTerm {
  const isClass = "class" in unit && unit.class !== undefined;
  const name = isClass && classScore === "evidence" && !negative ? "evidence" : "activation";
  return { name, weight: 1, options: {} };
}
