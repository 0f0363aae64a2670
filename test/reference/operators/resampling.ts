/** @file Resize and GridSample in the float64 interpreter, pixel by pixel as the ONNX specification writes them. */
import { at, axisOf, generate } from "../ndarray.ts";
import { numbers, required, type OperatorTable, type ReferenceOperator } from "../operator.ts";

function keys(x: number, a: number): number {
  const d = Math.abs(x);
  if (d <= 1) return (a + 2) * d ** 3 - (a + 3) * d ** 2 + 1;
  return d < 2 ? a * d ** 3 - 5 * a * d ** 2 + 8 * a * d - 4 * a : 0;
}

interface Line {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly text: (name: string, fallback: string) => string;
  readonly a: number;
  readonly exclude: boolean;
  readonly antialias: boolean;
  readonly start: number;
  readonly end: number;
}

function original(line: Line, x: number): number {
  const { from, to, scale, start, end } = line;
  switch (line.text("coordinate_transformation_mode", "half_pixel")) {
    case "align_corners":
      return to === 1 ? 0 : (x * (from - 1)) / (to - 1);
    case "asymmetric":
      return x / scale;
    case "pytorch_half_pixel":
      return to > 1 ? (x + 0.5) / scale - 0.5 : 0;
    case "half_pixel_symmetric":
      return (from / 2) * (1 - to / (scale * from)) + (x + 0.5) / scale - 0.5;
    case "tf_crop_and_resize":
      return to > 1
        ? start * (from - 1) + (x * (end - start) * (from - 1)) / (to - 1)
        : 0.5 * (start + end) * (from - 1);
    default:
      return (x + 0.5) / scale - 0.5;
  }
}

/** Crops put a number of their own where they leave the input. */
function isOutside(line: Line, x: number): boolean {
  if (line.text("coordinate_transformation_mode", "half_pixel") !== "tf_crop_and_resize")
    return false;
  const place = original(line, x);
  return place < 0 || place > line.from - 1;
}

/** One output element of a line, read through `pixel`. */
function sample(line: Line, x: number, pixel: (index: number) => number): number {
  const place = original(line, x);
  const mode = line.text("mode", "nearest");
  const inside = (index: number) => Math.min(Math.max(index, 0), line.from - 1);
  if (mode === "nearest") {
    const rounding: Record<string, number> = {
      floor: Math.floor(place),
      ceil: Math.ceil(place),
      round_prefer_ceil: Math.floor(place + 0.5),
      round_prefer_floor: Math.ceil(place - 0.5),
    };
    return pixel(inside(rounding[line.text("nearest_mode", "round_prefer_floor")]!));
  }
  const stretch = line.antialias ? Math.max(1, 1 / line.scale) : 1;
  const kernel = (d: number) =>
    mode === "linear" ? Math.max(0, 1 - Math.abs(d)) : keys(d, line.a);
  let sum = 0;
  let total = 0;
  for (let index = Math.floor(place) - 20; index <= Math.floor(place) + 20; index++) {
    const outside = index < 0 || index >= line.from;
    if (outside && line.exclude) continue;
    const weight = kernel((index - place) / stretch);
    if (weight === 0) continue;
    sum += weight * pixel(inside(index));
    total += weight;
  }
  return sum / total;
}

const resize: ReferenceOperator = (inputs, attributes) => {
  let x = required(inputs, 0);
  const axes = attributes
    .ints(
      "axes",
      x.dims.map((_, axis) => axis),
    )
    .map((axis) => axisOf(axis, x.dims.length));
  const scales = numbers(inputs, 2);
  const sizes = numbers(inputs, 3);
  const region = numbers(inputs, 1);
  const policy = attributes.string("keep_aspect_ratio_policy", "stretch");
  const factors = sizes.map((size, i) => size / x.dims[axes[i]!]!);
  const common = policy === "not_larger" ? Math.min(...factors) : Math.max(...factors);
  const fill = attributes.float("extrapolation_value", 0);
  axes.forEach((axis, i) => {
    const from = x.dims[axis]!;
    const scale = scales[i] ?? (policy === "stretch" ? factors[i]! : common);
    const asked = policy === "stretch" ? sizes[i] : Math.round(from * common);
    const to = sizes.length > 0 ? asked! : Math.floor(from * scale);
    const line: Line = {
      from,
      to,
      scale,
      text: (name, fallback) => attributes.string(name, fallback),
      a: attributes.float("cubic_coeff_a", -0.75),
      exclude: attributes.int("exclude_outside", 0) === 1,
      antialias: attributes.int("antialias", 0) === 1,
      start: region[i] ?? 0,
      end: region[i + axes.length] ?? 1,
    };
    const source = x;
    x = generate(x.type, x.dims.with(axis, to), (position) =>
      isOutside(line, position[axis]!)
        ? fill
        : sample(line, position[axis]!, (index) => at(source, position.with(axis, index))),
    );
  });
  return [x];
};

