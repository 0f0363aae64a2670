/** @file Activation functions: layers of their own, and the last step of others. */
import { shownJson } from "../../../wording/read-json.ts";
import { unary } from "../../channels-last/elementwise.ts";
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import { isObject, LayerConfig, withoutTuples } from "../layer-config.ts";
import {
  activationFunction,
  clipped,
  leakyRelu,
  softmaxOver,
  type ActivationFunction,
} from "./activation-functions.ts";
import { only, refused, type LayerCall, type LayerKind } from "./layer-kind.ts";

/** What is built under the layer's name: as it is, or with the activation function behind it that its layer has. */
export async function activated(
  call: LayerCall,
  build: (name: string) => NhwcValue | Promise<NhwcValue>,
): Promise<NhwcValue> {
  const activation = activationOf(call, call.config.get("activation"));
  if (!activation) return await build(call.name);
  const linear = await build(call.b.freeName(`${call.name}/linear`));
  return activation(call.b, linear, call.name);
}

/** The function that a configuration means: by name, as a function or as a layer; undefined for none. */
function activationOf(call: LayerCall, value: unknown): ActivationFunction | undefined {
  if (value === undefined || value === "linear") return undefined;
  if (typeof value === "string") return byName(call, value);
  if (isObject(value)) {
    const { class_name: className, config } = value;
    if (className === "function" && typeof config === "string") return activationOf(call, config);
    const layer = typeof className === "string" ? className.replace(/^.*[>.]/, "") : "";
    const own = Object.hasOwn(layerFunctions, layer) ? layerFunctions[layer] : undefined;
    const fields = isObject(config) ? config : {};
    const fail = (what: string) => refused(call, `its activation ${layer}: ${what}`);
    if (own) return own(new LayerConfig(fields, fail), call);
    if (layer === "Activation") return activationOf(call, withoutTuples(fields["activation"]));
  }
  throw refused(
    call,
    `its activation must be a function of Keras, got ${shownJson(value)}`,
    "save the model with a function that Keras knows by name",
  );
}

function byName(call: LayerCall, name: string): ActivationFunction {
  const found = activationFunction(name.replace(/^.*[>.]/, ""), call.isKeras3);
  if (found) return found;
  throw refused(
    call,
    `its activation must be a function of Keras, got "${name}"`,
    "save the model with a function that Keras knows by name",
  );
}

/** What is not above the threshold is 0, then all is bounded, then what lies below it is taken off by its slope. */
function rectifier(config: LayerConfig): ActivationFunction {
  const [slope = 0] = config.numbers("negative_slope", [0]);
  const [threshold = 0] = config.numbers("threshold", [0]);
  const highest = config.has("max_value") ? config.numbers("max_value")[0] : undefined;
  if (slope === 0 && threshold === 0) {
    if (highest !== undefined) return clipped(0, highest);
    return (b, x, name) => unary(b, "Relu", x, name);
  }
  if (threshold === 0 && highest === undefined) return leakyRelu(slope);
  return (b, x, name) => {
    const kept =
      threshold === 0
        ? b.op("Relu", [x.value])
        : b.op("ThresholdedRelu", [x.value], { alpha: threshold });
    const bounded =
      highest === undefined ? kept : b.op("Clip", [kept, b.scalar(0), b.scalar(highest)]);
    const below = b.op("Relu", [b.sub(b.scalar(threshold), x.value)]);
    return { ...x, value: b.op("Sub", [bounded, b.scale(below, slope)], {}, name) };
  };
}

function thresholdedRelu(config: LayerConfig): ActivationFunction {
  const [theta = 1] = config.numbers("theta", [1]);
  return (b, x, name) => unary(b, "ThresholdedRelu", x, name, { alpha: theta });
}

function softmax(config: LayerConfig, call: LayerCall): ActivationFunction {
  const axes = config.ints("axis", [-1]);
  return (b, x, name) => {
    const rank = x.dims.length;
    const [axis = rank, ...more] = axes;
    if (more.length === 0 && axis >= -rank && axis < rank) return softmaxOver(axis)(b, x, name);
    throw refused(call, `"axis" must be one of ${rank} axes, got [${axes.join(", ")}]`);
  };
}

const layerFunctions: Readonly<
  Record<string, (config: LayerConfig, call: LayerCall) => ActivationFunction>
> = {
  ReLU: rectifier,
  LeakyReLU: (config) =>
    leakyRelu(config.numbers(config.has("alpha") ? "alpha" : "negative_slope", [0.3])[0]!),
  ELU: (config) => (b, x, name) =>
    unary(b, "Elu", x, name, { alpha: config.numbers("alpha", [1])[0]! }),
  Softmax: softmax,
  ThresholdedReLU: thresholdedRelu,
};

function layerOf(of: (config: LayerConfig, call: LayerCall) => ActivationFunction): LayerKind {
  return { build: (call) => of(call.config, call)(call.b, only(call), call.name) };
}

const activation: LayerKind = {
  build: (call) => {
    const found = activationOf(call, call.config.get("activation"));
    const step = found ?? byName(call, "linear");
    return step(call.b, only(call), call.name);
  },
};

export const activationLayers: Readonly<Record<string, LayerKind>> = {
  Activation: activation,
  ...Object.fromEntries(Object.entries(layerFunctions).map(([name, of]) => [name, layerOf(of)])),
};
