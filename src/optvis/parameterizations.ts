/** @file What is optimised: the numbers behind a picture, and the graph piece that turns them into one. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import { randomStream, type RandomStream } from "../random.ts";
import { frequencies, halfWidth, inverseRealFourier, realFourier } from "./fourier.ts";
import { largest } from "../statistics.ts";

/** The longest side of pictures under optimisation: a spectrum is made a picture by matrices of its side squared. */
export const mostSidePx = 4096;

/** Size of the pictures under optimisation. */
export interface PictureSize {
  readonly channels: 1 | 3;
  readonly heightPx: number;
  readonly widthPx: number;
}

/** One tensor that is optimised; `dims` is that of one picture, without the batch axis. */
interface Variable {
  readonly name: string;
  readonly dims: readonly number[];
}

/** A way to write pictures as numbers. */
export interface Parameterization {
  readonly name: string;
  /** Sizes of the tensors that are optimised, for one picture. */
  variables(size: PictureSize): readonly Variable[];
  /**
   * The start of one variable; the same seed and unit give the same numbers. `contrast` is how strong it is, 1 as usual,
   * 0 a plain picture; phases alone have none.
   */
  start(
    variable: Variable,
    size: PictureSize,
    seed: number,
    unit: string,
    contrast: number,
  ): Float32Array;
  /** What one variable is for a picture [channels, height, width] in 0..1, which `build` makes of it as far as it can. */
  of(variable: Variable, size: PictureSize, picture: Float32Array): Float32Array;
  /**
   * The pictures [N, channels, height, width] of the variables [N, ...dims], in 0..1, RGB or grey.
   * Only `pixels` can leave that range.
   */
  build(b: GraphBuilder, variables: readonly Value[], size: PictureSize): Value;
}

/** Directions of colour in natural pictures, after Olah et al., Feature Visualization (2017), Lucid's matrix. */
const colourDirections = [
  [0.26, 0.09, 0.02],
  [0.27, 0.0, -0.05],
  [0.27, -0.09, 0.03],
] as const;

/** The largest column norm of `colourDirections`, which scales it to unit size. */
const largestDirection = largest(
  [0, 1, 2].map((column) => Math.hypot(...colourDirections.map((row) => row[column]!))),
);

/** Rows are the shares of three independent channels in red, green and blue. */
type ColourMatrix = readonly (readonly number[])[];

const unitColours: ColourMatrix = colourDirections.map((row) =>
  row.map((share) => share / largestDirection),
);

/** Mixes three independent channels into RGB as a 1x1 convolution; one channel passes. */
function mixColours(
  b: GraphBuilder,
  picture: Value,
  size: PictureSize,
  matrix: ColourMatrix,
): Value {
  if (size.channels === 1) return picture;
  return b.op("Conv", [picture, b.constant(matrix.flat(), [3, 3, 1, 1])]);
}

