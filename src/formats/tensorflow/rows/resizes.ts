/** @file Maps brought to another size. */
import { channelsFirst, heldFirst } from "../../channels-last/nhwc-value.ts";
import type { Operation } from "../operation.ts";
import type { Row, Rows } from "./row.ts";

type Axes = readonly [number, number];

/** The wanted height and width: sizes where they are fixed, factors where they follow the input's. */
function goalOf(o: Operation): { readonly sizes: Axes } | { readonly factors: Axes } {
  const sizes = o.probes.dimsOf(o.x(0));
  const asked = o.numbersAt(1, sizes.length).map(([h = 0, w = 0]): Axes => {
    if (![h, w].every((side) => Number.isInteger(side) && side > 0 && side < 2 ** 16)) {
      throw o.refused(`must have a height and a width, got ${h} and ${w}`);
    }
    return [h, w];
  });
  if (asked.every((other) => String(other) === String(asked[0]))) return { sizes: asked[0]! };
  const factors = asked.map(([h, w], size): Axes => [h / sizes[size]![1]!, w / sizes[size]![2]!]);
  if (factors.every((other) => String(other) === String(factors[0]))) {
    return { factors: factors[0]! };
  }
  throw o.refused(
    "must not depend on sizes that the model leaves open",
    "export it at a fixed size",
  );
}

const resized =
  (mode: "linear" | "nearest" | "cubic"): Row =>
  (o) => {
    const x = o.x(0);
    if (x.dims.length !== 4) throw o.refused(`must resize maps, got ${x.dims.length} axes`);
    const goal = goalOf(o);
    const isCornered = o.truth("align_corners");
    const isCentred = o.truth("half_pixel_centers");
    const attributes = {
      mode,
      axes: [2, 3],
      coordinate_transformation_mode: isCornered
        ? "align_corners"
        : isCentred
          ? "half_pixel"
          : "asymmetric",
      // TensorFlow takes the place that a new one lies in, and at corners the next one.
      ...(mode === "nearest" && {
        nearest_mode: isCornered || isCentred ? "round_prefer_ceil" : "floor",
      }),
      // Keys' kernel, which leaves out what lies outside, came with the centres of places.
      ...(mode === "cubic" && {
        cubic_coeff_a: isCentred ? -0.5 : -0.75,
        exclude_outside: isCentred ? 1 : 0,
      }),
    };
    const first = channelsFirst(o.b, x);
    const target =
      "sizes" in goal
        ? [null, null, o.b.ints(goal.sizes)]
        : [null, o.b.constant(goal.factors, [2])];
    return heldFirst(o.b.op("Resize", [first, ...target], attributes, o.name));
  };

export const resizeRows: Rows = {
  ResizeBicubic: resized("cubic"),
  ResizeBilinear: resized("linear"),
  ResizeNearestNeighbor: resized("nearest"),
};
