/** @file PyTorch's windows as columns (unfold) and columns as pictures (fold): convolutions with kernels of single ones. */
import { elementCount } from "../../../graph/tensor.ts";
import type { Value } from "../../../graph/builder.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

interface Windows {
  readonly kernel: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
  readonly strides: readonly number[];
}

function windowsOf(c: Call): Windows {
  return {
    kernel: c.ints("kernel_size", undefined, 2),
    dilations: c.ints("dilation", [1, 1], 2),
    pads: c.ints("padding", [0, 0], 2),
    strides: c.ints("stride", [1, 1], 2),
  };
}

const mostKernels = 2 ** 22;

/** For each channel and place of a window one kernel that is 1 there: [channels * places, 1, kh, kw]. */
function placeKernels(c: Call, channels: number, kernel: readonly number[]): Value {
  const places = elementCount(kernel);
  const count = channels * places * places;
  if (count > mostKernels) c.refuse(`kernels must have at most ${mostKernels} places`, count);
  const numbers = Float32Array.from({ length: count }, (_, i) =>
    Number(Math.floor(i / places) % places === i % places),
  );
  const ones = c.b.constant(numbers, [channels * places, 1, ...kernel]);
  return c.b.cast(ones, c.output.type);
}

function attributesOf({ dilations, pads, strides }: Windows, group: number) {
  return { dilations, strides, group, pads: [...pads, ...pads] };
}

/** [N, C, H, W] to [N, C kh kw, windows]. */
const columns: Rule = (c) => {
  const x = c.tensor("self");
  if (x.dims.length !== 4) return c.refuse("pictures must be [N, C, H, W]", x.dims.length);
  const windows = windowsOf(c);
  const [, channels] = x.dims as [number, number];
  const weight = placeKernels(c, channels, windows.kernel);
  const found = c.op("Conv", [x, weight], attributesOf(windows, channels));
  return c.b.op("Reshape", [found, c.b.ints([0, channels * elementCount(windows.kernel), -1])]);
};

/** [N, C kh kw, windows] to [N, C, H, W], where windows overlap their sum. */
const picture: Rule = (c) => {
  const x = c.tensor("self");
  if (x.dims.length !== 3) return c.refuse("columns must be [N, C, windows]", x.dims.length);
  const windows = windowsOf(c);
  const { kernel, dilations, pads, strides } = windows;
  const size = c.ints("output_size", undefined, 2);
  const room = size.map((each, i) => each + 2 * pads[i]! - dilations[i]! * (kernel[i]! - 1) - 1);
  const counts = room.map((each, i) => Math.floor(each / strides[i]!) + 1);
  const channels = x.dims[1]! / elementCount(kernel);
  if (!Number.isInteger(channels)) return c.refuse("channels must fit the kernel", x.dims[1]!);
  const apart = c.b.op("Reshape", [x, c.b.ints([0, x.dims[1]!, ...counts])]);
  return c.op("ConvTranspose", [apart, placeKernels(c, channels, kernel)], {
    ...attributesOf(windows, channels),
    output_padding: room.map((each, i) => each - (counts[i]! - 1) * strides[i]!),
  });
};

/** Windows of one axis, whose places become a last axis. */
const sliding: Rule = (c) => {
  const x = c.tensor("self");
  const rank = x.dims.length;
  const axis = c.axis("dimension", rank);
  const size = c.int("size");
  const step = c.int("step");
  const count = c.fixed([c.output.sizes[axis] ?? { value: 0 }])[0]!;
  if (count * size > mostKernels) return c.refuse("windows must be fewer", count);
  const places = Array.from(
    { length: count * size },
    (_, i) => Math.floor(i / size) * step + (i % size),
  );
  const found = c.op("Gather", [x, c.b.constant(places, [count, size], "int64")], { axis });
  const order = Array.from({ length: rank + 1 }, (_, i) => i).filter((i) => i !== axis + 1);
  return c.b.transpose(found, [...order, axis + 1]);
};

export const windows: RuleTable = { im2col: columns, col2im: picture, unfold: sliding };
