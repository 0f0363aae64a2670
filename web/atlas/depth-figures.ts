/** @file The figures of layers that the depth chart draws, one place for their names and colours. */
import type { AtlasLayer } from "../../src/atlas/site/site-data.ts";

export interface DepthFigure {
  /** A key of the texts; it is a mark's kind too. */
  readonly key: "zeroShare" | "effectiveShare" | "classShare" | "deadShare";
  readonly colour: string;
  /** 0..1; undefined where the layer lacks it. */
  of(layer: AtlasLayer): number | undefined;
}

/** In the order that they are drawn in. */
const depthFigures: readonly DepthFigure[] = [
  { key: "zeroShare", colour: "var(--zeros)", of: ({ zeroShare }) => zeroShare },
  { key: "effectiveShare", colour: "var(--in-use)", of: ({ effectiveShare }) => effectiveShare },
  { key: "classShare", colour: "var(--told)", of: ({ classShare }) => classShare },
  {
    key: "deadShare",
    colour: "var(--dead)",
    // Without photos nobody knows whether a silent unit is dead.
    of: ({ dead, channels, zeroShare }) => (zeroShare === undefined ? undefined : dead / channels),
  },
];

/** Those that some layer has. */
export function figuresOf(layers: readonly AtlasLayer[]): readonly DepthFigure[] {
  return depthFigures.filter((figure) => layers.some((layer) => figure.of(layer) !== undefined));
}
