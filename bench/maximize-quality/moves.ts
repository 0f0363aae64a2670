/**
 * @file Moves that no picture was made with: drawn from other keys and over wider ranges than the presets',
 * and sampled by code that shares nothing with src/optvis/transforms.ts.
 */
import { randomStream } from "../../src/random.ts";

/** A picture turned about its centre, magnified, then shifted; shifts are shares of the side. */
export interface Move {
  readonly name: string;
  readonly right: number;
  readonly down: number;
  readonly degrees: number;
  readonly magnification: number;
}

const still = { right: 0, down: 0, degrees: 0, magnification: 1 } as const;

/** One move of each kind, and all at once. */
export const plainMoves: readonly Move[] = [
  { ...still, name: "shift", right: 0.08, down: -0.06 },
  { ...still, name: "rotation", degrees: -11 },
  { ...still, name: "scale", magnification: 1.18 },
  { name: "all", right: -0.07, down: 0.08, degrees: 10, magnification: 0.87 },
];

/** Shifts up to 8 % of the side, rotations up to 12 degrees, magnifications from 0.85 to 1.2, all at once. */
export function drawnMoves(count: number): readonly Move[] {
  return Array.from({ length: count }, (_, i) => {
    const random = randomStream("unseen move", i);
    return {
      name: `drawn ${i}`,
      right: random.between(-0.08, 0.08),
      down: random.between(-0.08, 0.08),
      degrees: random.between(-12, 12),
      magnification: Math.exp(random.between(Math.log(0.85), Math.log(1.2))),
    };
  });
}

/** The moved picture [channels, side, side], by bilinear sampling; `fill` is middle grey, one number a channel. */
export function moved(
  data: Float32Array,
  sidePx: number,
  fill: readonly number[],
  move: Move,
): Float32Array {
  const angle = (move.degrees * Math.PI) / 180;
  const cosine = Math.cos(angle) / move.magnification;
  const sine = Math.sin(angle) / move.magnification;
  const middle = (sidePx - 1) / 2;
  const result = new Float32Array(data.length);
  const plane = sidePx * sidePx;
  for (let i = 0; i < plane; i++) {
    const dx = (i % sidePx) - middle - move.right * sidePx;
    const dy = Math.floor(i / sidePx) - middle - move.down * sidePx;
    const x = middle + cosine * dx + sine * dy;
    const y = middle - sine * dx + cosine * dy;
    for (const [c, outside] of fill.entries()) {
      result[c * plane + i] = sampled(data, c * plane, sidePx, x, y, outside);
    }
  }
  return result;
}

function sampled(
  data: Float32Array,
  start: number,
  sidePx: number,
  x: number,
  y: number,
  outside: number,
): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  let total = 0;
  for (const [column, row] of [
    [left, top],
    [left + 1, top],
    [left, top + 1],
    [left + 1, top + 1],
  ] as const) {
    const weight = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
    const isInside = column >= 0 && row >= 0 && column < sidePx && row < sidePx;
    total += weight * (isInside ? data[start + row * sidePx + column]! : outside);
  }
  return total;
}
