/** @file Units: what one picture each is made for, and what their files are called. */
import { randomStream } from "../random.ts";

interface AnyUnit {
  readonly layer: string;
  /** Number of the picture where one unit has several that differ. */
  readonly facet?: number;
}

/** A channel of a layer (a class, if the layer holds the logits). */
export interface ChannelUnit extends AnyUnit {
  readonly channel: number;
  /** [row, column] of a feature map or [token] of tokens, for a single neuron; without it the mean over all. */
  readonly place?: readonly number[];
  /** The class that the unit stands for. */
  readonly class?: number;
  /** The output that it is a class or value of, where that is another than the one that is meant where none is named. */
  readonly output?: string;
}

/** The logits of some classes minus those of others. */
export interface CombinationUnit extends AnyUnit {
  readonly plus: readonly number[];
  readonly minus: readonly number[];
  /** As a channel's. */
  readonly output?: string;
}

/** A direction in the space of a layer's channels. */
export interface DirectionUnit extends AnyUnit {
  /** One number a channel. */
  readonly vector: readonly number[];
  readonly place?: readonly number[];
}

/** A whole layer, for objectives that are no unit's. */
export type LayerUnit = AnyUnit;

export type Unit = ChannelUnit | CombinationUnit | DirectionUnit | LayerUnit;

/** What the pictures of a unit are called: a part of a file's name that sorts by number. */
export function unitName(unit: Unit): string {
  const facet = unit.facet === undefined ? "" : `-${facetLetter(unit.facet)}`;
  return `${nameOf(unit)}${facet}`;
}

/** "a" for the first picture of a unit. */
export function facetLetter(facet: number): string {
  return String.fromCharCode(97 + facet);
}

function nameOf(unit: Unit): string {
  if ("channel" in unit) {
    const kind = unit.class === undefined ? "channel" : "class";
    return `${kind}-${padded(unit.class ?? unit.channel)}${placeName(unit.place)}`;
  }
  if ("plus" in unit) {
    const [first, ...others] = unit.plus.map(padded);
    const parts = [
      ...others.map((number) => `-plus-${number}`),
      ...unit.minus.map((index) => `-minus-${padded(index)}`),
    ];
    return `class-${first}${parts.join("")}`;
  }
  if ("vector" in unit) return `direction-${digestOf(unit.vector)}${placeName(unit.place)}`;
  return "layer";
}

function padded(number: number): string {
  return String(number).padStart(4, "0");
}

function placeName(place: readonly number[] | undefined): string {
  return place ? `-at-${place.join("-")}` : "";
}

function digestOf(vector: readonly number[]): string {
  const bytes = randomStream("direction", ...vector).bytes(4);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
