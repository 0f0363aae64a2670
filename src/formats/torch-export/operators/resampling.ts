/** @file PyTorch's enlarging and shrinking of pictures, and sampling by a grid. */
import type { Call, Rule, RuleTable } from "../call.ts";
import type { AttributeInputs, Value } from "../../../graph/builder.ts";

/** Factors where they are given, which decide over the sizes; `scales_h` and `scales_w`, or a list. */
function factorsOf(c: Call, rank: number): readonly number[] | undefined {
  const listed = c.floats("scale_factors");
  if (listed)
    return listed.length === rank
      ? listed
      : c.refuse("each axis must have a factor", listed.length);
  const names = rank === 1 ? ["scales"] : ["scales_d", "scales_h", "scales_w"].slice(3 - rank);
  return names.every((name) => c.has(name)) ? names.map((name) => c.number(name)) : undefined;
}

/** Spatial axes alone, by factors or to the sizes that the file tells. */
function resized(c: Call, attributes: AttributeInputs): Value {
  const x = c.tensor(nameOf(c));
  const rank = x.dims.length - 2;
  const factors = factorsOf(c, rank);
  const axes = Array.from({ length: rank }, (_, i) => 2 + i);
  if (factors) {
    const scales = c.b.constant(factors, [rank]);
    return c.op("Resize", [x, undefined, scales], { ...attributes, axes });
  }
  const sizes = c.b.ints(c.fixed(c.output.sizes.slice(2)));
  return c.op("Resize", [x, undefined, undefined, sizes], { ...attributes, axes });
}

/** Overloads that take a list of sizes call the picture "input". */
function nameOf(c: Call): "input" | "self" {
  return c.has("input") ? "input" : "self";
}

const nearest: Rule = (c) =>
  resized(c, {
    mode: "nearest",
    coordinate_transformation_mode: "asymmetric",
    nearest_mode: "floor",
  });

const nearestExact: Rule = (c) =>
  resized(c, {
    mode: "nearest",
    coordinate_transformation_mode: "half_pixel",
    nearest_mode: "round_prefer_ceil",
  });

function smooth(mode: "linear" | "cubic"): Rule {
  return (c) => {
    const corners = c.flag("align_corners", false);
    return resized(c, {
      mode,
      coordinate_transformation_mode: corners ? "align_corners" : "half_pixel",
      ...(mode === "cubic" ? { cubic_coeff_a: -0.75 } : {}),
    });
  };
}

/** Channels become places: groups of r^2 channels, each r by r of places. */
function shuffled(operator: "DepthToSpace" | "SpaceToDepth"): Rule {
  return (c) => {
    const x = c.tensor("self");
    if (x.dims.length !== 4) return c.refuse("pictures must be [N, C, H, W]", x.dims.length);
    if (operator === "DepthToSpace") {
      const blocksize = c.int("upscale_factor");
      return c.op(operator, [x], { blocksize, mode: "CRD" });
    }
    return placesToChannels(c, x, c.int("downscale_factor"));
  };
}

/** [N, C, H r, W r] to [N, C r r, H, W], with the places of a channel next to each other. */
function placesToChannels(c: Call, x: Value, r: number): Value {
  const [, channels, height, width] = c.fixed([{ value: 1 }, ...c.meta("self").sizes.slice(1)]) as [
    number,
    number,
    number,
    number,
  ];
  if (height % r !== 0 || width % r !== 0) c.refuse("sizes must be multiples of the factor", r);
  const split = [0, channels, height / r, r, width / r, r];
  const apart = c.op("Reshape", [x, c.b.ints(split)]);
  const turned = c.op("Transpose", [apart], { perm: [0, 1, 3, 5, 2, 4] });
  return c.op("Reshape", [turned, c.b.ints([0, channels * r * r, height / r, width / r])]);
}

/** Groups of channels dealt out one by one. */
const channelShuffle: Rule = (c) => {
  const x = c.tensor("self");
  const groups = c.int("groups");
  const [, channels, ...places] = c.fixed([{ value: 1 }, ...c.meta("self").sizes.slice(1)]);
  const apart = c.op("Reshape", [x, c.b.ints([0, groups, channels! / groups, ...places])]);
  const order = [0, 2, 1, ...places.map((_, i) => 3 + i)];
  const turned = c.op("Transpose", [apart], { perm: order });
  return c.op("Reshape", [turned, c.b.ints([0, channels!, ...places])]);
};

const gridModes = ["linear", "nearest", "cubic"] as const;
const gridPaddings = ["zeros", "border", "reflection"] as const;

const gridSampled: Rule = (c) => {
  const mode = gridModes[c.int("interpolation_mode", 0)];
  const padding = gridPaddings[c.int("padding_mode", 0)];
  if (!mode || !padding) return c.refuse("modes must be known", c.int("interpolation_mode", 0));
  return c.op("GridSample", [c.tensor("input"), c.tensor("grid")], {
    mode,
    padding_mode: padding,
    align_corners: Number(c.flag("align_corners", false)),
  });
};

export const resampling: RuleTable = {
  upsample_nearest1d: nearest,
  upsample_nearest2d: nearest,
  upsample_nearest3d: nearest,
  _upsample_nearest_exact1d: nearestExact,
  _upsample_nearest_exact2d: nearestExact,
  upsample_linear1d: smooth("linear"),
  upsample_bilinear2d: smooth("linear"),
  upsample_trilinear3d: smooth("linear"),
  upsample_bicubic2d: smooth("cubic"),
  pixel_shuffle: shuffled("DepthToSpace"),
  pixel_unshuffle: shuffled("SpaceToDepth"),
  channel_shuffle: channelShuffle,
  native_channel_shuffle: channelShuffle,
  grid_sampler: gridSampled,
  grid_sampler_2d: gridSampled,
};
