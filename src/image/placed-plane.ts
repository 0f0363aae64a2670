/** @file Maps whose places do not lie on the plain grid, enlarged to the picture. */
import { plane, type Plane } from "./picture.ts";
import type { Volume } from "./volume.ts";
import { resizePlane } from "./resize.ts";

/** Where the columns and rows of a map lie on the picture, in shares of its sides, in any order; some may lie outside. */
export interface PlaceCentres {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Of the slices of a volume, in shares of its depth. */
  readonly z?: readonly number[];
}

/**
 * The plane at another size: bilinear between the centres of its places, and beyond the outermost ones the same as
 * there. Without centres places lie on the plain grid, in the middles of equal parts.
 */
export function placedPlane(
  source: Plane,
  centres: PlaceCentres | undefined,
  widthPx: number,
  heightPx: number,
): Plane {
  if (!centres) return resizePlane(source, widthPx, heightPx, { antialias: false });
  return planeAt(source, centres, { x: gridOf(widthPx), y: gridOf(heightPx) });
}

/** Where the places of a plain grid lie along a side of the picture: the middles of as many equal parts. */
export function gridOf(places: number): readonly number[] {
  return Array.from({ length: places }, (_, i) => (i + 0.5) / places);
}

/** The plane's numbers at other places, in ascending order, as `placedPlane` finds them. */
export function planeAt(source: Plane, centres: PlaceCentres, wanted: PlaceCentres): Plane {
  const across = stepsBetween(centres.x, wanted.x);
  const down = stepsBetween(centres.y, wanted.y);
  const [widthPx, heightPx] = [wanted.x.length, wanted.y.length];
  const wide = widened(source, across);
  const data = new Float32Array(widthPx * heightPx);
  let to = 0;
  for (let y = 0; y < heightPx; y++) {
    const [above, below] = [down.before[y]! * widthPx, down.behind[y]! * widthPx];
    const lower = down.farther[y]!;
    const upper = 1 - lower;
    for (let x = 0; x < widthPx; x++) {
      data[to++] = wide[above + x]! * upper + wide[below + x]! * lower;
    }
  }
  return plane(widthPx, heightPx, data);
}

/** Every row at the wanted places, [rows, places], not rounded. */
function widened({ data, widthPx, heightPx }: Plane, { before, behind, farther }: Steps) {
  const wide = new Float64Array(heightPx * farther.length);
  let to = 0;
  for (let row = 0; row < heightPx * widthPx; row += widthPx) {
    for (let x = 0; x < farther.length; x++) {
      const share = farther[x]!;
      wide[to++] = data[row + before[x]!]! * (1 - share) + data[row + behind[x]!]! * share;
    }
  }
  return wide;
}

/** The places before and behind each wanted one, and the share of the second. A map is enlarged too seldom for anything but plain loops to be quick. */
interface Steps {
  readonly before: Int32Array;
  readonly behind: Int32Array;
  readonly farther: Float64Array;
}

/** The volume at another size, its slices, rows and columns between their centres as `placedPlane` has them. */
export function placedVolume(
  source: Volume,
  { x, y, z }: PlaceCentres,
  dims: Volume["dims"],
): Volume {
  const [depth, height, width] = source.dims;
  const even = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count);
  const places = height * width;
  const slices = plane(places, depth, source.data);
  const deep = placedPlane(slices, { x: even(places), y: z ?? even(depth) }, places, dims[0]);
  const size = dims[1] * dims[2];
  const data = new Float32Array(dims[0] * size);
  for (let i = 0; i < dims[0]; i++) {
    const slice = plane(width, height, deep.data.subarray(i * places, (i + 1) * places));
    data.set(placedPlane(slice, { x, y }, dims[2], dims[1]).data, i * size);
  }
  return { dims, data };
}

/** Indices of places from one end of the picture to the other. */
export function orderOf(centres: readonly number[]): readonly number[] {
  return [...centres.keys()].toSorted((a, b) => centres[a]! - centres[b]!);
}

function stepsBetween(centres: readonly number[], wanted: readonly number[]): Steps {
  const order = orderOf(centres);
  const count = wanted.length;
  const [before, behind] = [new Int32Array(count), new Int32Array(count)];
  const farther = new Float64Array(count);
  let rank = 0;
  for (let i = 0; i < count; i++) {
    const share = wanted[i]!;
    while (rank + 1 < order.length && centres[order[rank + 1]!]! <= share) rank += 1;
    before[i] = order[rank]!;
    behind[i] = order[Math.min(rank + 1, order.length - 1)]!;
    const [from, next] = [centres[before[i]!]!, centres[behind[i]!]!];
    farther[i] = behind[i] === before[i] ? 0 : Math.max((share - from) / (next - from), 0);
  }
  return { before, behind, farther };
}
