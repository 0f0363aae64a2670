/** @file What units are called that are classes of the network. */
import type { AtlasIndex, AtlasLayer } from "../../src/atlas/site/site-data.ts";

/** Undefined where the unit is no class, or the class has no name. */
export function classNameOf(
  { classes }: Pick<AtlasIndex, "classes">,
  { isOfClasses }: AtlasLayer,
  unit: number,
): string | undefined {
  return isOfClasses ? classes?.[unit] : undefined;
}

/** A unit's number, with the name of the class that it is. */
export function unitWords(index: Pick<AtlasIndex, "classes">, layer: AtlasLayer, unit: number) {
  const name = classNameOf(index, layer, unit);
  return name === undefined ? String(unit) : `${unit}, ${name}`;
}
