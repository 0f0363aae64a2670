/** @file Maps side by side in one scale, so that their colours compare. */
import { heatmapScale } from "../../src/drawing/heatmap-scale.ts";
import { plane } from "../../src/image/picture.ts";
import type { PaintRequest, PaintedMaps } from "../protocol.ts";
import type { Desk } from "./desk.ts";
import { heatOf, shownScale } from "./pixels.ts";

/** The scale is that of all their numbers together. */
export async function paintedMaps(_: Desk, asked: PaintRequest): Promise<PaintedMaps> {
  const { maps, unit, side } = asked;
  const all = new Float32Array(maps.reduce((sum, { values }) => sum + values.length, 0));
  let at = 0;
  for (const { values } of maps) {
    all.set(values, at);
    at += values.length;
  }
  const isSigned = all.some((value) => value < 0);
  const scale = heatmapScale(plane(all.length, 1, all), isSigned);
  const size = { width: side, height: side, centres: undefined };
  const heats = maps.map(({ width, height, values }) =>
    heatOf(plane(width, height, values), scale, size),
  );
  return { heats, scale: shownScale(scale, unit) };
}
