/** @file The metadata of Ultralytics' exports: names, task, imgsz, stride. Such networks take RGB from 0 to 1. */
import type { Graph } from "../../graph/graph.ts";
import { preprocessings, type Preprocessing } from "../../image/preprocess.ts";
import { numbersOf, readLiteral } from "./python-literal.ts";
import type { Told } from "./told-preprocessing.ts";

/** Letterboxes are this grey, 0..255. */
const letterbox = 114;

const tasks: ReadonlySet<string> = new Set(["classify", "detect", "segment", "pose", "obb"]);

/** What the metadata says of the network's pictures. */
export function ultralyticsPreprocessing({ metadata, outputs }: Graph): Told {
  const told = new Map([...metadata].map(([key, value]) => [key.toLowerCase(), value]));
  if (!told.has("names")) return undefined;
  const task = told.get("task")?.trim().toLowerCase() ?? "";
  const isOfThem =
    tasks.has(task) ||
    /ultralytics/i.test(`${told.get("author")} ${told.get("description")}`) ||
    (told.has("stride") && told.has("imgsz"));
  // YOLOv5 tells no task: its classifiers are normalised, its detectors are not.
  const isOldDetector = told.has("stride") && (outputs[0]?.dims?.length ?? 0) > 2;
  if (!isOfThem && !isOldDetector) return undefined;
  const isClassifier = task === "classify" || (task === "" && !isOldDetector);
  const [size, doubt] = sizeOf(told.get("imgsz"));
  const how: Preprocessing = {
    ...preprocessings.unit,
    name: "ultralytics",
    ...(isClassifier ? { resize: "crop", cropShare: 1 } : { resize: "pad", border: letterbox }),
    ...(size ? { size } : {}),
  };
  const words = [...told.keys()].filter((key) =>
    ["names", "task", "imgsz", "stride"].includes(key),
  );
  const from = `its metadata (Ultralytics' ${words.join(", ")})`;
  return { how, from, about: "network", doubts: doubt === undefined ? [] : [doubt] };
}

/** [height, width] of "[640, 640]", "640" and the like. */
function sizeOf(
  text: string | undefined,
): readonly [readonly [number, number] | undefined, string | undefined] {
  if (text === undefined) return [undefined, undefined];
  const sides = numbersOf(readLiteral(text));
  const [height, width = height] = sides ?? [];
  const isSide = (side: number | undefined): side is number => Number.isInteger(side) && side! > 0;
  if (sides && sides.length <= 2 && isSide(height) && isSide(width)) {
    return [[height, width], undefined];
  }
  return [undefined, `its size "${text.slice(0, 40)}" is none and left out`];
}
