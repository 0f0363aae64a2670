/** @file Layers that bring numbers of pictures to the range that a network wants. */
import { toNumbers } from "../../../graph/tensor.ts";
import { shownJson } from "../../../wording/read-json.ts";
import { binary } from "../../channels-last/elementwise.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { constant, listedConstant, listedNumbers, type ListedNumbers } from "./constants.ts";
import { only, readWeights, refused, type LayerCall, type LayerKind } from "./layer-kind.ts";
import { axesOf } from "./normalizations.ts";

/** Numbers of a configuration. Throws `bad-file`. */
function numbersOf(call: LayerCall, field: string, usual?: number): ListedNumbers {
  const value = call.config.get(field) ?? usual;
  const listed = listedNumbers(value);
  if (listed) return listed;
  throw refused(call, `"${field}" must be numbers, got ${shownJson(value)}`);
}

const rescaling: LayerKind = {
  build: (call) => {
    const { b, name } = call;
    const x = only(call);
    const scale = numbersOf(call, "scale");
    const offset = numbersOf(call, "offset", 0);
    const isScaled = offset.data.every((value) => value === 0);
    const by = listedConstant(call, "scale", scale);
    if (isScaled) return binary(b, "Mul", [x, by], name);
    const scaled = binary(b, "Mul", [x, by], b.freeName(`${name}/scaled`));
    return binary(b, "Add", [scaled, listedConstant(call, "offset", offset)], name);
  },
};

/** Deviations below this count as this. */
const leastDeviation = 1e-7;

const normalization: LayerKind = {
  build: async (call) => {
    const { b, config, name } = call;
    const x = only(call);
    const { mean, variance } = await statisticsOf(call, x);
    const deviations = variance.data.map((value) => Math.max(Math.sqrt(value), leastDeviation));
    const [by, from] = [
      listedConstant(call, "deviation", { dims: variance.dims, data: deviations }),
      listedConstant(call, "mean", mean),
    ];
    const between = b.freeName(`${name}/between`);
    if (config.flag("invert", false)) {
      return binary(b, "Add", [binary(b, "Mul", [x, by], between), from], name);
    }
    return binary(b, "Div", [binary(b, "Sub", [x, from], between), by], name);
  },
};

interface Statistics {
  readonly mean: ListedNumbers;
  readonly variance: ListedNumbers;
}

/** From the configuration or the weights, broadcast to the layer's axes. */
async function statisticsOf(call: LayerCall, x: NhwcValue): Promise<Statistics> {
  const { config, weights } = call;
  const axes =
    config.get("axis") === undefined && "axis" in config.values ? [] : axesOf(call, x, -1);
  const kept = axes.map((axis) => x.dims[axis]!);
  const whole = x.dims.map((dim, axis) => (axes.includes(axis) ? dim : 1));
  const spread = ({ dims, data }: ListedNumbers): ListedNumbers => {
    const isWhole = data.length === kept.reduce((product, dim) => product * dim, 1);
    // One number stands for all, and lists with axes of their own are broadcast as they are.
    if (data.length === 1) return { dims: [], data };
    return { dims: isWhole ? whole : dims, data };
  };
  if (config.has("mean")) {
    return { mean: spread(numbersOf(call, "mean")), variance: spread(numbersOf(call, "variance")) };
  }
  const counted = (await weights.variables()).length > 2 ? { count: [] } : {};
  const read = await readWeights(call, { mean: kept, variance: kept, ...counted });
  const listed = (value: typeof read.mean) => spread({ dims: kept, data: toNumbers(value!) });
  return { mean: listed(read.mean), variance: listed(read.variance) };
}

/** Of keras.applications' ConvNeXt: one factor a channel. */
const layerScale: LayerKind = {
  build: async (call) => {
    const x = only(call);
    const { gamma } = await readWeights(call, { gamma: [x.dims.at(-1)!] });
    return binary(call.b, "Mul", [x, constant(call, "gamma", gamma!)], call.name);
  },
};

/** Of keras.applications' InceptionResNetV2: the second value is added to the first by a share. */
const customScale: LayerKind = {
  build: (call) => {
    const { b, config, inputs, name } = call;
    const [x, y] = inputs;
    if (!x || !y || inputs.length > 2) {
      throw refused(call, `it must be called with two tensors, got ${inputs.length}`);
    }
    const share = heldLast(b.scalar(config.number("scale")));
    return binary(b, "Add", [x, binary(b, "Mul", [y, share], b.freeName(`${name}/share`))], name);
  },
};

/** A slope for each feature that is not shared. */
const slopedRelu: LayerKind = {
  build: async (call) => {
    const { b, config, name } = call;
    const x = only(call);
    const shared = config.ints("shared_axes", []);
    const dims = x.dims.slice(1).map((dim, axis) => (shared.includes(axis + 1) ? 1 : dim));
    const { alpha } = await readWeights(call, { alpha: dims });
    return binary(b, "PRelu", [x, constant(call, "alpha", alpha!)], name);
  },
};

/** Rows of a table, by numbers. */
const embedding: LayerKind = {
  build: async (call) => {
    const { b, config, name } = call;
    const x = only(call);
    const dims = [config.int("input_dim"), config.int("output_dim")];
    const { embeddings } = await readWeights(call, { embeddings: dims });
    const table = b.initializer(`${name}/embeddings`, embeddings!);
    const rows = b.cast(makersOrder(b, x), "int64");
    return heldLast(b.op("Gather", [table, rows], { axis: 0 }, name));
  },
};

export const scalingLayers: Readonly<Record<string, LayerKind>> = {
  CustomScaleLayer: customScale,
  Embedding: embedding,
  LayerScale: layerScale,
  Normalization: normalization,
  PReLU: slopedRelu,
  Rescaling: rescaling,
};
