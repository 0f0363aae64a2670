/**
 * @file What part of a photo moved a unit: where the gradient of its activation lies (the effective receptive field of Luo
 * et al. 2016, arXiv 1701.04128), not all that could.
 */
import type { Rectangle } from "../../image/raster.ts";

/** Shares of the gradient's energy that are left out on each side. */
const beyond = 0.05;

/** A field is no smaller than this, in pixels: less says nothing to eyes. */
const leastSide = 7;

/** The rectangle that holds most of the energy of a gradient [C, height, width], each side cut where 5 % lie beyond; whole where there is none. */
export function movedBy(
  gradient: Float32Array,
  { height, width }: { readonly height: number; readonly width: number },
): Rectangle {
  const [rows, columns] = [new Float64Array(height), new Float64Array(width)];
  for (let i = 0; i < gradient.length; i++) {
    const energy = gradient[i]! ** 2;
    rows[Math.floor(i / width) % height]! += energy;
    columns[i % width]! += energy;
  }
  const [top, bottom] = heldBy(rows);
  const [left, right] = heldBy(columns);
  return { left, top, widthPx: right - left, heightPx: bottom - top };
}

/** From which to before which place most of the energy lies. */
function heldBy(energy: Float64Array): readonly [number, number] {
  const total = energy.reduce((sum, part) => sum + part, 0);
  if (!(total > 0)) return [0, energy.length];
  let [first, before] = [0, 0];
  while (before + energy[first]! < beyond * total) before += energy[first++]!;
  let [end, behind] = [energy.length, 0];
  while (behind + energy[end - 1]! < beyond * total) behind += energy[--end]!;
  const missing = Math.max(leastSide - (end - first), 0);
  const from = Math.max(Math.min(first - Math.ceil(missing / 2), energy.length - leastSide), 0);
  return missing > 0 ? [from, Math.min(from + leastSide, energy.length)] : [first, end];
}

/** A field of the same sides whose middle is moved, and which is cut where the picture ends. */
export function movedField(
  { left, top, widthPx, heightPx }: Rectangle,
  by: { readonly x: number; readonly y: number },
  size: { readonly height: number; readonly width: number },
): Rectangle {
  const from = (start: number, shift: number, length: number, all: number) =>
    Math.round(Math.min(Math.max(start + shift, 0), all - length));
  return {
    left: from(left, by.x, widthPx, size.width),
    top: from(top, by.y, heightPx, size.height),
    widthPx,
    heightPx,
  };
}
