/** @file Names of the sizes that an export left open. */
import type { Meta } from "./meta.ts";
import { symbolsOf } from "./meta.ts";

const pictureAxes = ["N", "C", "H", "W"] as const;

/** Names by the expressions of inputs: those of pictures by their axes, others as the file calls them. */
export function openAxes(inputs: readonly Meta[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { sizes } of inputs) {
    for (const [axis, { expression }] of sizes.entries()) {
      if (expression === undefined || names.has(expression)) continue;
      const isOnce = sizes.filter((size) => size.expression === expression).length === 1;
      const usual = sizes.length === 4 && isOnce ? pictureAxes[axis] : undefined;
      const first = usual ?? (axis === 0 && isOnce ? "N" : undefined);
      const taken = new Set(names.values());
      const name = first !== undefined && !taken.has(first) ? first : symbolsOf(expression)[0];
      if (name !== undefined) names.set(expression, name);
    }
  }
  return names;
}
