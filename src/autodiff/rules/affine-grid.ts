/** @file The gradient of AffineGrid (Jaderberg et al. 2015). */
import { elementCount } from "../../graph/tensor.ts";
import type { GradientRule } from "../rule.ts";

/** Centres of `size` pixels in -1..1; with aligned corners the outer ones lie on -1 and 1. */
function centres(size: number, alignCorners: boolean): readonly number[] {
  return Array.from({ length: size }, (_, i) => {
    if (!alignCorners) return (2 * i + 1) / size - 1;
    return size === 1 ? 0 : (2 * i) / (size - 1) - 1;
  });
}

/** Every pixel's place in -1..1, innermost axis first, then a 1: [pixels, axes + 1], row-major. */
function homogeneousPlaces(spatial: readonly number[], alignCorners: boolean): readonly number[] {
  const places = spatial
    .map((size) => centres(size, alignCorners))
    .reduce<readonly (readonly number[])[]>(
      (found, axis) => found.flatMap((place) => axis.map((centre) => [centre, ...place])),
      [[]],
    );
  return places.flatMap((place) => [...place, 1]);
}

/** grid[n, p] = theta[n] place[p], so that dtheta[n] = sum of dgrid[n, p] place[p] over the pixels p. */
export const affineGridGradient: GradientRule = (n, b) => {
  const theta = n.in(0);
  const [pictures, , ...spatial] = n.requireConstant(1, "size") as [number, number, ...number[]];
  const pixels = elementCount(spatial);
  const axes = spatial.length;
  const numbers = homogeneousPlaces(spatial, n.int("align_corners", 0) === 1);
  const exact = theta.type === "float64" ? "float64" : "float32";
  const places = b.cast(b.constant(numbers, [pixels, axes + 1], exact), theta.type);
  const dgrid = b.reshape(n.grad(0), [pictures, pixels, axes]);
  return [b.op("MatMul", [b.transpose(dgrid, [0, 2, 1]), places])];
};
