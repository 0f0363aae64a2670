/** @file Feature maps in float64 and what layers make of them, in plain loops: what random networks are judged by. */

/** Numbers [channels, rows, columns], row-major; a vector has one row and one column. */
export interface Maps {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** Windows over rows and columns; `pads` in the order top, left, bottom, right. */
export interface Windows {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  /** Whether the last window may reach over the end. */
  readonly ceil?: boolean;
}

export interface Convolution extends Windows {
  readonly filters: number;
  readonly groups: number;
  /** [filters, channels / groups, rows, columns]. */
  readonly weights: readonly number[];
  readonly bias: readonly number[] | undefined;
}

export function emptyMaps(channels: number, rows: number, columns: number): Maps {
  return { channels, rows, columns, data: new Float64Array(channels * rows * columns) };
}

/** The maps with every number changed by itself and its channel. */
export function mapped(x: Maps, change: (value: number, channel: number) => number): Maps {
  const area = x.rows * x.columns;
  return { ...x, data: x.data.map((value, i) => change(value, Math.floor(i / area))) };
}

/** Two maps of one shape, number by number. */
export function combined(a: Maps, b: Maps, join: (a: number, b: number) => number): Maps {
  return { ...a, data: a.data.map((value, i) => join(value, b.data[i]!)) };
}

/** Means over all places, a number a channel. */
export function means(x: Maps): number[] {
  const area = x.rows * x.columns;
  return Array.from(
    { length: x.channels },
    (_, c) => x.data.subarray(c * area, (c + 1) * area).reduce((sum, v) => sum + v, 0) / area,
  );
}

/** Maxima over all places, a number a channel. */
export function maxima(x: Maps): number[] {
  const area = x.rows * x.columns;
  return Array.from({ length: x.channels }, (_, c) =>
    x.data.subarray(c * area, (c + 1) * area).reduce((most, v) => Math.max(most, v), -Infinity),
  );
}

/** Channels one after the other. */
export function stacked(parts: readonly Maps[]): Maps {
  const channels = parts.reduce((sum, part) => sum + part.channels, 0);
  const whole = emptyMaps(channels, parts[0]!.rows, parts[0]!.columns);
  let at = 0;
  for (const { data } of parts) {
    whole.data.set(data, at);
    at += data.length;
  }
  return whole;
}

/** Maps whose number at each place is one of other maps. */
export function gathered(
  shape: readonly [number, number, number],
  from: Maps,
  source: (channel: number, row: number, column: number) => readonly [number, number, number],
): Maps {
  const y = emptyMaps(...shape);
  let i = 0;
  for (let c = 0; c < y.channels; c++)
    for (let row = 0; row < y.rows; row++)
      for (let column = 0; column < y.columns; column++) {
        const [channel, fromRow, fromColumn] = source(c, row, column);
        y.data[i++] = from.data[(channel * from.rows + fromRow) * from.columns + fromColumn]!;
      }
  return y;
}

/** How many windows fit on rows and columns. */
export function windowCounts(x: Maps, windows: Windows): readonly [number, number] {
  const { kernel, strides, dilations, pads, ceil } = windows;
  const count = (size: number, axis: 0 | 1) => {
    const left = size + pads[axis] + pads[axis + 2]! - dilations[axis] * (kernel[axis] - 1) - 1;
    return (ceil ? Math.ceil : Math.floor)(left / strides[axis]) + 1;
  };
  return [count(x.rows, 0), count(x.columns, 1)];
}

/** The first place of a window and the taps of it that lie within. */
function tapsWithin(windows: Windows, axis: 0 | 1, index: number, size: number) {
  const { kernel, strides, dilations, pads } = windows;
  const first = index * strides[axis] - pads[axis];
  const taps: (readonly [tap: number, place: number])[] = [];
  for (let tap = 0; tap < kernel[axis]; tap++) {
    const place = first + tap * dilations[axis];
    if (place >= 0 && place < size) taps.push([tap, place]);
  }
  return taps;
}

/** For every window along an axis its taps that lie within. */
function allTaps(windows: Windows, axis: 0 | 1, count: number, size: number) {
  return Array.from({ length: count }, (_, index) => tapsWithin(windows, axis, index, size));
}

export function convolved(x: Maps, layer: Convolution): Maps {
  const [rows, columns] = windowCounts(x, layer);
  const y = emptyMaps(layer.filters, rows, columns);
  const [down, across] = [allTaps(layer, 0, rows, x.rows), allTaps(layer, 1, columns, x.columns)];
  const own = x.channels / layer.groups;
  const [kernelRows, kernelColumns] = layer.kernel;
  let i = 0;
  for (let filter = 0; filter < layer.filters; filter++) {
    const firstChannel = Math.floor(filter / (layer.filters / layer.groups)) * own;
    for (const rowTaps of down)
      for (const columnTaps of across) {
        let sum = layer.bias?.[filter] ?? 0;
        for (let c = 0; c < own; c++)
          for (const [tapRow, row] of rowTaps) {
            const weightsAt = ((filter * own + c) * kernelRows + tapRow) * kernelColumns;
            const rowAt = ((firstChannel + c) * x.rows + row) * x.columns;
            for (const [tap, column] of columnTaps)
              sum += layer.weights[weightsAt + tap]! * x.data[rowAt + column]!;
          }
        y.data[i++] = sum;
      }
  }
  return y;
}

/** Weights [filters, channels] at every place. */
export function pointwise(x: Maps, weights: readonly number[], filters: number): Maps {
  const one = [1, 1] as const;
  const pads = [0, 0, 0, 0] as const;
  const form = { kernel: one, strides: one, dilations: one, pads, groups: 1, bias: undefined };
  return convolved(x, { ...form, filters, weights });
}

/** Windows' maxima, or their means over what lies within, or over all of the window if padding counts. */
export function pooled(
  x: Maps,
  windows: Windows,
  what: "max" | "mean" | "mean-with-padding",
): Maps {
  const [rows, columns] = windowCounts(x, windows);
  const y = emptyMaps(x.channels, rows, columns);
  const [down, across] = [
    allTaps(windows, 0, rows, x.rows),
    allTaps(windows, 1, columns, x.columns),
  ];
  const whole = windows.kernel[0] * windows.kernel[1];
  let i = 0;
  for (let c = 0; c < x.channels; c++)
    for (const rowTaps of down)
      for (const columnTaps of across) {
        let [sum, most] = [0, -Infinity];
        for (const [, row] of rowTaps)
          for (const [, column] of columnTaps) {
            const value = x.data[(c * x.rows + row) * x.columns + column]!;
            sum += value;
            most = Math.max(most, value);
          }
        const count = what === "mean" ? rowTaps.length * columnTaps.length : whole;
        y.data[i++] = what === "max" ? most : sum / count;
      }
  return y;
}

/** A vector through weights [units, inputs]. */
export function dense(
  x: ArrayLike<number>,
  weights: readonly number[],
  bias: readonly number[],
): number[] {
  return bias.map((start, unit) => {
    let sum = start;
    for (let i = 0; i < x.length; i++) sum += weights[unit * x.length + i]! * x[i]!;
    return sum;
  });
}

/** Every group of numbers brought to mean 0 and variance 1, before a small number is added to that. */
export function standardised(
  x: Maps,
  groupOf: (channel: number, place: number) => number,
  groups: number,
  epsilon: number,
): Maps {
  const area = x.rows * x.columns;
  const key = Int32Array.from(x.data, (_, i) => groupOf(Math.floor(i / area), i % area));
  const [counts, sums, squares] = [0, 1, 2].map(() => new Float64Array(groups)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  x.data.forEach((value, i) => {
    counts[key[i]!]! += 1;
    sums[key[i]!]! += value;
  });
  const mean = (group: number) => sums[group]! / counts[group]!;
  x.data.forEach((value, i) => (squares[key[i]!]! += (value - mean(key[i]!)) ** 2));
  const spread = (group: number) => Math.sqrt(squares[group]! / counts[group]! + epsilon);
  return { ...x, data: x.data.map((value, i) => (value - mean(key[i]!)) / spread(key[i]!)) };
}
