/** @file The two ways in which part 3 makes its pictures. */
import { presets, type Preset } from "../../optvis/presets.ts";

/** By the names of their presets: as in 2016, and what came after. */
export const ways = ["chollet", "natural"] as const;

export type Way = (typeof ways)[number];

/** The preset of a way; a quick study takes half its steps. */
export function presetOf(way: Way, quick: boolean): Preset {
  const preset: Preset = presets[way];
  return quick ? { ...preset, steps: Math.round(preset.steps / 2) } : preset;
}
