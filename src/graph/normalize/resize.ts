/** @file Upsample and Resize before opset 13. */
import { tensor, toNumbers } from "../tensor.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

function scalesConstant(to: NodeRewriter, scales: readonly number[]): string {
  return to.constant(tensor("float32", [scales.length], Float32Array.from(scales)));
}

/** Upsample-7 had its scales as an attribute. */
export const upsampleScales: Rewrite = (to) => {
  const scales = scalesConstant(to, to.attributes.floats("scales"));
  to.change({ inputs: [to.input(0), scales], drop: ["scales"] });
};

/** Upsample became Resize with opset 10. */
export const resizeFromUpsample: Rewrite = (to) => {
  const mode = to.attributes.string("mode", "nearest");
  to.change({ operator: "Resize", add: { mode: mode === "bilinear" ? "linear" : mode } });
};

/**
 * Resize-10 mapped pixel i to i / scale. The nearest pixel was the one before where an axis grew, and
 * (so ONNX Runtime) the one after where it shrank; one node of today knows one kind, so axes that grow
 * and axes that shrink take two.
 */
export const resizeWithRegion: Rewrite = (to) => {
  const [x, scales] = [to.input(0), to.input(1)];
  if (to.attributes.string("mode", "nearest") !== "nearest") {
    to.change({
      inputs: [x, "", scales],
      add: { coordinate_transformation_mode: "asymmetric" },
    });
    return;
  }
  const { growing, shrinking } = splitScales(to, scales);
  const nearest = { mode: "nearest", coordinate_transformation_mode: "asymmetric" };
  if (shrinking === "") {
    to.change({ inputs: [x, "", growing], add: { ...nearest, nearest_mode: "floor" } });
    return;
  }
  const grown =
    growing === "" ? x : to.add("Resize", [x, "", growing], { ...nearest, nearest_mode: "floor" });
  to.change({ inputs: [grown, "", shrinking], add: { ...nearest, nearest_mode: "ceil" } });
};

/** The scales of at least 1 and those below, the others being 1 in each; `""` where all are 1. */
function splitScales(
  to: NodeRewriter,
  scales: string,
): { readonly growing: string; readonly shrinking: string } {
  const known = to.constantOf(scales);
  if (!known) {
    const one = to.number(1, scales);
    return {
      growing: to.add("Max", [scales, one]),
      shrinking: to.add("Min", [scales, one]),
    };
  }
  const numbers = toNumbers(known);
  if (numbers.every((scale) => scale >= 1)) return { growing: scales, shrinking: "" };
  const isPure = numbers.every((scale) => scale <= 1);
  return {
    growing: isPure
      ? ""
      : scalesConstant(
          to,
          numbers.map((scale) => Math.max(scale, 1)),
        ),
    shrinking: isPure
      ? scales
      : scalesConstant(
          to,
          numbers.map((scale) => Math.min(scale, 1)),
        ),
  };
}

/** floor(y) and round_prefer_floor(y) of y = (i + 0.5) / scale, in terms of y - 0.5, which `half_pixel` gives. */
const halfPixelModes: Readonly<Record<string, string>> = {
  floor: "round_prefer_ceil",
  round_prefer_floor: "ceil",
};

/** Until 12, Resize had empty tensors where later versions take gaps, and a mode that is said otherwise now. */
export const resizeGaps: Rewrite = (to) => {
  const isEmpty = (i: number) => to.constantOf(to.optionalInput(i))?.data.length === 0;
  const inputs = to.node.inputs.map((input, i) => (i > 0 && isEmpty(i) ? "" : input));
  const mode = to.attributes.string("coordinate_transformation_mode", "half_pixel");
  if (mode !== "tf_half_pixel_for_nn") {
    to.change({ inputs });
    return;
  }
  const told = to.attributes.string("nearest_mode", "round_prefer_floor");
  const nearest = Object.hasOwn(halfPixelModes, told) ? halfPixelModes[told] : undefined;
  if (nearest === undefined || to.attributes.string("mode", "nearest") !== "nearest") {
    to.refuse();
    return;
  }
  to.change({
    inputs,
    add: { coordinate_transformation_mode: "half_pixel", nearest_mode: nearest },
  });
};