/** A place mirrored between `low` and `high`. */
function mirrored(place: number, low: number, high: number): number {
  if (low === high) return low;
  let value = place;
  while (value < low || value > high) value = value < low ? 2 * low - value : 2 * high - value;
  return value;
}

const gridSample: ReferenceOperator = (inputs, attributes) => {
  const x = required(inputs, 0);
  const grid = required(inputs, 1);
  const mode = attributes.string("mode", "linear");
  const padding = attributes.string("padding_mode", "zeros");
  const align = attributes.int("align_corners", 0) === 1;
  const spatial = x.dims.slice(2);
  const fold = (place: number, size: number) => {
    if (padding === "zeros") return place;
    const low = align ? 0 : -0.5;
    const folded =
      padding === "reflection" ? mirrored(place, low, align ? size - 1 : size - 0.5) : place;
    return Math.min(Math.max(folded, 0), size - 1);
  };
  const pixel = (n: number, c: number, index: readonly number[]) => {
    const folded = index.map((place, axis) => Math.round(fold(place, spatial[axis]!)));
    const outside = folded.some((place, axis) => place < 0 || place >= spatial[axis]!);
    return outside ? 0 : at(x, [n, c, ...folded]);
  };
  const dims = [x.dims[0]!, x.dims[1]!, ...grid.dims.slice(1, -1)];
  return [
    generate(x.type, dims, ([n, c, ...place]) => {
      const coordinates = spatial.map((size, axis) => {
        const g = at(grid, [n!, ...place, spatial.length - 1 - axis]);
        return align ? ((g + 1) / 2) * (size - 1) : ((g + 1) * size - 1) / 2;
      });
      const read = (index: readonly number[]) => pixel(n!, c!, index);
      return interpolate(
        mode,
        coordinates.map((p, axis) => (mode === "cubic" ? p : fold(p, spatial[axis]!))),
        read,
      );
    }),
  ];
};

function roundToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

function interpolate(
  mode: string,
  place: readonly number[],
  read: (index: readonly number[]) => number,
): number {
  if (mode === "nearest") return read(place.map(roundToEven));
  const offsets = mode === "linear" ? [0, 1] : [-1, 0, 1, 2];
  const kernel = (d: number) => (mode === "linear" ? Math.max(0, 1 - Math.abs(d)) : keys(d, -0.75));
  const along = (done: readonly number[]): number => {
    const axis = done.length;
    if (axis === place.length) return read(done);
    const floor = Math.floor(place[axis]!);
    return offsets.reduce(
      (sum, offset) =>
        sum + kernel(floor + offset - place[axis]!) * along([...done, floor + offset]),
      0,
    );
  };
  return along([]);
}

const affineGrid: ReferenceOperator = (inputs, attributes) => {
  const theta = required(inputs, 0);
  const [pictures, , ...spatial] = numbers(inputs, 1) as [number, number, ...number[]];
  const align = attributes.int("align_corners", 0) === 1;
  const centre = (i: number, size: number) => {
    if (!align) return (i + 0.5) * (2 / size) - 1;
    return size === 1 ? 0 : i * (2 / (size - 1)) - 1;
  };
  const dims = [pictures, ...spatial, spatial.length];
  return [
    generate(theta.type, dims, ([n, ...position]) => {
      const row = position.at(-1)!;
      const place = spatial.map((size, axis) => centre(position[axis]!, size)).toReversed();
      return [...place, 1].reduce((sum, x, column) => sum + x * at(theta, [n!, row, column]), 0);
    }),
  ];
};

export const resampling: OperatorTable = {
  AffineGrid: affineGrid,
  GridSample: gridSample,
  Resize: resize,
};
