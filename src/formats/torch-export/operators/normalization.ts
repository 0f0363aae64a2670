/** @file PyTorch's normalisations, as they compute in inference, and dropout. */
import type { Value } from "../../../graph/builder.ts";
import type { Call, Rule, RuleTable } from "../call.ts";

function ofChannels(c: Call, name: string, channels: number, otherwise: number): Value {
  const type = c.output.type;
  return c.maybe(name) ?? c.b.expand(c.scalar(otherwise, type), [channels]);
}

const batchNorm: Rule = (c) => {
  const x = c.tensor("input");
  const channels = x.dims[1] ?? c.refuse("the input must have channels", "none");
  const mean = c.maybe("running_mean");
  const variance = c.maybe("running_var");
  if (!mean || !variance) return ofItsBatch(c, x);
  if (c.flag("training", false)) {
    c.note(
      "The network was exported in training mode: its batch normalisations compute here as in inference, by their running statistics.",
    );
  }
  const scale = ofChannels(c, "weight", channels, 1);
  const offset = ofChannels(c, "bias", channels, 0);
  const inputs = [x, scale, offset, mean, variance];
  return c.op("BatchNormalization", inputs, { epsilon: c.number("eps", 1e-5) });
};

/** Without running statistics every channel is normalised by its own mean and variance, in inference too. */
function ofItsBatch(c: Call, x: Value): Value {
  const { b } = c;
  const axes = x.dims.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const centred = b.sub(x, b.reduceMean(x, axes));
  const variance = b.reduceMean(b.mul(centred, centred), axes);
  const root = c.op("Sqrt", [b.add(variance, c.scalar(c.number("eps", 1e-5), x.type))]);
  const ofChannel = (name: string) => {
    const value = c.maybe(name);
    return value && b.reshape(value, [value.dims[0]!, ...x.dims.slice(2).map(() => 1)]);
  };
  const [scale, offset] = [ofChannel("weight"), ofChannel("bias")];
  const normal = b.div(centred, root);
  const scaled = scale ? b.mul(normal, scale) : normal;
  return offset ? b.add(scaled, offset) : scaled;
}

/** `v` at the length of `g`, but along one axis: a kernel's direction and its length. */
const weightNorm: Rule = (c) => {
  const v = c.tensor("v");
  const kept = c.int("dim", 0);
  const axes = v.dims.flatMap((_, axis) => (axis === kept ? [] : [axis]));
  const length = c.op("ReduceL2", [v, c.b.ints(axes)], { keepdims: 1 });
  return c.b.mul(v, c.b.div(c.tensor("g"), length));
};

const instanceNorm: Rule = (c) => {
  if (!c.flag("use_input_stats", true)) return batchNorm(c);
  const x = c.tensor("input");
  const channels = x.dims[1] ?? c.refuse("the input must have channels", "none");
  const scale = ofChannels(c, "weight", channels, 1);
  const offset = ofChannels(c, "bias", channels, 0);
  return c.op("InstanceNormalization", [x, scale, offset], { epsilon: c.number("eps", 1e-5) });
};

const groupNorm: Rule = (c) => {
  const x = c.tensor("input");
  const channels = x.dims[1] ?? c.refuse("the input must have channels", "none");
  const groups = c.int(c.has("num_groups") ? "num_groups" : "group");
  const scale = ofChannels(c, "weight", channels, 1);
  const offset = ofChannels(c, "bias", channels, 0);
  const epsilon = c.number("eps", 1e-5);
  return c.op("GroupNormalization", [x, scale, offset], { num_groups: groups, epsilon });
};

const layerNorm: Rule = (c) => {
  const x = c.tensor("input");
  const shape = c.ints("normalized_shape");
  const axis = x.dims.length - shape.length;
  if (axis < 0) c.refuse("normalised axes must be the input's", shape.length);
  const scale = c.maybe("weight") ?? c.b.expand(c.scalar(1, x.type), shape);
  const attributes = { axis, epsilon: c.number("eps", 1e-5) };
  return c.op("LayerNormalization", [x, scale, c.maybe("bias")], attributes);
};

/** x / sqrt(mean of x^2 + eps) over the last axes; without `eps` the smallest step of the type. */
const rmsNorm: Rule = (c) => {
  const x = c.tensor("input");
  const shape = c.ints("normalized_shape");
  const axes = shape.map((_, i) => x.dims.length - shape.length + i);
  const epsilon = c.number("eps", 2 ** -23);
  const mean = c.b.reduceMean(c.b.mul(x, x), axes);
  const root = c.op("Sqrt", [c.b.add(mean, c.scalar(epsilon, x.type))]);
  const scale = c.maybe("weight");
  const normal = c.b.div(x, root);
  return scale ? c.b.mul(normal, scale) : normal;
};

const dropout: Rule = (c) => {
  if (c.flag("train", false)) {
    c.note(
      "The network was exported in training mode: dropout does nothing here, as in inference.",
    );
  }
  return c.tensor(c.has("input") ? "input" : "self");
};

export const normalizations: RuleTable = {
  batch_norm: batchNorm,
  native_batch_norm: batchNorm,
  _native_batch_norm_legit: batchNorm,
  _native_batch_norm_legit_no_training: batchNorm,
  _native_batch_norm_legit_functional: batchNorm,
  instance_norm: instanceNorm,
  group_norm: groupNorm,
  native_group_norm: groupNorm,
  layer_norm: layerNorm,
  native_layer_norm: layerNorm,
  rms_norm: rmsNorm,
  _weight_norm: weightNorm,
  dropout,
  native_dropout: dropout,
  feature_dropout: dropout,
  alpha_dropout: dropout,
  feature_alpha_dropout: dropout,
};
