/** @file Robustness transforms: what the picture goes through, newly drawn at every step, before the network sees it. */
import type { GraphBuilder, Value } from "../graph/builder.ts";
import { elementCount, tensor, type Tensor } from "../graph/tensor.ts";
import type { RandomStream } from "../random.ts";

/**
 * How strongly pictures are moved. Lengths are shares of the picture's side, so that one recipe serves
 * every input size; angles are degrees. Zero or undefined switches a part off.
 */
export interface TransformOptions {
  /** Grey border that is added on each side before anything moves. */
  readonly pad?: number;
  /** Largest shift to each side. */
  readonly jitter?: number;
  /** Smallest and largest magnification, drawn log-uniformly. */
  readonly scale?: readonly [number, number];
  /** Largest rotation to each side. */
  readonly rotateDegrees?: number;
  /** Side of the crop as smallest and largest share; placed at random (MACO). */
  readonly crop?: readonly [number, number];
  /** Standard deviation of a Gaussian blur. */
  readonly blur?: number;
  /** Mirror half of the steps left to right. */
  readonly flip?: boolean;
  /** Standard deviation of noise added to the picture, in units of 0..1. */
  readonly noise?: number;
}

/** Sizes in pixels of what goes in and what the network gets. */
export interface TransformSizes {
  readonly channels: number;
  readonly from: { readonly heightPx: number; readonly widthPx: number };
  readonly to: { readonly heightPx: number; readonly widthPx: number };
}

/** Adds the transforms to a graph; `draw` gives the tensors that one step feeds. */
export interface Transform {
  build(b: GraphBuilder, picture: Value): Value;
  draw(random: RandomStream): Record<string, Tensor>;
}

/** Middle grey, which fills what lies outside the picture. */
const grey = 0.5;

/**
 * All transforms that keep rows rows and columns columns (pad, shift, scale, crop, blur, flip) become
 * one product with a matrix for the rows and one for the columns, so that they cost two matrix
 * products forward and two backward on every runtime. Rotation is a grid sampling before them.
 */
export function transform(options: TransformOptions, sizes: TransformSizes): Transform {
  const rotates = (options.rotateDegrees ?? 0) > 0;
  const noisy = (options.noise ?? 0) > 0;
  const noiseDims = [1, sizes.channels, sizes.from.heightPx, sizes.from.widthPx];
  return {
    build: (b, picture) => {
      const { heightPx, widthPx } = sizes.from;
      let value = b.sub(picture, b.scalar(grey));
      if (noisy) value = b.add(value, b.input("transform/noise", noiseDims));
      if (rotates) value = rotate(b, value, b.input("transform/rotation", [2, 3]));
      const rows = b.input("transform/rows", [sizes.to.heightPx, heightPx]);
      const columns = b.input("transform/columns", [widthPx, sizes.to.widthPx]);
      const moved = b.op("MatMul", [b.op("MatMul", [rows, value]), columns]);
      return b.add(moved, b.scalar(grey));
    },
    draw: (random) => ({
      ...drawWindows(options, sizes, random),
      ...(rotates ? { "transform/rotation": drawRotation(options, sizes, random) } : {}),
      ...(noisy ? { "transform/noise": drawNoise(options.noise ?? 0, noiseDims, random) } : {}),
    }),
  };
}

function drawWindows(
  options: TransformOptions,
  sizes: TransformSizes,
  random: RandomStream,
): Record<string, Tensor> {
  const [smallest, largest] = options.scale ?? [1, 1];
  const magnification = Math.exp(random.between(Math.log(smallest), Math.log(largest)));
  const cropSide = options.crop ? random.between(...options.crop) : 1;
  const mirrored = options.flip === true && random.uniform() < 0.5;
  const side = (fromPx: number, toPx: number, mirror: boolean): Float32Array => {
    const room = (1 - cropSide) / 2;
    const shift = random.between(-1, 1) * (options.jitter ?? 0) + random.between(-room, room);
    const lengthPx = (fromPx * (1 + 2 * (options.pad ?? 0)) * cropSide) / magnification;
    const centrePx = fromPx * (0.5 + shift);
    return windowMatrix(fromPx, toPx, centrePx, lengthPx, (options.blur ?? 0) * fromPx, mirror);
  };
  const { from, to } = sizes;
  const rows = side(from.heightPx, to.heightPx, false);
  const columns = transposed(side(from.widthPx, to.widthPx, mirrored), to.widthPx, from.widthPx);
  return {
    "transform/rows": tensor("float32", [to.heightPx, from.heightPx], rows),
    "transform/columns": tensor("float32", [from.widthPx, to.widthPx], columns),
  };
}

