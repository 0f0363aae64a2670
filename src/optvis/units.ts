/** @file Units of a network by number, and the objective that each one is excited by. */
import {
  channel,
  direction,
  diverse,
  logOdds,
  minimized,
  neuron,
  sum,
  type Objective,
} from "./objectives.ts";
import type { Preset } from "./presets.ts";

/** One unit of a layer: a channel everywhere (a class, if the layer holds the logits), or at one place. */
export interface Unit {
  readonly layer: string;
  readonly channel: number;
  /** Row and column, for a single neuron. */
  readonly place?: readonly [number, number];
  /** The class that the unit stands for. */
  readonly class?: number;
  /** Number of the picture where one unit has several that differ. */
  readonly facet?: number;
}

/** What should be done with units. */
export interface Goal {
  /** Make the unit's activation small instead of large. */
  readonly negative: boolean;
  /** A layer with rows and columns, on which the pictures of one unit are kept apart. */
  readonly apart?: string;
  /** Whether the layer has one unit, of which class 0 is the lower side. */
  readonly oneUnit: boolean;
  /** What is climbed for a class of several; the logit if left out. */
  readonly classScore?: Preset["classScore"];
}

/** The activation that is told of a unit: its mean over places, its own at one place, or the class's logit. */
export function activationOf(unit: Unit, oneUnit: boolean): Objective {
  if (unit.place) return neuron(unit.layer, unit.channel, ...unit.place);
  if (oneUnit && unit.class === 0) return direction(unit.layer, [-1]);
  return channel(unit.layer, unit.channel);
}

/** What is maximised for a unit. */
export function objectiveOf(unit: Unit, goal: Goal): Objective {
  const activation = activationOf(unit, goal.oneUnit);
  const isEvidence = unit.class !== undefined && !goal.oneUnit && goal.classScore === "evidence";
  const wanted = isEvidence ? evidence(activation, unit) : activation;
  const signed = goal.negative ? minimized(activation) : wanted;
  return goal.apart === undefined ? signed : diverse(signed, goal.apart);
}

/** The logit leads to what the class looks like, its log-odds away from what its rivals look like too. */
function evidence(logit: Objective, { layer, channel: index }: Unit): Objective {
  return sum([
    { objective: logit, weight: 1 },
    { objective: logOdds(layer, index), weight: 1 },
  ]);
}

/** What the pictures of a unit are called: a part of a file's name that sorts by number. */
export function unitName(unit: Unit): string {
  const number = String(unit.class ?? unit.channel).padStart(4, "0");
  const place = unit.place ? `-at-${unit.place.join("-")}` : "";
  const facet = unit.facet === undefined ? "" : `-${String.fromCharCode(97 + unit.facet)}`;
  return `${unit.class === undefined ? "channel" : "class"}-${number}${place}${facet}`;
}
