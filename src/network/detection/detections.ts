/** @file The boxes that a detector finds in pictures. */
import type { StopSignal } from "../../errors.ts";
import { LimpidError } from "../../errors.ts";
import { cut } from "../../graph/edit.ts";
import type { Graph } from "../../graph/graph.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { option, say } from "../../wording/face.ts";
import { runDims } from "../batches.ts";
import type { Model } from "../model.ts";
import { runRows } from "../run-rows.ts";
import { bestScore, decoded, type DetectionOptions, type RowOf } from "./decode.ts";
import type { Detection, Detector } from "./detection.ts";

/** The detector that a model is; undefined for other networks. What was assumed stands in its notes. */
export function detectorOf(model: Model): Detector | undefined {
  return model.head.detector;
}

/** The detector that a model is. Throws `bad-option` for other networks. */
export function requireDetector(model: Model): Detector {
  const detector = detectorOf(model);
  if (detector) return detector;
  throw new LimpidError(
    "bad-option",
    say`boxes: the network must be a detector of a known layout, got output "${model.head.output}". if it is one, ${option("kind", "boxes")} says so.`,
  );
}

export interface DetectionsOptions extends DetectionOptions {
  readonly signal?: StopSignal;
}

/**
 * The boxes of each of some pictures [N, C, H, W], the best first, after suppression of boxes of a class that overlap
 * (none where the layout gives no such boxes). Throws `bad-option` for networks that are no detectors.
 */
export async function detectionsOf(
  model: Model,
  pictures: Tensor,
  { signal, ...options }: DetectionsOptions = {},
): Promise<readonly (readonly Detection[])[]> {
  const detector = requireDetector(model);
  return detectorRows(model, pictures, signal, (rowOf) => decoded(detector, rowOf, options));
}

/** What is found in one picture [1, C, H, W]. */
export interface FoundBoxes {
  readonly boxes: readonly Detection[];
  /** The largest score of all predictions, whether or not it is enough for a box. */
  readonly best: number;
}

/** As `detectionsOf`, of one picture. */
export async function boxesIn(
  model: Model,
  picture: Tensor,
  { signal, ...options }: DetectionsOptions = {},
): Promise<FoundBoxes> {
  const detector = requireDetector(model);
  const [found] = await detectorRows(model, picture, signal, (rowOf) => ({
    boxes: decoded(detector, rowOf, options),
    best: bestScore(detector, rowOf),
  }));
  return found!;
}

/** Runs pictures through the values that a detector is read from. */
export async function detectorRows<T>(
  model: Model,
  pictures: Tensor,
  signal: StopSignal | undefined,
  take: (rowOf: RowOf) => T,
): Promise<readonly T[]> {
  const dims = runDims(model, pictures.dims);
  const graph = readGraph(await model.whole(dims), requireDetector(model));
  return runRows(
    model,
    { graph, batch: dims[0]!, pictures, ...(signal ? { signal } : {}) },
    ({ of }) => {
      const rows = new Map<string, Float32Array>();
      return take((value) => {
        const known = rows.get(value) ?? of(value);
        rows.set(value, known);
        return known;
      });
    },
  );
}

const readGraphs = new WeakMap<Graph, Graph>();

/** The part of a traced graph that gives what a detector is read from; sessions are kept by graph. */
function readGraph(traced: Graph, { scores, objectness, labels, boxes }: Detector): Graph {
  const known = readGraphs.get(traced);
  if (known) return known;
  const values = [scores, objectness, labels, boxes].flatMap((numbers) => numbers?.value ?? []);
  const graph = cut(traced, { outputs: [...new Set(values)] });
  readGraphs.set(traced, graph);
  return graph;
}
