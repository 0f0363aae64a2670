/** @file Which places of their input windows and resampling read. */
import { interpolationMatrix } from "../autodiff/rules/interpolation.ts";
import { positiveAxis } from "../graph/infer.ts";
import { poolWindowsOf, transposedWindowsOf, windowsOf, type Windows } from "../graph/windows.ts";
import { mapped, whole, type FieldRule, type Region } from "./region.ts";

/** The input places of a window: o * stride + k * dilation - pad. */
function underWindows(dims: readonly number[], region: Region, windows: Windows): Uint8Array[] {
  return dims.slice(2).map((size, axis) => {
    const [stride, dilation] = [windows.strides[axis]!, windows.dilations[axis]!];
    return mapped(region[axis + 2]!, size, function* (index) {
      const begin = index * stride - windows.padsBegin[axis]!;
      for (let k = 0; k < windows.kernel[axis]!; k++) yield begin + k * dilation;
    });
  });
}

/** The input channels of the groups that some output channels belong to. */
function channelsOfGroups(marked: Uint8Array, inputs: number, groups: number): Uint8Array {
  const [perGroup, made] = [inputs / groups, marked.length / groups];
  const found = new Uint8Array(inputs);
  for (let group = 0; group < groups; group++) {
    if (!marked.subarray(group * made, (group + 1) * made).includes(1)) continue;
    found.fill(1, group * perGroup, (group + 1) * perGroup);
  }
  return found;
}

/** Conv. */
export const convolution: FieldRule = (n, region) => {
  const dims = n.in(0);
  const windows = windowsOf(n, dims.slice(2), n.in(1).slice(2));
  const channels = channelsOfGroups(region[1]!, dims[1]!, n.int("group", 1));
  return [[region[0]!, channels, ...underWindows(dims, region, windows)]];
};

/** ConvTranspose. */
export const transposedConvolution: FieldRule = (n, region) => {
  const dims = n.in(0);
  const windows = transposedWindowsOf(n, dims.slice(2), n.in(1).slice(2));
  const spatial = dims.slice(2).map((size, axis) => {
    const [stride, dilation] = [windows.strides[axis]!, windows.dilations[axis]!];
    return mapped(region[axis + 2]!, size, function* (index) {
      for (let k = 0; k < windows.kernel[axis]!; k++) {
        const place = index + windows.padsBegin[axis]! - k * dilation;
        if (place % stride === 0) yield place / stride;
      }
    });
  });
  return [[region[0]!, channelsOfGroups(region[1]!, dims[1]!, n.int("group", 1)), ...spatial]];
};

/** Pools with a kernel. */
export const pool: FieldRule = (n, region) => {
  const dims = n.in(0);
  const windows = poolWindowsOf(n, dims.slice(2));
  return [[region[0]!, region[1]!, ...underWindows(dims, region, windows)]];
};

/** Resize, unless it crops or keeps proportions. */
export const resize: FieldRule = (n, region) => {
  const dims = n.in(0);
  const coordinates = n.string("coordinate_transformation_mode", "half_pixel");
  const given = n.node.inputs[2] ? (n.constant(2) ?? []) : [];
  const policy = n.string("keep_aspect_ratio_policy", "stretch");
  if (coordinates === "tf_crop_and_resize" || policy !== "stretch") return undefined;
  const axes = n.ints("axes", [...dims.keys()]).map((axis) => positiveAxis(axis, dims.length));
  const result = [...region];
  for (const [i, axis] of axes.entries()) {
    const [from, to] = [dims[axis]!, region[axis]!.length];
    const matrix = interpolationMatrix({
      from,
      to,
      scale: given[i] ?? to / from,
      mode: n.string("mode", "nearest"),
      coordinates,
      nearest: n.string("nearest_mode", "round_prefer_floor"),
      cubicCoefficient: n.float("cubic_coeff_a", -0.75),
      excludeOutside: n.int("exclude_outside", 0) === 1,
      antialias: n.int("antialias", 0) === 1,
      region: [0, 1],
    });
    result[axis] = mapped(region[axis]!, from, function* (place) {
      for (let source = 0; source < from; source++)
        if (matrix[place * from + source] !== 0) yield source;
    });
  }
  return [result];
};

/** DepthToSpace. */
export const depthToSpace: FieldRule = (n, region) => {
  const [, channels, height, width] = n.in(0) as [number, number, number, number];
  const block = n.int("blocksize");
  const [rows, columns] = [height, width].map((size, i) =>
    mapped(region[i + 2]!, size, (index) => [Math.floor(index / block)]),
  );
  return [[region[0]!, whole(channels), rows!, columns!]];
};

/** SpaceToDepth. */
export const spaceToDepth: FieldRule = (n, region) => {
  const [, channels, height, width] = n.in(0) as [number, number, number, number];
  const block = n.int("blocksize");
  const [rows, columns] = [height, width].map((size, i) =>
    mapped(region[i + 2]!, size, function* (index) {
      for (let k = 0; k < block; k++) yield index * block + k;
    }),
  );
  return [[region[0]!, whole(channels), rows!, columns!]];
};
