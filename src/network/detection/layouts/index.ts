/** @file THE table of layouts of detectors' outputs. */
import type { DetectionLayout } from "../layout.ts";
import { allChosen } from "./all-chosen.ts";
import { anchorRows } from "./anchor-rows.ts";
import { endToEnd } from "./end-to-end.ts";
import { gridRows } from "./grid-rows.ts";
import { listedBoxes } from "./listed-boxes.ts";
import { queryPairs } from "./query-pairs.ts";
import { rawHeads } from "./raw-heads.ts";

/** Layouts by name, in the order in which they are tried: those that need most of a file first. */
export const detectionLayouts = {
  suppressed: allChosen,
  tensorflow: listedBoxes,
  "end-to-end": endToEnd,
  yolov5: anchorRows,
  detr: queryPairs,
  ssd: rawHeads,
  yolov8: gridRows,
} as const satisfies Readonly<Record<string, DetectionLayout>>;
