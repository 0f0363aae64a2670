/** @file Layers that change the number of places: repetition, interpolation, cuts. */
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import { resize, resizeSmoothly, upsample } from "../../channels-last/resizing.ts";
import { pad, slice } from "../../channels-last/shapes.ts";
import { unary } from "../../channels-last/elementwise.ts";
import { inDataFormat } from "./data-format.ts";
import { only, refused, requireRank, type LayerCall, type LayerKind } from "./layer-kind.ts";

const interpolations = ["nearest", "bilinear", "bicubic"] as const;

function upsamplingOver(axes: number): LayerKind {
  return {
    build: (call) => {
      const x = only(call);
      requireRank(call, x, axes + 2);
      const { b, config, name } = call;
      const factors = config.sizes("size", axes, 2);
      const kind = config.choice("interpolation", interpolations, "nearest");
      const how = { kind, fromCorners: call.isTfjs };
      return inDataFormat(call, x, (held) => upsample(b, held, factors, how, name));
    },
  };
}

const resizing: LayerKind = {
  build: (call) => {
    const x = only(call);
    requireRank(call, x, 4);
    const { config } = call;
    const size = [config.sizes("height", 1)[0]!, config.sizes("width", 1)[0]!] as const;
    return inDataFormat(call, x, (held) => resized(call, held, size));
  },
};

function resized(call: LayerCall, x: NhwcValue, size: readonly [number, number]): NhwcValue {
  const { b, config } = call;
  const isCropped = config.flag("crop_to_aspect_ratio", false);
  const isPadded = config.flag("pad_to_aspect_ratio", false);
  const [, height = 1, width = 1] = x.dims;
  // As long as the target's proportions allow; Keras rounds down.
  const rows = Math.floor((width * size[0]) / size[1]);
  const columns = Math.floor((height * size[1]) / size[0]);
  if (!isCropped && !isPadded) return interpolated(call, x, size);
  call.requireKnown(x);
  if (isCropped) {
    const kept = [Math.min(height, rows), Math.min(width, columns)] as const;
    const cut = centreCut(call, x, kept, b.freeName(`${call.name}/cropped`));
    return interpolated(call, cut, size);
  }
  const whole = [Math.max(height, rows), Math.max(width, columns)] as const;
  const borders = whole.map((side, axis) => {
    const more = side - x.dims[axis + 1]!;
    const before = Math.floor(more / 2);
    return [before, more - before] as const;
  });
  const fill = config.number("fill_value", 0);
  const all = [[0, 0], ...borders, [0, 0]] as const;
  return interpolated(call, pad(b, x, all, b.freeName(`${call.name}/padded`), fill), size);
}

/** Shares of places in places that one axis may have. */
const mostShares = 2 ** 24;

function interpolated(call: LayerCall, x: NhwcValue, size: readonly [number, number]): NhwcValue {
  const { b, config, name } = call;
  const kind = config.choice("interpolation", interpolations, "bilinear");
  if (kind === "nearest" || !config.flag("antialias", false)) {
    return resize(b, x, size, { kind, fromCorners: call.isTfjs }, name);
  }
  call.requireKnown(x);
  const [, height = 1, width = 1] = x.dims;
  if (height * size[0] <= mostShares && width * size[1] <= mostShares) {
    return resizeSmoothly(b, x, size, kind, name);
  }
  throw refused(
    call,
    `it must resize pictures of a usual size, got ${height} x ${width} to ${size.join(" x ")}`,
  );
}

/** The middle of a picture, the smaller half being cut off in front. */
function centreCut(
  { b }: LayerCall,
  x: NhwcValue,
  size: readonly [number, number],
  name: string,
): NhwcValue {
  const cuts = size.map((side, axis) => {
    const start = Math.floor((x.dims[axis + 1]! - side) / 2);
    return { axis: axis + 1, start, end: start + side };
  });
  return slice(b, x, cuts, name);
}

const centreCrop: LayerKind = {
  build: (call) => {
    const x = only(call);
    requireRank(call, x, 4);
    const { config, name } = call;
    const size = [config.sizes("height", 1)[0]!, config.sizes("width", 1)[0]!] as const;
    call.requireKnown(x);
    return inDataFormat(call, x, (held) => {
      const [, height = 0, width = 0] = held.dims;
      if (height < size[0] || width < size[1]) {
        throw refused(
          call,
          `its input must be at least ${size.join(" x ")}, got ${height} x ${width}`,
        );
      }
      return centreCut(call, held, size, name);
    });
  },
};

/** In inference it takes the middle; of what is smaller than that, Keras resizes, by version in other ways. */
const randomCrop: LayerKind = {
  build: (call) => {
    const x = only(call);
    const { b, config, name } = call;
    const size = [config.int("height"), config.int("width")];
    call.requireKnown(x);
    const [, height, width] = x.dims;
    if (height === size[0] && width === size[1]) return unary(b, "Identity", x, name);
    throw refused(
      call,
      `its input must be ${size.join(" x ")}, got ${height} x ${width}`,
      "use CenterCrop or Resizing in its place and save the model again",
    );
  },
};

export const resizingLayers: Readonly<Record<string, LayerKind>> = {
  CenterCrop: centreCrop,
  RandomCrop: randomCrop,
  Resizing: resizing,
  UpSampling1D: upsamplingOver(1),
  UpSampling2D: upsamplingOver(2),
  UpSampling3D: upsamplingOver(3),
};
