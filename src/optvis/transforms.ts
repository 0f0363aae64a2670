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
 * products forward and two backward on every runtime. Rotation is a grid sampling before them, onto a
 * frame that already has the border, so that the corners stay inside.
 */
export function transform(options: TransformOptions, sizes: TransformSizes): Transform {
  const rotates = (options.rotateDegrees ?? 0) > 0;
  const noisy = (options.noise ?? 0) > 0;
  const frame = rotates ? padded(sizes.from, options.pad ?? 0) : sizes.from;
  const noiseDims = [1, sizes.channels, sizes.from.heightPx, sizes.from.widthPx];
  return {
    build: (b, picture) => {
      let value = b.sub(picture, b.scalar(grey));
      if (noisy) value = b.add(value, b.input("transform/noise", noiseDims));
      if (rotates) value = rotate(b, value, b.input("transform/rotation", [2, 2]), frame);
      const rows = b.input("transform/rows", [sizes.to.heightPx, frame.heightPx]);
      const columns = b.input("transform/columns", [frame.widthPx, sizes.to.widthPx]);
      const moved = b.op("MatMul", [b.op("MatMul", [rows, value]), columns]);
      return b.add(moved, b.scalar(grey));
    },
    draw: (random) => ({
      ...drawWindows(options, sizes, frame, random),
      ...(rotates ? { "transform/rotation": drawRotation(options, sizes, random) } : {}),
      ...(noisy ? { "transform/noise": drawNoise(options.noise ?? 0, noiseDims, random) } : {}),
    }),
  };
}

/** The size with a border of the share `pad` on each side. */
function padded(size: TransformSizes["from"], pad: number): TransformSizes["from"] {
  const grown = (lengthPx: number) => lengthPx + 2 * Math.round(pad * lengthPx);
  return { heightPx: grown(size.heightPx), widthPx: grown(size.widthPx) };
}

/** `frame` is the picture's size, or more where a border is there already. */
function drawWindows(
  options: TransformOptions,
  sizes: TransformSizes,
  frame: TransformSizes["from"],
  random: RandomStream,
): Record<string, Tensor> {
  const [smallest, largest] = options.scale ?? [1, 1];
  const magnification = Math.exp(random.between(Math.log(smallest), Math.log(largest)));
  const cropSide = options.crop ? random.between(...options.crop) : 1;
  const mirrored = options.flip === true && random.uniform() < 0.5;
  const side = (fromPx: number, framePx: number, toPx: number, mirror: boolean): Float32Array => {
    const room = (1 - cropSide) / 2;
    const shift = random.between(-1, 1) * (options.jitter ?? 0) + random.between(-room, room);
    const lengthPx = (fromPx * (1 + 2 * (options.pad ?? 0)) * cropSide) / magnification;
    const centrePx = framePx / 2 + fromPx * shift;
    return windowMatrix(framePx, toPx, centrePx, lengthPx, (options.blur ?? 0) * fromPx, mirror);
  };
  const { from, to } = sizes;
  const rows = side(from.heightPx, frame.heightPx, to.heightPx, false);
  const columns = side(from.widthPx, frame.widthPx, to.widthPx, mirrored);
  const turned = transposed(columns, to.widthPx, frame.widthPx);
  return {
    "transform/rows": tensor("float32", [to.heightPx, frame.heightPx], rows),
    "transform/columns": tensor("float32", [frame.widthPx, to.widthPx], turned),
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

/**
 * Samples the pictures [N, C, H, W] onto a frame around their centre; outside is 0. `map` [2, 2] leads
 * from pixels off the frame's centre to the picture's -1..1. All pictures turn alike, so they are sampled
 * as the channels of one: places, weights and indices are worked out once a step instead of once a picture.
 */
function rotate(
  b: GraphBuilder,
  pictures: Value,
  map: Value,
  frame: TransformSizes["from"],
): Value {
  const [count, channels, height, width] = pictures.dims as [number, number, number, number];
  const { heightPx, widthPx } = frame;
  const places = b.constant(placesOf(frame), [heightPx * widthPx, 2]);
  const grid = b.op("MatMul", [places, b.transpose(map, [1, 0])]);
  const together = b.reshape(pictures, [1, count * channels, height, width]);
  const turned = b.op("GridSample", [together, b.reshape(grid, [1, heightPx, widthPx, 2])], {
    mode: "linear",
    padding_mode: "zeros",
    align_corners: 0,
  });
  return b.reshape(turned, [count, channels, heightPx, widthPx]);
}

/** Column and row of every pixel, from the centre of the frame: [height * width, 2]. */
function placesOf({ heightPx, widthPx }: TransformSizes["from"]): Float32Array {
  const places = new Float32Array(2 * heightPx * widthPx);
  for (let i = 0; i < heightPx * widthPx; i++) {
    places[2 * i] = (i % widthPx) - (widthPx - 1) / 2;
    places[2 * i + 1] = Math.floor(i / widthPx) - (heightPx - 1) / 2;
  }
  return places;
}

function drawRotation(
  options: TransformOptions,
  sizes: TransformSizes,
  random: RandomStream,
): Tensor {
  const limit = ((options.rotateDegrees ?? 0) * Math.PI) / 180;
  const angle = random.between(-limit, limit);
  const { heightPx, widthPx } = sizes.from;
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const map = [cosine / widthPx, -sine / widthPx, sine / heightPx, cosine / heightPx];
  return tensor(
    "float32",
    [2, 2],
    Float32Array.from(map, (x) => 2 * x),
  );
}

function drawNoise(deviation: number, dims: readonly number[], random: RandomStream): Tensor {
  const data = Float32Array.from({ length: elementCount(dims) }, () => deviation * random.normal());
  return tensor("float32", dims, data);
}
