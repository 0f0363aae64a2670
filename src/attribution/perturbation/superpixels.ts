/** @file Superpixels by SLIC: pieces of like colour, about equally large. */

/** Rounds of assigning pixels and moving centres; the paper finds 10 enough. */
const rounds = 10;
/** How much nearness counts against colour, in standard deviations of the picture's numbers. */
const compactness = 0.5;

/** A cluster's mean: position in pixels, then scaled colours. */
type Centre = Float64Array;

/**
 * The piece of each pixel, [H, W] (Achanta et al. 2012, SLIC Superpixels Compared to State-of-the-art Superpixel
 * Methods, section 3). Colours are the network's own channels over their standard deviation instead of CIELAB,
 * because a tensor need not be a picture. Pieces smaller than a quarter of the usual size join the neighbour of the most similar colour.
 */
export function superpixels(
  picture: Float32Array,
  dims: readonly [number, number, number],
  segments: number,
): Int32Array {
  const [channels, height, width] = dims;
  const places = height * width;
  const scale = 1 / (deviation(picture) || 1);
  const [rows, columns] = gridSides(height, width, segments);
  const step = Math.sqrt(places / (rows * columns));
  const centres = Array.from({ length: rows * columns }, (_, index) => {
    const y = Math.floor(((Math.floor(index / columns) + 0.5) * height) / rows);
    const x = Math.floor((((index % columns) + 0.5) * width) / columns);
    return Float64Array.from({ length: channels + 2 }, (__, k) =>
      k === 0 ? y : k === 1 ? x : picture[(k - 2) * places + y * width + x]! * scale,
    );
  });
  const labels = new Int32Array(places);
  for (let round = 0; round < rounds; round++) {
    assign(labels, centres, picture, dims, scale, step);
    move(labels, centres, picture, dims, scale);
  }
  return joinSmall(connected(labels, height, width), picture, dims, (step * step) / 4);
}

/** Sides of a grid that come nearest to squares. */
export function gridSides(height: number, width: number, segments: number): [number, number] {
  const rows = Math.max(Math.round(Math.sqrt((segments * height) / width)), 1);
  const columns = Math.max(Math.round(segments / rows), 1);
  return [Math.min(rows, height), Math.min(columns, width)];
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** Gives each pixel to the nearest centre at most one step away, in place. */
function assign(
  labels: Int32Array,
  centres: readonly Centre[],
  picture: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  scale: number,
  step: number,
): void {
  const nearest = new Float64Array(labels.length).fill(Number.POSITIVE_INFINITY);
  const reach = Math.ceil(2 * step);
  const nearness = (compactness / step) ** 2;
  for (const [label, centre] of centres.entries()) {
    const [cy, cx] = [centre[0]!, centre[1]!];
    const [top, left] = [Math.max(Math.floor(cy) - reach, 0), Math.max(Math.floor(cx) - reach, 0)];
    for (let y = top; y < Math.min(cy + reach, height); y++) {
      for (let x = left; x < Math.min(cx + reach, width); x++) {
        const pixel = y * width + x;
        let distance = nearness * ((y - cy) ** 2 + (x - cx) ** 2);
        for (let c = 0; c < channels; c++) {
          distance += (picture[c * labels.length + pixel]! * scale - centre[c + 2]!) ** 2;
        }
        if (distance >= nearest[pixel]!) continue;
        nearest[pixel] = distance;
        labels[pixel] = label;
      }
    }
  }
}

/** Moves each centre to the mean of its pixels, in place; one without pixels stays. */
function move(
  labels: Int32Array,
  centres: readonly Centre[],
  picture: Float32Array,
  [channels, , width]: readonly [number, number, number],
  scale: number,
): void {
  const sums = centres.map(() => new Float64Array(channels + 2));
  const counts = new Float64Array(centres.length);
  for (const [pixel, label] of labels.entries()) {
    const sum = sums[label]!;
    sum[0]! += Math.floor(pixel / width);
    sum[1]! += pixel % width;
    for (let c = 0; c < channels; c++) sum[c + 2]! += picture[c * labels.length + pixel]! * scale;
    counts[label]! += 1;
  }
  for (const [label, centre] of centres.entries()) {
    if (counts[label]! > 0) centre.set(sums[label]!.map((sum) => sum / counts[label]!));
  }
}

/** A number for each piece of pixels that hang together, [H, W]. */
function connected(labels: Int32Array, height: number, width: number): Int32Array {
  const pieces = new Int32Array(labels.length).fill(-1);
  let count = 0;
  for (let start = 0; start < labels.length; start++) {
    if (pieces[start] !== -1) continue;
    const own = [start];
    pieces[start] = count;
    for (const pixel of own) {
      for (const next of neighbours(pixel, height, width)) {
        if (pieces[next] !== -1 || labels[next] !== labels[start]) continue;
        pieces[next] = count;
        own.push(next);
      }
    }
    count += 1;
  }
  return pieces;
}

/** Sums of colours and, last, the number of pixels. */
type Total = Float64Array;

/** Pieces of which those under `least` pixels have joined a neighbour, the smallest first. */
function joinSmall(
  pieces: Int32Array,
  picture: Float32Array,
  [channels, height, width]: readonly [number, number, number],
  least: number,
): Int32Array {
  const count = pieces.reduce((most, piece) => Math.max(most, piece), 0) + 1;
  const totals = Array.from({ length: count }, () => new Float64Array(channels + 1));
  const beside = totals.map(() => new Set<number>());
  for (const [pixel, piece] of pieces.entries()) {
    for (let c = 0; c < channels; c++) totals[piece]![c]! += picture[c * pieces.length + pixel]!;
    totals[piece]![channels]! += 1;
    for (const next of neighbours(pixel, height, width)) {
      if (pieces[next] !== piece) beside[piece]!.add(pieces[next]!);
    }
  }
  const sizeOf = (piece: number) => totals[piece]![channels]!;
  const joined = Int32Array.from(totals, (_, piece) => piece);
  const order = [...totals.keys()].toSorted((a, b) => sizeOf(a) - sizeOf(b));
  for (const piece of order) {
    const near = beside[piece]!;
    if (sizeOf(piece) >= least || near.size === 0) continue;
    const other = [...near].reduce((best, next) =>
      unlike(totals[piece]!, totals[next]!) < unlike(totals[piece]!, totals[best]!) ? next : best,
    );
    joined[piece] = other;
    totals[other] = totals[other]!.map((sum, i) => sum + totals[piece]![i]!);
    for (const next of near) {
      beside[next]!.delete(piece);
      if (next === other) continue;
      beside[next]!.add(other);
      beside[other]!.add(next);
    }
  }
  return pieces.map((piece) => {
    let last = piece;
    while (joined[last] !== last) last = joined[last]!;
    return last;
  });
}

/** Squared distance of two pieces' mean colours. */
function unlike(a: Total, b: Total): number {
  const [sizeA, sizeB] = [a.at(-1)!, b.at(-1)!];
  return a.subarray(0, -1).reduce((sum, value, c) => sum + (value / sizeA - b[c]! / sizeB) ** 2, 0);
}

function neighbours(pixel: number, height: number, width: number): number[] {
  const x = pixel % width;
  const found = [];
  if (x > 0) found.push(pixel - 1);
  if (x < width - 1) found.push(pixel + 1);
  if (pixel >= width) found.push(pixel - width);
  if (pixel < (height - 1) * width) found.push(pixel + width);
  return found;
}
