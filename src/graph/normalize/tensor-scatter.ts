/** @file TensorScatter of opset 24, which writes a piece into a cache, in plain operators. */
import { tensorOf } from "../tensor.ts";
import type { NodeRewriter, Rewrite } from "./rewrite.ts";

/**
 * The cache [batch, .., places, ..] with `update` [batch, .., length, ..] written along `axis` from the place on that
 * is given for each sample, by default the first; if `mode` is circular, past the last place on at the first again.
 */
export const tensorScatter: Rewrite = (to) => {
  const [cache, update] = [to.input(0), to.input(1)];
  const axis = to.attributes.int("axis", -2);
  const shape = to.add("Shape", [update]);
  const first = to.optionalInput(2);
  const own = to.add("Expand", [placesAlong(to, shape, axis), shape]);
  const places = first === "" ? own : to.add("Add", [own, laidAlong(to, first, shape, 0)]);
  const size = to.add("Gather", [to.add("Shape", [cache]), to.ints([axis])]);
  const isCircular = to.attributes.string("mode", "linear") === "circular";
  const indices = isCircular ? to.add("Mod", [places, size]) : places;
  to.add("ScatterElements", [cache, indices, update], { axis }, to.output());
};

/** 0, 1, 2, ... along an axis of a shape, the other axes being of size 1. */
function placesAlong(to: NodeRewriter, shape: string, axis: number): string {
  const length = to.add("Gather", [shape, to.int(axis)]);
  return laidAlong(to, to.add("Range", [to.int(0), length, to.int(1)]), shape, axis);
}

/** A list as an axis of a shape, the other axes being of size 1. */
function laidAlong(to: NodeRewriter, list: string, shape: string, axis: number): string {
  const one = tensorOf("int64", [1], [1]);
  const ones = to.add("ConstantOfShape", [to.add("Shape", [shape])], { value: one });
  const sizes = to.add("ScatterElements", [ones, to.ints([axis]), to.ints([-1])]);
  return to.add("Reshape", [list, sizes]);
}
