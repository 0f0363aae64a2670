/** @file What Ultralytics' metadata say of a detector: its task, and how many numbers keypoints take. */
import type { Graph } from "../../graph/graph.ts";
import { numbersOf, readLiteral } from "../told/python-literal.ts";

/** What a file says of its boxes. */
export interface ToldDetector {
  /** Whether it says that it finds boxes. */
  readonly isDetector: boolean;
  /** Numbers of a prediction behind those of its classes: coefficients of a mask, keypoints, an angle; undefined where nothing tells. */
  readonly extra: number | undefined;
}

/** Coefficients of the masks of Ultralytics' segmenters. */
const maskCoefficients = 32;

/** Reads the metadata that Ultralytics' exporter writes. */
export function toldDetector(metadata: Graph["metadata"]): ToldDetector {
  const told = new Map([...metadata].map(([key, value]) => [key.toLowerCase(), value]));
  const task = told.get("task")?.trim().toLowerCase();
  // YOLOv5 tells no task; its classifiers tell no stride.
  const isOld = task === undefined && told.has("stride") && told.has("names");
  switch (task) {
    case "detect":
      return { isDetector: true, extra: 0 };
    case "segment":
      return { isDetector: true, extra: maskCoefficients };
    case "pose":
      return { isDetector: true, extra: keypointNumbers(told.get("kpt_shape")) };
    case "obb":
      return { isDetector: true, extra: 1 };
    default:
      return { isDetector: isOld, extra: undefined };
  }
}

/** [keypoints, numbers of each] as text. */
function keypointNumbers(text: string | undefined): number | undefined {
  const sizes = text === undefined ? undefined : numbersOf(readLiteral(text));
  return sizes?.length === 2 ? sizes[0]! * sizes[1]! : undefined;
}
