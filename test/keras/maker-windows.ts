/** @file Windows of Keras in plain loops: convolutions and pools of [N, ...places, C]. */
import { at, every, placesOf, type Numbers } from "./numbers.ts";

/** Lists have one entry a spatial axis. */
export interface MakerWindow {
  readonly size: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: "same" | "valid" | "causal";
}

/** Results on an axis and the places of padding before it, as TensorFlow's documentation has them. */
function axisOf(places: number, axis: number, window: MakerWindow) {
  const [size, stride] = [window.size[axis]!, window.strides[axis]!];
  const reach = (size - 1) * window.dilations[axis]! + 1;
  if (window.padding === "valid")
    return { out: Math.ceil((places - reach + 1) / stride), before: 0 };
  const out = Math.ceil(places / stride);
  if (window.padding === "causal") return { out, before: reach - 1 };
  const total = Math.max((out - 1) * stride + reach - places, 0);
  return { out, before: Math.floor(total / 2) };
}

/** What comes of each window: the places inside the picture and those of the window that lie there. */
function overWindows(
  x: Numbers,
  window: MakerWindow,
  channels: number,
  value: (
    image: number,
    channel: number,
    seen: readonly { readonly place: readonly number[]; readonly offset: readonly number[] }[],
  ) => number,
): Numbers {
  const [n = 0, ...inner] = x.dims;
  const places = inner.slice(0, -1);
  const axes = places.map((dim, axis) => axisOf(dim, axis, window));
  const offsets = placesOf(window.size);
  return every([n, ...axes.map(({ out }) => out), channels], ([image = 0, ...rest]) => {
    const seen = offsets.flatMap((offset) => {
      const place = offset.map(
        (step, axis) =>
          rest[axis]! * window.strides[axis]! - axes[axis]!.before + step * window.dilations[axis]!,
      );
      const isInside = place.every((index, axis) => index >= 0 && index < places[axis]!);
      return isInside ? [{ place, offset }] : [];
    });
    return value(image, rest.at(-1)!, seen);
  });
}

/** The kernel is [...size, C / groups, filters]. */
export function convolved(
  x: Numbers,
  kernel: Numbers,
  bias: Numbers | undefined,
  window: MakerWindow,
  groups = 1,
): Numbers {
  const [perGroup = 0, filters = 0] = kernel.dims.slice(-2);
  return overWindows(x, window, filters, (image, filter, seen) => {
    const first = Math.floor(filter / (filters / groups)) * perGroup;
    let result = bias?.data[filter] ?? 0;
    for (const { place, offset } of seen) {
      for (let c = 0; c < perGroup; c++) {
        result += at(x, [image, ...place, first + c]) * at(kernel, [...offset, c, filter]);
      }
    }
    return result;
  });
}

/** The kernel is [...size, C, multiplier]; the results of a channel lie together. */
export function convolvedByChannel(
  x: Numbers,
  kernel: Numbers,
  bias: Numbers | undefined,
  window: MakerWindow,
): Numbers {
  const [channels = 0, multiplier = 0] = kernel.dims.slice(-2);
  return overWindows(x, window, channels * multiplier, (image, filter, seen) => {
    const [c, j] = [Math.floor(filter / multiplier), filter % multiplier];
    return seen.reduce(
      (all, { place, offset }) => all + at(x, [image, ...place, c]) * at(kernel, [...offset, c, j]),
      bias?.data[filter] ?? 0,
    );
  });
}

export function pooled(x: Numbers, window: MakerWindow, kind: "max" | "average"): Numbers {
  return overWindows(x, window, x.dims.at(-1)!, (image, channel, seen) => {
    const values = seen.map(({ place }) => at(x, [image, ...place, channel]));
    if (kind === "max") return Math.max(...values);
    return values.reduce((all, value) => all + value, 0) / values.length;
  });
}

/**
 * Each place lays the kernel [...size, filters, C], times its number, over the result, which is as long as Keras's
 * `deconv_output_length` says; what a convolution of the result would be padded with is cut off.
 */
export function transposed(
  x: Numbers,
  kernel: Numbers,
  bias: Numbers | undefined,
  { size, strides, dilations, padding }: MakerWindow,
  outputPadding: readonly number[] | undefined,
): Numbers {
  const [n = 0, ...inner] = x.dims;
  const places = inner.slice(0, -1);
  const filters = kernel.dims.at(-2)!;
  const axes = places.map((dim, axis) => {
    const reach = (size[axis]! - 1) * dilations[axis]! + 1;
    const stride = strides[axis]!;
    const more = outputPadding?.[axis];
    let out = padding === "same" ? dim * stride : dim * stride + Math.max(reach - stride, 0);
    if (more !== undefined) {
      out =
        (dim - 1) * stride + reach - 2 * (padding === "same" ? Math.floor(reach / 2) : 0) + more;
    }
    const total = padding === "same" ? Math.max((dim - 1) * stride + reach - out, 0) : 0;
    return { out, before: Math.floor(total / 2) };
  });
  const dims = [n, ...axes.map(({ out }) => out), filters];
  const result = every(dims, (place) => bias?.data[place.at(-1)!] ?? 0);
  const data = [...result.data];
  const indexOf = (place: readonly number[]) =>
    place.reduce((all, index, axis) => all * dims[axis]! + index, 0);
  for (const from of placesOf(x.dims)) {
    for (const offset of placesOf(size)) {
      const to = offset.map(
        (step, axis) =>
          from[axis + 1]! * strides[axis]! + step * dilations[axis]! - axes[axis]!.before,
      );
      if (to.some((index, axis) => index < 0 || index >= axes[axis]!.out)) continue;
      for (let filter = 0; filter < filters; filter++) {
        data[indexOf([from[0]!, ...to, filter])]! +=
          at(x, from) * at(kernel, [...offset, filter, from.at(-1)!]);
      }
    }
  }
  return { dims, data };
}
