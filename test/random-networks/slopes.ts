/** @file Gradients of random networks against differences of their float64 selves. */
import { randomStream } from "../../src/random.ts";
import type { Question } from "./question.ts";
import type { Maps } from "./maps.ts";
import type { RandomNetwork } from "./network.ts";

/** As a share of the picture's numbers: far more than what rounding to float32 moves a network by, far less than to most kinks. */
const step = 1e-5;
/** Ways at random, beside the gradient's own. */
const ways = 4;

/** How far a slope may be off, as a share of the gradient's length; constants are rounded in half precision. */
const allowed = { full: 2e-3, half: 1e-2 };
/** What float32 leaves of a gradient that is 0, as a share of the score, if that is over 1. */
const noise = 3e-6;

/**
 * What is wrong with a gradient [C, H, W], in words; undefined if nothing is. Along ways at random and along itself it
 * must lie between the slopes just before and just behind the picture: these differ where a unit has its kink in
 * between, and only there.
 */
export function wrongSlope(
  network: RandomNetwork,
  { score }: Question,
  gradient: Float32Array,
): string | undefined {
  const base = network.features(network.picture);
  const f = (x: Maps) => score(network.features(x), base);
  const length = Math.sqrt(dot(gradient, gradient));
  const left = (noise * Math.max(1, Math.abs(f(network.picture)))) / network.amount;
  for (const way of waysOf(gradient, length)) {
    const both = slopes(f, network.picture, way, step * network.amount);
    const got = dot(gradient, way);
    const size = Math.max(length, ...both.map(Math.abs));
    const share = network.computesInHalf ? allowed.half : allowed.full;
    const within = share * size + left;
    if (!(got >= Math.min(...both) - within && got <= Math.max(...both) + within))
      return `slope ${got}, not within ${within} of ${both.join(" to ")}`;
  }
  return undefined;
}

function waysOf(gradient: Float32Array, length: number): readonly Float64Array[] {
  const random = randomStream("ways", gradient.length);
  const own = Float64Array.from(gradient, (slope) => (length > 0 ? slope / length : 0));
  const others = Array.from({ length: ways }, () =>
    Float64Array.from(gradient, () => random.normal()),
  );
  return [own, ...others];
}

/** Slopes along a way just before and just behind a place. */
function slopes(f: (x: Maps) => number, x: Maps, way: Float64Array, size: number) {
  const at = (by: number) => f({ ...x, data: x.data.map((value, i) => value + by * way[i]!) });
  const here = at(0);
  return [(here - at(-size)) / size, (at(size) - here) / size] as const;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
