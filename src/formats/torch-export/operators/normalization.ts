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
  if (!mean || !variance) {
    return c.refuse(
      "running statistics must be in the file",
      "none",
      "export the network with track_running_stats",
    );
  }
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
  dropout,
  native_dropout: dropout,
  feature_dropout: dropout,
  alpha_dropout: dropout,
  feature_alpha_dropout: dropout,
};
