/** @file The figures of layers that the depth chart draws, one place for their names and colours. */
import type { AtlasLayer } from "../../src/atlas/site/site-data.ts";

/** In the order that they are drawn in; each is a key of a layer, of the texts, and of the style's colours. */
const depthFigures = [
  { key: "zeroShare", colour: "var(--zeros)" },
  { key: "effectiveShare", colour: "var(--in-use)" },
  { key: "classShare", colour: "var(--told)" },
] as const satisfies readonly { readonly key: keyof AtlasLayer; readonly colour: string }[];

export type DepthFigure = (typeof depthFigures)[number];

/** Those that some layer has. */
export function figuresOf(layers: readonly AtlasLayer[]): readonly DepthFigure[] {
  return depthFigures.filter(({ key }) => layers.some((layer) => layer[key] !== undefined));
}
