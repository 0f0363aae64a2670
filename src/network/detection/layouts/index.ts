/** @file THE table of layouts of detectors' outputs. */
import type { DetectionLayout } from "../layout.ts";
import { gridRows } from "./grid-rows.ts";

/** Layouts by name, those that more is known of first. */
export const detectionLayouts = {
  yolov8: gridRows,
} as const satisfies Readonly<Record<string, DetectionLayout>>;

export type LayoutName = keyof typeof detectionLayouts;