function normals(count: number, deviation: number, random: RandomStream): Float32Array {
  return Float32Array.from({ length: count }, () => deviation * random.normal());
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

function count(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** Raw pixels around middle grey; `deviation` is the standard deviation of the start in units of 0..1. */
export function pixels(
  options: { readonly deviation?: number; readonly uniform?: boolean } = {},
): Parameterization {
  const { deviation = 0.05, uniform = false } = options;
  return {
    name: "pixels",
    variables: (size) => [{ name: "pixels", dims: [size.channels, size.heightPx, size.widthPx] }],
    start: (variable, _size, seed, unit, contrast) => {
      const random = randomStream(seed, unit, variable.name);
      const width = contrast * deviation * Math.sqrt(12);
      const draw = uniform
        ? () => width * (random.uniform() - 0.5)
        : () => contrast * deviation * random.normal();
      // Strong contrast stays a picture; the usual one hardly ever leaves the range.
      const pixel = contrast > 1 ? () => clamp(0.5 + draw()) : () => 0.5 + draw();
      return Float32Array.from({ length: count(variable.dims) }, pixel);
    },
    of: (_variable, _size, picture) => picture,
    build: (_b, [picture]) => picture!,
  };
}

/**
 * A Fourier spectrum with amplitudes that fall as 1 / frequency^decay, in decorrelated colours, squeezed
 * into 0..1 by a sigmoid (Olah et al. 2017; Lucid's `fft` and `decorrelate`). One-channel pictures skip
 * the colours.
 */
export function fourier(
  options: { readonly decay?: number; readonly deviation?: number } = {},
): Parameterization {
  const { decay = 1, deviation = 0.01 } = options;
  return {
    name: "fourier",
    variables: (size) => [
      { name: "spectrum", dims: [size.channels, 2 * size.heightPx, halfWidth(size.widthPx)] },
    ],
    start: (variable, _size, seed, unit, contrast) =>
      normals(count(variable.dims), contrast * deviation, randomStream(seed, unit, variable.name)),
    of: (_variable, size, picture) => {
      const scales = spectrumScales(size, decay);
      const spectra = spectraOf(picture, size, unitColours);
      return spectra.map((number, i) => number / scales[i % scales.length]!);
    },
    build: (b, [spectrum], size) => {
      const { heightPx: height, widthPx: width } = size;
      const scales = b.constant(spectrumScales(size, decay), [2 * height, halfWidth(width)]);
      const raw = inverseRealFourier(b, b.mul(spectrum!, scales), height, width);
      return b.op("Sigmoid", [mixColours(b, raw, size, unitColours)]);
    },
  };
}

/** Amplitudes [2 * height, halfWidth(width)] of what is optimised, for real and imaginary parts alike. */
function spectrumScales({ heightPx, widthPx }: PictureSize, decay: number): Float64Array {
  const lowest = 1 / Math.max(heightPx, widthPx);
  const gain = Math.sqrt(heightPx * widthPx) / 4;
  const scale = frequencies(heightPx, widthPx).map((f) => gain / Math.max(f, lowest) ** decay);
  return Float64Array.from([...scale, ...scale]);
}

/** Black and white lie infinitely far away before a sigmoid. */
const blackest = 0.01;

/** The spectra [channels, 2 * height, halfWidth(width)] that a sigmoid of mixed colours makes a picture of. */
function spectraOf(picture: Float32Array, size: PictureSize, colours: ColourMatrix): Float32Array {
  const { channels, heightPx, widthPx } = size;
  const places = heightPx * widthPx;
  const logits = picture.map((value) => {
    const within = Math.min(Math.max(value, blackest), 1 - blackest);
    return Math.log(within / (1 - within));
  });
  const back = channels === 1 ? [[1]] : inverse(colours);
  const length = 2 * heightPx * halfWidth(widthPx);
  const spectra = new Float32Array(channels * length);
  for (const [channel, row] of back.entries()) {
    const plane = Float32Array.from({ length: places }, (_, place) =>
      row.reduce((sum, share, c) => sum + share * logits[c * places + place]!, 0),
    );
    spectra.set(realFourier(plane, heightPx, widthPx), channel * length);
  }
  return spectra;
}

/** By its cofactors, whose indices wrap around. */
function inverse(matrix: ColourMatrix): readonly (readonly number[])[] {
  const at = (row: number, column: number) => matrix[row % 3]![column % 3]!;
  const cofactor = (row: number, column: number) =>
    at(row + 1, column + 1) * at(row + 2, column + 2) -
    at(row + 1, column + 2) * at(row + 2, column + 1);
  const axes = [0, 1, 2];
  const determinant = axes.reduce((sum, c) => sum + at(0, c) * cofactor(0, c), 0);
  return axes.map((row) => axes.map((column) => cofactor(column, row) / determinant));
}

/** Grey pictures of as many channels as the network takes, all of them equal. */
export function grey(made: Parameterization): Parameterization {
  const one = (size: PictureSize): PictureSize => ({ ...size, channels: 1 });
  return {
    name: `grey ${made.name}`,
    variables: (size) => made.variables(one(size)),
    start: (variable, size, seed, unit, contrast) =>
      made.start(variable, one(size), seed, unit, contrast),
    of: (variable, size, picture) => made.of(variable, one(size), brightnessOf(picture, size)),
    build: (b, variables, size) => {
      const picture = made.build(b, variables, one(size));
      return b.concat(Array<Value>(size.channels).fill(picture), 1);
    },
  };
}

/** The mean of a picture's channels. */
function brightnessOf(picture: Float32Array, { channels }: PictureSize): Float32Array {
  const places = picture.length / channels;
  return Float32Array.from({ length: places }, (_, place) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += picture[c * places + place]!;
    return sum / channels;
  });
}

/** Colour directions of MACO (Fel et al. 2023). */
const macoColours = [
  [0.5628, 0.1948, 0.0433],
  [0.5845, 0.0, -0.1082],
  [0.5845, -0.1948, 0.0649],
] as const;

/**
 * MACO: only the phase of the spectrum is optimised, the magnitude is that of natural pictures (Fel et
 * al., Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization,
 * 2023). The magnitude here is a formula, 1 / frequency^2 with vertical structure 1.65 and diagonal
 * structure 0.61 times as strong as horizontal, fitted to the published spectrum.
 */
export function maco(options: { readonly decay?: number } = {}): Parameterization {
  const { decay = 2 } = options;
  return {
    name: "maco",
    variables: (size) => [
      { name: "phase", dims: [size.channels, size.heightPx, halfWidth(size.widthPx)] },
    ],
    start: (variable, _size, seed, unit) => {
      const random = randomStream(seed, unit, variable.name);
      return Float32Array.from({ length: count(variable.dims) }, () =>
        random.between(-Math.PI, Math.PI),
      );
    },
    of: (_variable, size, picture) => {
      const half = size.heightPx * halfWidth(size.widthPx);
      const spectra = spectraOf(picture, size, macoColours);
      return Float32Array.from({ length: size.channels * half }, (_, i) => {
        const real = i + Math.floor(i / half) * half;
        return Math.atan2(spectra[real + half]!, spectra[real]!);
      });
    },
    build: (b, [phase], size) => {
      const { heightPx: height, widthPx: width } = size;
      const magnitude = b.constant(naturalMagnitude(height, width, decay), [
        height,
        halfWidth(width),
      ]);
      const real = b.mul(b.op("Cos", [phase!]), magnitude);
      const imaginary = b.mul(b.op("Sin", [phase!]), magnitude);
      const raw = inverseRealFourier(b, b.concat([real, imaginary], 2), height, width);
      const mixed = mixColours(b, standardize(b, raw), size, macoColours);
      return b.op("Sigmoid", [mixed]);
    },
  };
}

/** Magnitudes [height, halfWidth(width)] of natural pictures' spectra up to one common factor; 0 at frequency 0. */
function naturalMagnitude(height: number, width: number, decay: number): Float64Array {
  const columns = halfWidth(width);
  return frequencies(height, width).map((frequency, i) => {
    if (frequency === 0) return 0;
    const y = Math.floor(i / columns);
    const fy = (y <= height / 2 ? y : y - height) / height;
    const angle = Math.atan2(Math.abs(fy), (i % columns) / width);
    // Vertical frequencies (angle pi/2) carry 1.65, horizontal ones 1, diagonal ones 0.61.
    const axes = 1 + 0.65 * Math.sin(angle) ** 2;
    const diagonal = Math.sin(2 * angle) ** 2;
    return (axes * (1 - diagonal) + 0.61 * diagonal) / frequency ** decay;
  });
}

/** Every picture of the batch to mean 0 and standard deviation 1. */
function standardize(b: GraphBuilder, picture: Value): Value {
  const centred = b.sub(picture, b.reduceMean(picture, [1, 2, 3]));
  const variance = b.reduceMean(b.mul(centred, centred), [1, 2, 3]);
  return b.div(centred, b.op("Sqrt", [b.add(variance, b.scalar(1e-12))]));
}
