/** @file How the pictures of part 2 are made. */
import { presets, type Preset } from "../../optvis/presets.ts";

/** The preset of the part's pictures; a quick study takes half its steps. */
export function presetOf(quick: boolean): Preset {
  const { steps } = presets.natural;
  return { ...presets.natural, steps: quick ? Math.round(steps / 2) : steps };
}
