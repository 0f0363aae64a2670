/** @file Layer-wise relevance propagation in the form of the papers: every layer a dense matrix, every contribution a number. */

/** A layer of units in row: linear ones have weights [outputs][inputs], maxima the inputs that each compares. */
export type PlainLayer =
  | {
      readonly kind: "linear";
      readonly weights: readonly (readonly number[])[];
      readonly bias: readonly number[];
    }
  | { readonly kind: "relu" }
  | { readonly kind: "max"; readonly windows: readonly (readonly number[])[] };

/** One layer's rule: relevance of inputs `x` from the relevance of outputs `y`. */
export type PlainRule = (
  layer: Extract<PlainLayer, { kind: "linear" }>,
  x: readonly number[],
  relevance: readonly number[],
) => number[];

export interface Grid {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

export interface Sweep {
  readonly kernel: number;
  readonly stride: number;
  readonly pad: number;
}

/** The inputs that each place of a window reads, by output place; those in the padding are left out. */
function readPlaces({ height, width }: Grid, { kernel, stride, pad }: Sweep) {
  const count = (size: number) => Math.floor((size + 2 * pad - kernel) / stride) + 1;
  const [rows, columns] = [count(height), count(width)];
  return Array.from({ length: rows * columns }, (_, at) => {
    const [top, left] = [
      Math.floor(at / columns) * stride - pad,
      (at % columns) * stride - pad,
    ] as const;
    return Array.from({ length: kernel ** 2 }, (_unused, tap) => {
      const [y, x] = [top + Math.floor(tap / kernel), left + (tap % kernel)];
      const inside = y >= 0 && y < height && x >= 0 && x < width;
      return { tap, place: inside ? y * width + x : undefined };
    }).filter((one): one is { tap: number; place: number } => one.place !== undefined);
  });
}

/** A convolution with filters [M, C / groups, k, k] as a matrix. */
export function convolutionMatrix(
  grid: Grid,
  sweep: Sweep,
  groups: number,
  filters: readonly number[],
  bias: readonly number[],
): Extract<PlainLayer, { kind: "linear" }> {
  const places = grid.height * grid.width;
  const perGroup = grid.channels / groups;
  const size = perGroup * sweep.kernel ** 2;
  const windows = readPlaces(grid, sweep);
  const weights = bias.flatMap((_, m) =>
    windows.map((window) => {
      const row = Array<number>(grid.channels * places).fill(0);
      const first = Math.floor(m / (bias.length / groups)) * perGroup;
      for (let c = 0; c < perGroup; c++) {
        for (const { tap, place } of window) {
          row[(first + c) * places + place] = filters[m * size + c * sweep.kernel ** 2 + tap]!;
        }
      }
      return row;
    }),
  );
  return { kind: "linear", weights, bias: bias.flatMap((number) => windows.map(() => number)) };
}

/** An average pool, whose padding does not count, as a matrix. */
export function averageMatrix(grid: Grid, sweep: Sweep): PlainLayer {
  const places = grid.height * grid.width;
  const weights = maximumWindows(grid, sweep).map((window) => {
    const row = Array<number>(grid.channels * places).fill(0);
    for (const i of window) row[i] = 1 / window.length;
    return row;
  });
  return { kind: "linear", weights, bias: weights.map(() => 0) };
}

/** The inputs of each window of a pool. */
export function maximumWindows(grid: Grid, sweep: Sweep): number[][] {
  const places = grid.height * grid.width;
  return Array.from({ length: grid.channels }, (_, c) =>
    readPlaces(grid, sweep).map((window) => window.map(({ place }) => c * places + place)),
  ).flat();
}

/** What every layer makes of the input: [layers + 1][units], the input first. */
export function activationsOf(layers: readonly PlainLayer[], input: readonly number[]): number[][] {
  const found = [[...input]];
  for (const layer of layers) {
    const x = found.at(-1)!;
    if (layer.kind === "relu") found.push(x.map((value) => Math.max(value, 0)));
    else if (layer.kind === "max") {
      found.push(layer.windows.map((window) => Math.max(...window.map((i) => x[i]!))));
    } else {
      found.push(
        layer.weights.map((row, j) => row.reduce((sum, w, i) => sum + w * x[i]!, layer.bias[j]!)),
      );
    }
  }
  return found;
}

/** The relevance of the input for output `target`; `ruleOf` gives the rule of linear layer number i. */
export function relevanceOf(
  layers: readonly PlainLayer[],
  input: readonly number[],
  target: number,
  ruleOf: (layer: number) => PlainRule,
): number[] {
  const values = activationsOf(layers, input);
  let relevance = values.at(-1)!.map((value, unit) => (unit === target ? value : 0));
  for (const [i, layer] of [...layers.entries()].toReversed()) {
    const x = values[i]!;
    if (layer.kind === "linear") relevance = ruleOf(i)(layer, x, relevance);
    if (layer.kind !== "max") continue;
    const given = Array<number>(x.length).fill(0);
    for (const [j, window] of layer.windows.entries()) {
      const largest = Math.max(...window.map((one) => x[one]!));
      given[window.find((one) => x[one] === largest)!]! += relevance[j]!;
    }
    relevance = given;
  }
  return relevance;
}

/** z + epsilon sign(z), with 0 counted as positive. */
function stable(z: number, epsilon: number): number {
  return z >= 0 ? z + epsilon : z - epsilon;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** R_i = sum over j of q_ij / (sum over i of q_ij + constant_j) R_j, for contributions q made of x_i, w_ij. */
function shared(
  of: (x: number, w: number, i: number) => number,
  constant: (bias: number) => number,
  epsilon: number,
): PlainRule {
  return (layer, x, relevance) => {
    const given = Array<number>(x.length).fill(0);
    for (const [j, row] of layer.weights.entries()) {
      const parts = row.map((w, i) => of(x[i]!, w, i));
      const whole = stable(sum(parts) + constant(layer.bias[j]!), epsilon);
      for (const [i, part] of parts.entries()) given[i]! += (part / whole) * relevance[j]!;
    }
    return given;
  };
}

export const plainRules = {
  epsilon: (epsilon: number): PlainRule =>
    shared(
      (x, w) => x * w,
      (bias) => bias,
      epsilon,
    ),
  alphaBeta: (alpha: number, epsilon: number): PlainRule => {
    const plus = shared(
      (x, w) => Math.max(x * w, 0),
      (bias) => Math.max(bias, 0),
      epsilon,
    );
    const minus = shared(
      (x, w) => Math.min(x * w, 0),
      (bias) => Math.min(bias, 0),
      epsilon,
    );
    return (layer, x, relevance) => {
      const against = minus(layer, x, relevance);
      return plus(layer, x, relevance).map((part, i) => alpha * part - (alpha - 1) * against[i]!);
    };
  },
  gamma: (gamma: number, epsilon: number): PlainRule => {
    const favouring = (sign: 1 | -1) => {
      const bent = (part: number) => part + (part * sign > 0 ? gamma * part : 0);
      return shared((x, w) => bent(x * w), bent, epsilon);
    };
    return (layer, x, relevance) => {
      const y = activationsOf([layer], x)[1]!;
      const upper = favouring(1)(
        layer,
        x,
        relevance.map((part, j) => (y[j]! >= 0 ? part : 0)),
      );
      const lower = favouring(-1)(
        layer,
        x,
        relevance.map((part, j) => (y[j]! < 0 ? part : 0)),
      );
      return upper.map((part, i) => part + lower[i]!);
    };
  },
  /** `bounds` holds the range of each input. */
  zBox: (bounds: readonly (readonly [number, number])[], epsilon: number): PlainRule =>
    shared(
      (x, w, i) => x * w - bounds[i]![0] * Math.max(w, 0) - bounds[i]![1] * Math.min(w, 0),
      () => 0,
      epsilon,
    ),
  wSquare: (epsilon: number): PlainRule =>
    shared(
      (_, w) => w * w,
      () => 0,
      epsilon,
    ),
  /** Weights that are 0 count as not read, as no random weight is. */
  flat: (epsilon: number): PlainRule =>
    shared(
      (_, w) => (w === 0 ? 0 : 1),
      () => 0,
      epsilon,
    ),
};
