/** @file Which numbers of a prediction are an objectness, scores of classes and neither, where the way they were joined tells. */
import type { GraphReader } from "../graph-reader.ts";
import { columnParts, cutParts, type KnownPart } from "./column-parts.ts";

/** Numbers of a box before the scores. */
const boxNumbers = 4;

/** What the graph tells of the numbers behind a box. */
export interface ToldColumns {
  /** The number before those of the classes: out of a sigmoid of its own, or always 1 as in YOLOv6; undefined without one. */
  readonly objectness: "sigmoid" | "ones" | undefined;
  readonly classes: number;
  /** Numbers behind those of the classes. */
  readonly extra: number;
}

/** Where the numbers of a prediction lie in an output. */
export interface PredictionAxis {
  readonly axis: number;
  readonly size: number;
}

/** What is told of numbers whose scores come out of a sigmoid; undefined where the graph does not tell. */
export function toldColumns(
  reader: GraphReader,
  output: string,
  at: PredictionAxis,
): ToldColumns | undefined {
  const [first, second] = partsBehindBox(reader, output, at) ?? [];
  const kind = first?.kind;
  const isKnown = kind === "sigmoid" || kind === "ones";
  const objectness = isKnown && first?.width === 1 && second?.kind === "sigmoid" ? kind : undefined;
  const scores = objectness ? second : first;
  if (scores?.kind !== "sigmoid") return undefined;
  const extra = at.size - boxNumbers - scores.width - (objectness ? 1 : 0);
  return { objectness, classes: scores.width, extra };
}

/** Whether of two numbers behind a box the first says the class, and the second how sure it is. */
export function isClassFirst(reader: GraphReader, output: string, at: PredictionAxis): boolean {
  const parts = partsBehindBox(reader, output, at) ?? [];
  return parts[0]?.kind === "classes" && parts[1]?.kind !== "classes" && parts[1] !== undefined;
}

/** Parts from the fifth number on, if one begins there. */
function partsBehindBox(
  reader: GraphReader,
  output: string,
  at: PredictionAxis,
): readonly KnownPart[] | undefined {
  const parts = columnParts(reader, output, at);
  if (!parts) return undefined;
  // A part of boxes and scores alike tells nothing of where the scores begin.
  const box = cutParts(parts, 0, boxNumbers);
  const isWhole = box?.every(({ width }, i) => width === parts[i]!.width);
  return isWhole ? cutParts(parts, boxNumbers, at.size) : undefined;
}
