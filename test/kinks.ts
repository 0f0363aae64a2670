/** @file Integrated Gradients beside a library's, apart from units that lie on a kink at a place of the path. */
import { explainRows } from "../src/attribution/gradient/explained-rows.ts";
import { tensor } from "../src/graph/tensor.ts";
import type { Model } from "../src/network/model.ts";
import { randomStream } from "../src/random.ts";

/** How far a picture is moved, as a share of its numbers: a little more than rounding to float32 moves a network's. */
const moved = 1e-6;
/** How often, in directions at random. */
const moves = 4;

/** An equal-step path from zero to a picture [C, H, W]. */
export interface EqualSteps {
  readonly dims: readonly number[];
  readonly picture: Float32Array;
  readonly target: number;
  readonly steps: number;
}

/**
 * What the map of a path changes by, [C, H, W] each, where a place of it moves across a kink: of a unit that is 0 but
 * for rounding, or of two that are equal in a max-pool. Only there do two libraries' float32 gradients differ, and
 * none is wrong.
 */
export async function kinksOf(
  model: Model,
  { dims, picture, target, steps }: EqualSteps,
): Promise<readonly Float64Array[]> {
  const random = randomStream("kinks");
  const gradientsAt = async (near: Float32Array) => {
    const data = new Float32Array(steps * near.length);
    for (let step = 0; step < steps; step++) {
      const share = (step + 0.5) / steps;
      data.set(
        near.map((value) => share * value),
        step * near.length,
      );
    }
    const pictures = tensor("float32", [steps, ...dims], data);
    const request = { targets: [target], values: [model.input.name] };
    return (await explainRows(model, pictures, request)).map((row) => row.gradients[0]!);
  };
  const jumps: Float64Array[] = [];
  for (let move = 0; move < moves; move++) {
    const way = picture.map((value) => moved * value * random.normal());
    // What is 0 but for rounding is positive on one of the two sides.
    const before = await gradientsAt(picture.map((value, i) => value - way[i]!));
    const behind = await gradientsAt(picture.map((value, i) => value + way[i]!));
    for (const [step, gradient] of behind.entries()) {
      const jump = Float64Array.from(gradient, (slope, i) => slope - before[step]![i]!);
      if (lengthOf(jump) < 1e-5 * lengthOf(gradient)) continue;
      jumps.push(jump.map((slope, i) => (slope * picture[i]!) / steps));
    }
  }
  return jumps;
}

/** The map with each kink's jump added or taken off where that brings it nearer to the other. */
export function acrossKinks(
  map: Float32Array,
  other: ArrayLike<number>,
  jumps: readonly Float64Array[],
): Float64Array {
  let nearest = Float64Array.from(map);
  for (const jump of jumps) {
    for (const sign of [1, -1]) {
      const next = nearest.map((value, i) => value + sign * jump[i]!);
      if (distanceTo(other, next) < distanceTo(other, nearest)) nearest = next;
    }
  }
  return nearest;
}

/** L2 norm of the difference over that of `other`. */
export function distanceTo(other: ArrayLike<number>, map: Float32Array | Float64Array): number {
  return lengthOf(map.map((value, i) => value - other[i]!)) / lengthOf(Float64Array.from(other));
}

function lengthOf(values: Float32Array | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