/**
 * The [toPx, fromPx] matrix that reads a window of `lengthPx` around `centrePx` at `toPx` places, by
 * linear interpolation that widens where the window shrinks (no aliasing) and by a Gaussian of
 * `blurPx`. What lies outside gives nothing.
 */
export function windowMatrix(
  fromPx: number,
  toPx: number,
  centrePx: number,
  lengthPx: number,
  blurPx: number,
  mirrored: boolean,
): Float32Array {
  const matrix = new Float32Array(toPx * fromPx);
  const stepPx = lengthPx / toPx;
  const support = Math.max(stepPx, 1);
  const reach = support + 3 * blurPx;
  for (let to = 0; to < toPx; to++) {
    const place = mirrored ? toPx - 1 - to : to;
    const at = centrePx + (place + 0.5 - toPx / 2) * stepPx - 0.5;
    const first = Math.ceil(at - reach);
    const last = Math.floor(at + reach);
    let total = 0;
    for (let from = first; from <= last; from++) total += kernel(from - at, support, blurPx);
    for (let from = Math.max(first, 0); from <= Math.min(last, fromPx - 1); from++) {
      matrix[to * fromPx + from] = kernel(from - at, support, blurPx) / total;
    }
  }
  return matrix;
}

/** A triangle of half-width `support`, or a Gaussian of the same spread and the blur's together. */
function kernel(distance: number, support: number, blurPx: number): number {
  if (blurPx === 0) return Math.max(1 - Math.abs(distance) / support, 0);
  const variance = blurPx ** 2 + support ** 2 / 6;
  return Math.exp((-0.5 * distance ** 2) / variance);
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[column * rows + row] = matrix[row * columns + column]!;
    }
  }
  return result;
}

/** Samples the picture [N, C, H, W] along an affine map [2, 3] of output to input places in -1..1; outside is 0. */
function rotate(b: GraphBuilder, picture: Value, map: Value): Value {
  const [pictures, , height, width] = picture.dims as [number, number, number, number];
  const places = new Float32Array(3 * height * width);
  for (let i = 0; i < height * width; i++) {
    places[i] = (2 * (i % width) + 1) / width - 1;
    places[height * width + i] = (2 * Math.floor(i / width) + 1) / height - 1;
    places[2 * height * width + i] = 1;
  }
  const homogeneous = b.constant(places, [3, height * width]);
  const sampled = b.transpose(b.op("MatMul", [map, homogeneous]), [1, 0]);
  const grid = b.expand(b.reshape(sampled, [1, height, width, 2]), [pictures, height, width, 2]);
  return b.op("GridSample", [picture, grid], {
    mode: "linear",
    padding_mode: "zeros",
    align_corners: 0,
  });
}

function drawRotation(
  options: TransformOptions,
  sizes: TransformSizes,
  random: RandomStream,
): Tensor {
  const limit = ((options.rotateDegrees ?? 0) * Math.PI) / 180;
  const angle = random.between(-limit, limit);
  const ratio = sizes.from.heightPx / sizes.from.widthPx;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  return tensor(
    "float32",
    [2, 3],
    Float32Array.of(cosine, -sine * ratio, 0, sine / ratio, cosine, 0),
  );
}

function drawNoise(deviation: number, dims: readonly number[], random: RandomStream): Tensor {
  const data = Float32Array.from({ length: elementCount(dims) }, () => deviation * random.normal());
  return tensor("float32", dims, data);
}
