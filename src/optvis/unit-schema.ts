/** @file Units, objectives and presets as schemas: for recipes and records that come from outside. */
import * as v from "valibot";
import type { ObjectiveTerm } from "./objective-terms.ts";
import type { Preset } from "./presets.ts";
import type { ChannelUnit, CombinationUnit, DirectionUnit, LayerUnit } from "./units.ts";

const index = v.pipe(v.number(), v.integer(), v.minValue(0));
export const count = v.pipe(v.number(), v.integer(), v.minValue(1));
export const name = v.pipe(v.string(), v.nonEmpty());
const finite = v.pipe(v.number(), v.finite());
const place = v.pipe(
  v.pipe(v.array(index), v.minLength(1)),
  v.description("row and column, or the token; without it the mean over all places"),
);
const layer = v.pipe(name, v.description("the layer's full name"));
const output = v.exactOptional(
  v.pipe(name, v.description("the output that it is of, where that is another than the usual")),
);
const facet = v.exactOptional(
  v.pipe(index, v.description("number of the picture where a unit has several")),
);

/** The keys of each kind of unit. */
export const unitEntries = {
  channel: {
    layer,
    channel: v.pipe(index, v.description("channel of the layer")),
    place: v.exactOptional(place),
    class: v.exactOptional(v.pipe(index, v.description("the class that the unit stands for"))),
    output,
    facet,
  },
  combination: {
    layer,
    plus: v.pipe(v.array(index), v.description("classes whose logits are added")),
    minus: v.pipe(v.array(index), v.description("classes whose logits are taken off")),
    output,
    facet,
  },
  direction: {
    layer,
    vector: v.pipe(v.array(finite), v.description("a direction, one number a channel")),
    place: v.exactOptional(place),
    facet,
  },
  layer: { layer, facet },
} as const;

/** A unit of any kind. */
export const unitSchema = v.union([
  v.strictObject(unitEntries.channel),
  v.strictObject(unitEntries.combination),
  v.strictObject(unitEntries.direction),
  v.strictObject(unitEntries.layer),
]) satisfies v.GenericSchema<unknown, ChannelUnit | CombinationUnit | DirectionUnit | LayerUnit>;

export const objectiveSchema = v.pipe(
  v.array(
    v.strictObject({
      name,
      weight: finite,
      options: v.record(v.string(), v.union([v.string(), v.number(), v.boolean()])),
    }),
  ),
  v.minLength(1),
) satisfies v.GenericSchema<unknown, ObjectiveTerm[]>;

const range = v.pipe(v.tuple([finite, finite]), v.readonly());

/** A preset's numbers. */
export const presetSchema = v.strictObject({
  title: v.string(),
  steps: count,
  parameterization: v.variant("name", [
    v.strictObject({
      name: v.literal("pixels"),
      deviation: finite,
      uniform: v.exactOptional(v.boolean()),
    }),
    v.strictObject({ name: v.literal("fourier"), decay: finite, deviation: finite }),
    v.strictObject({ name: v.literal("maco"), decay: finite }),
  ]),
  optimizer: v.strictObject({
    name: v.picklist(["adam", "nadam", "rmsprop", "normalized-ascent"]),
    rate: finite,
  }),
  transforms: v.strictObject({
    pad: v.exactOptional(finite),
    jitter: v.exactOptional(finite),
    scale: v.exactOptional(range),
    rotateDegrees: v.exactOptional(finite),
    crop: v.exactOptional(range),
    blur: v.exactOptional(finite),
    flip: v.exactOptional(v.boolean()),
    noise: v.exactOptional(finite),
  }),
  regularizers: v.strictObject({
    "total-variation": v.exactOptional(finite),
    "lp-norm": v.exactOptional(finite),
    "out-of-range": v.exactOptional(finite),
    blur: v.exactOptional(finite),
    "boundary-complexity": v.exactOptional(finite),
  }),
  redirectedSteps: index,
  classScore: v.exactOptional(v.picklist(["logit", "evidence"])),
  display: v.picklist(["range", "standardized"]),
}) satisfies v.GenericSchema<unknown, Preset>;
