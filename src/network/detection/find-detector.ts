/** @file Whether a network's outputs are boxes, and of which layout. */
import type { Graph } from "../../graph/graph.ts";
import { say, type Message } from "../../wording/face.ts";
import { GraphReader } from "../graph-reader.ts";
import { namedCounts } from "../labels.ts";
import type { Detector, Reading } from "./detection.ts";
import type { DetectionLayout, LayoutFacts, SizedOutput } from "./layout.ts";
import { detectionLayouts } from "./layouts/index.ts";
import type { SeenNumbers } from "./seen-numbers.ts";
import { suppressionBefore } from "./suppression-before.ts";
import { toldDetector } from "./told-detector.ts";

/** What is known besides the graph. */
export interface DetectorOptions {
  /** The output that the scores must be of. */
  readonly output?: string;
  /** Whether the user says that the outputs are boxes. */
  readonly isAsked: boolean;
  /** What a run showed of the outputs. */
  readonly seen?: SeenNumbers;
  /** How many names of classes the user gives. */
  readonly names?: number;
  /** Shapes of values by their names, where the graph does not know them. */
  readonly shapes?: ReadonlyMap<string, readonly number[]>;
}

/** The detector that a graph with an input [N, C, H, W] is; undefined where nothing says that its outputs are boxes, sizes are open, or it suppresses boxes itself. */
export function findDetector(graph: Graph, options: DetectorOptions): Detector | undefined {
  const sides = sizesOf(graph, graph.inputs[0]?.name, options);
  if (sides?.length !== 4) return undefined;
  const [, , heightPx, widthPx] = sides as [number, number, number, number];
  const { seen = {}, names } = options;
  if (seen.refuted) return undefined;
  const told = toldDetector(graph.metadata);
  const isFileSilent = namedCounts(graph.metadata).size === 0 && told.extra === undefined;
  const isNamedByUser = names !== undefined && isFileSilent;
  const facts: LayoutFacts = {
    reader: new GraphReader(graph),
    outputs: sizedOutputs(graph, options),
    heightPx,
    widthPx,
    named: isNamedByUser ? new Set([names]) : namedCounts(graph.metadata),
    isNamedByUser,
    told,
    isAsked: options.isAsked,
    seen,
  };
  const rows: readonly (readonly [string, DetectionLayout])[] = Object.entries(detectionLayouts);
  for (const [layout, row] of rows) {
    const found = row.find(facts);
    if (!found || (options.output !== undefined && found.output !== options.output)) continue;
    if (suppressionBefore(graph, found.output)) continue;
    const { reading, output, isAssumed, preparation = row.preparation } = found;
    const notes = [...reading.notes, ...unitNotes(reading, layout, seen)];
    return { ...reading, notes, layout, preparation, output, isAssumed, widthPx, heightPx };
  }
  return undefined;
}

/** What numbers say of the unit of boxes, where they say another one than is usual, or none. */
function unitNotes({ boxes }: Reading, layout: string, { unit }: SeenNumbers): readonly Message[] {
  if (!boxes || boxes.isUnitTold || unit === undefined) return [];
  const read = boxes.areShares ? "shares of the picture's sides" : "pixels";
  return unit === "open"
    ? [
        say`that the boxes are ${read} is assumed, as of most networks of the layout ${layout}: on a picture of noise their numbers fit pixels and shares alike`,
      ]
    : [
        say`the boxes are read as ${read}, unlike those of most networks of the layout ${layout}: on a picture of noise their numbers fit nothing else`,
      ];
}

function sizedOutputs(graph: Graph, options: DetectorOptions): readonly SizedOutput[] {
  return graph.outputs.flatMap(({ name, type }) => {
    const dims = sizesOf(graph, name, options);
    const isFloating = type === undefined || /^b?float/.test(type);
    return dims ? [{ name, isFloating, dims }] : [];
  });
}

/** The sizes of a value, if all behind the first are known; 1 stands for a batch that is open. */
function sizesOf(
  graph: Graph,
  name: string | undefined,
  { shapes }: DetectorOptions,
): readonly number[] | undefined {
  if (name === undefined) return undefined;
  const declared = [...graph.inputs, ...graph.outputs].find((info) => info.name === name)?.dims;
  const dims = shapes?.get(name) ?? graph.shapes.get(name)?.dims ?? declared;
  if (!dims) return undefined;
  const sizes = dims.map((size, axis) => (axis === 0 && typeof size !== "number" ? 1 : size));
  return sizes.every((size) => typeof size === "number") ? sizes : undefined;
}
