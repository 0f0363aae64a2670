/** @file Whether a network's outputs are boxes, and of which layout. */
import type { Graph } from "../../graph/graph.ts";
import { GraphReader } from "../graph-reader.ts";
import { namedCounts } from "../labels.ts";
import type { Detector } from "./detection.ts";
import type { DetectionLayout, LayoutFacts, SizedOutput } from "./layout.ts";
import { detectionLayouts } from "./layouts/index.ts";
import { suppressionBefore } from "./suppression-before.ts";
import { toldDetector } from "./told-detector.ts";

/** What is known besides the graph. */
export interface DetectorOptions {
  /** The output that the scores must be of. */
  readonly output?: string;
  /** Whether the user says that the outputs are boxes. */
  readonly isAsked: boolean;
  /** Shapes of values by their names, where the graph does not know them. */
  readonly shapes?: ReadonlyMap<string, readonly number[]>;
}

/** The detector that a graph with an input [N, C, H, W] is; undefined where nothing says that its outputs are boxes, sizes are open, or it suppresses boxes itself. */
export function findDetector(graph: Graph, options: DetectorOptions): Detector | undefined {
  const sides = sizesOf(graph, graph.inputs[0]?.name, options);
  if (sides?.length !== 4) return undefined;
  const [, , heightPx, widthPx] = sides as [number, number, number, number];
  const facts: LayoutFacts = {
    reader: new GraphReader(graph),
    outputs: sizedOutputs(graph, options),
    heightPx,
    widthPx,
    named: namedCounts(graph.metadata),
    told: toldDetector(graph.metadata),
    isAsked: options.isAsked,
  };
  const rows: readonly (readonly [string, DetectionLayout])[] = Object.entries(detectionLayouts);
  for (const [layout, row] of rows) {
    const found = row.find(facts);
    if (!found || (options.output !== undefined && found.output !== options.output)) continue;
    if (suppressionBefore(graph, found.output)) continue;
    const { reading, output, isAssumed, preparation = row.preparation } = found;
    return { ...reading, layout, preparation, output, isAssumed, widthPx, heightPx };
  }
  return undefined;
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
