/** @file What sizes of resampled values must be: ONNX Runtime copies a list of scales of any length onto its stack. */
import { formatShape } from "../tensor.ts";
import { all, checkInts, filled, list, mostInt32, ranked, within, type Demand } from "./demands.ts";
import type { SizedNode } from "./sized-node.ts";

/** Axes that are resampled. */
function axesOf(n: SizedNode): number | undefined {
  return n.attributes.has("axes") ? n.attributes.ints("axes").length : n.dims(0)?.length;
}

/** An empty list stands for one that is left out. */
const given =
  (i: number, demand: Demand): Demand =>
  (n) => {
    const dims = n.dims(i);
    const isEmpty = dims?.length === 1 && dims[0] === 0;
    if (n.has(i) && !isEmpty) demand(n);
  };

/** The sizes must be known: a gradient holds at one size alone. */
const steady =
  (i: number): Demand =>
  (n) => {
    if (!n.known(i)!.varies) return;
    const dims = n.dims(i);
    throw n.refusal(
      `input ${i} must not depend on the numbers in a picture`,
      `"${n.node.inputs[i]!}"${dims ? ` of shape ${formatShape(dims)}` : ""}`,
      "fix the size and export the model again",
    );
  };

/** The region that is cut out, which other modes do not look at. */
const region: Demand = (n) => {
  if (n.attributes.string("coordinate_transformation_mode", "") !== "tf_crop_and_resize") return;
  const twice = (node: SizedNode) => {
    const axes = axesOf(node);
    return axes === undefined ? undefined : 2 * axes;
  };
  all(list(1, twice), steady(1), within(1, -1e6, 1e6))(n);
};

const axes: Demand = (n) => {
  const rank = n.dims(0)?.length;
  if (rank === undefined || !n.attributes.has("axes")) return;
  const count = Math.min(n.attributes.ints("axes").length, rank);
  checkInts(n, "axes", count, { least: -rank, most: () => rank - 1 });
};

export const resize: Demand = all(
  ranked(0, 1, 8),
  filled(),
  axes,
  given(1, region),
  given(2, all(list(2, axesOf), steady(2), within(2, 1e-6, 1e6))),
  given(3, all(list(3, axesOf), steady(3), within(3, 1, mostInt32))),
);
