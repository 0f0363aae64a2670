/** @file Class names that a user asks for, read through the platform. */
import type { Graph } from "../graph/graph.ts";
import { labelsOf, type Labels } from "../network/labels.ts";
import type { Platform } from "./platform.ts";

/** The class names of a file, or `imagenet`; else what `labelsOf` finds. Throws as `labelsOf` and `readText`. */
export async function readLabels(
  platform: Pick<Platform, "readText">,
  asked: string | undefined,
  units: number,
  metadata: Graph["metadata"],
): Promise<Labels> {
  if (asked === undefined || asked === "imagenet") return labelsOf(asked, units, metadata);
  return labelsOf({ text: await platform.readText(asked), from: asked }, units, metadata);
}
