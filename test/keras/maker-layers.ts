/** @file Layers of Keras in double precision and the maker's own order of axes, from their documentation. */
import { activated, softmax } from "./maker-activations.ts";
import { attended, multiHeaded } from "./maker-attention.ts";
import { inFormat, list, type MakerCall, type MakerLayer } from "./maker-layer.ts";
import { makerMerges, unit } from "./maker-merges.ts";
import { normalized, type MakerNormalization } from "./maker-normalizations.ts";
import { makerShapes } from "./maker-shapes.ts";
import {
  convolved,
  convolvedByChannel,
  pooled,
  transposed,
  type MakerWindow,
} from "./maker-windows.ts";
import { at, every, mapped, mean, paired, reduced, withoutAxes, type Numbers } from "./numbers.ts";

function windowOf({ config }: MakerCall, axes: number): MakerWindow {
  return {
    size: list(config["kernel_size"], axes, 1),
    strides: list(config["strides"], axes, 1),
    dilations: list(config["dilation_rate"], axes, 1),
    padding: (config["padding"] as MakerWindow["padding"]) ?? "valid",
  };
}

function behind(call: MakerCall, x: Numbers): Numbers {
  return activated(x, (call.config["activation"] as string) ?? "linear", call.isKeras3);
}

const convolution =
  (axes: number): MakerLayer =>
  (call) => {
    const { kernel, bias } = call.weights as { kernel: Numbers; bias?: Numbers };
    const groups = (call.config["groups"] as number) ?? 1;
    return behind(
      call,
      inFormat(call, (x) => convolved(x, kernel, bias, windowOf(call, axes), groups)),
    );
  };

const depthwise =
  (axes: number): MakerLayer =>
  (call) => {
    const { depthwise_kernel: kernel, bias } = call.weights as Record<string, Numbers>;
    return behind(
      call,
      inFormat(call, (x) => convolvedByChannel(x, kernel!, bias, windowOf(call, axes))),
    );
  };

const separable =
  (axes: number): MakerLayer =>
  (call) => {
    const {
      depthwise_kernel: apart,
      pointwise_kernel: mixed,
      bias,
    } = call.weights as Record<string, Numbers>;
    const ones = Array<number>(axes).fill(1);
    const window = { size: ones, strides: ones, dilations: ones, padding: "valid" } as const;
    return behind(
      call,
      inFormat(call, (x) =>
        convolved(
          convolvedByChannel(x, apart!, undefined, windowOf(call, axes)),
          mixed!,
          bias,
          window,
        ),
      ),
    );
  };

const transposedOver =
  (axes: number): MakerLayer =>
  (call) => {
    const { kernel, bias } = call.weights as { kernel: Numbers; bias?: Numbers };
    const more = call.config["output_padding"];
    const padding = more === undefined || more === null ? undefined : list(more, axes, 0);
    return behind(
      call,
      inFormat(call, (x) => transposed(x, kernel, bias, windowOf(call, axes), padding)),
    );
  };

const pool =
  (kind: "max" | "average", axes: number): MakerLayer =>
  (call) => {
    const size = list(call.config["pool_size"], axes, 2);
    const strides = call.config["strides"] ? list(call.config["strides"], axes, 1) : size;
    const dilations = Array<number>(axes).fill(1);
    const padding = (call.config["padding"] as "same" | "valid") ?? "valid";
    return inFormat(call, (x) => pooled(x, { size, strides, dilations, padding }, kind));
  };

const globalPool =
  (kind: (numbers: readonly number[]) => number, axes: number): MakerLayer =>
  ({ config, inputs: [x] }) => {
    const start = config["data_format"] === "channels_first" ? 2 : 1;
    const places = Array.from({ length: axes }, (_, i) => start + i);
    const result = reduced(x!, places, kind);
    return config["keepdims"] === true ? result : withoutAxes(result, places);
  };

function product(x: Numbers, kernel: Numbers): Numbers {
  const [inputs = 0, units = 0] = kernel.dims;
  return every([...x.dims.slice(0, -1), units], (place) => {
    const [unit = 0] = place.slice(-1);
    let all = 0;
    for (let i = 0; i < inputs; i++)
      all += at(x, [...place.slice(0, -1), i]) * at(kernel, [i, unit]);
    return all;
  });
}

const plus = (x: Numbers, y: Numbers | undefined) => (y ? paired(x, y, (a, b) => a + b) : x);

const dense: MakerLayer = (call) => {
  const { kernel, bias } = call.weights as { kernel: Numbers; bias?: Numbers };
  return behind(call, plus(product(call.inputs[0]!, kernel), bias));
};

const normalization =
  (kind: MakerNormalization): MakerLayer =>
  ({ config, inputs: [x], weights }) => {
    return normalized(kind, x!, config, weights);
  };

const rectifier: MakerLayer = ({ config, inputs: [x] }) => {
  const of = (field: string) => (config[field] as number) ?? 0;
  const most = (config["max_value"] as number) ?? Infinity;
  return mapped(x!, (value) => {
    const kept = value > of("threshold") ? value : 0;
    const bounded = most === Infinity ? kept : Math.min(Math.max(kept, 0), most);
    return bounded - of("negative_slope") * Math.max(of("threshold") - value, 0);
  });
};

const einsum: MakerLayer = (call) => {
  const [terms = "", output = ""] = (call.config["equation"] as string).split("->");
  const [input = "", weights = ""] = terms.split(",");
  const [x] = call.inputs as [Numbers];
  const { kernel, bias } = call.weights as { kernel: Numbers; bias?: Numbers };
  const sizes: Record<string, number> = {};
  Array.from(input).forEach((letter, i) => (sizes[letter] = x.dims[i]!));
  Array.from(weights).forEach((letter, i) => (sizes[letter] = kernel.dims[i]!));
  const free = Object.keys(sizes).filter((letter) => !output.includes(letter));
  const result = every(
    Array.from(output, (letter) => sizes[letter]!),
    (place) => {
      let all = 0;
      every(
        free.map((letter) => sizes[letter]!),
        (more) => {
          const indexOf = (letter: string) =>
            output.includes(letter) ? place[output.indexOf(letter)]! : more[free.indexOf(letter)]!;
          all += at(x, Array.from(input, indexOf)) * at(kernel, Array.from(weights, indexOf));
          return 0;
        },
      );
      return all;
    },
  );
  return behind(call, plus(result, bias));
};

const scaled: MakerLayer = ({ config, inputs: [x] }) => {
  const row = (value: unknown, usual: number): Numbers =>
    Array.isArray(value)
      ? { dims: [value.length], data: value as number[] }
      : { dims: [], data: [(value as number) ?? usual] };
  const by = paired(x!, row(config["scale"], 1), (a, b) => a * b);
  return paired(by, row(config["offset"], 0), (a, b) => a + b);
};

/** THE reference table. Layers that pass everything on, and wrappers, are not in it. */
export const makerLayers: Readonly<Record<string, MakerLayer>> = {
  ...makerMerges,
  ...makerShapes,
  Activation: (call) => behind(call, call.inputs[0]!),
  ReLU: rectifier,
  LeakyReLU: ({ config, inputs: [x] }) => {
    const slope = ((config["alpha"] ?? config["negative_slope"]) as number) ?? 0.3;
    return mapped(x!, (value) => (value > 0 ? value : slope * value));
  },
  ELU: ({ config, inputs: [x] }) =>
    mapped(x!, (value) =>
      value > 0 ? value : ((config["alpha"] as number) ?? 1) * (Math.exp(value) - 1),
    ),
  Softmax: ({ config, inputs: [x] }) => softmax(x!, (config["axis"] as number) ?? -1),
  ThresholdedReLU: ({ config, inputs: [x] }) =>
    mapped(x!, (value) => (value > ((config["theta"] as number) ?? 1) ? value : 0)),
  PReLU: ({ inputs: [x], weights }) =>
    paired(x!, weights["alpha"]!, (value, slope) => (value > 0 ? value : slope * value)),
  Conv1D: convolution(1),
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  DepthwiseConv1D: depthwise(1),
  DepthwiseConv2D: depthwise(2),
  SeparableConv1D: separable(1),
  SeparableConv2D: separable(2),
  Conv1DTranspose: transposedOver(1),
  Conv2DTranspose: transposedOver(2),
  Conv3DTranspose: transposedOver(3),
  Dense: dense,
  EinsumDense: einsum,
  MaxPooling1D: pool("max", 1),
  MaxPooling2D: pool("max", 2),
  MaxPooling3D: pool("max", 3),
  AveragePooling1D: pool("average", 1),
  AveragePooling2D: pool("average", 2),
  AveragePooling3D: pool("average", 3),
  GlobalMaxPooling1D: globalPool((x) => Math.max(...x), 1),
  GlobalMaxPooling2D: globalPool((x) => Math.max(...x), 2),
  GlobalMaxPooling3D: globalPool((x) => Math.max(...x), 3),
  GlobalAveragePooling1D: globalPool(mean, 1),
  GlobalAveragePooling2D: globalPool(mean, 2),
  GlobalAveragePooling3D: globalPool(mean, 3),
  BatchNormalization: normalization("batch"),
  LayerNormalization: normalization("layer"),
  GroupNormalization: normalization("group"),
  RMSNormalization: normalization("root"),
  Normalization: normalization("stored"),
  UnitNormalization: ({ config, inputs: [x] }) => {
    const axes = [config["axis"] ?? -1].flat() as number[];
    return unit(
      x!,
      axes.map((axis) => (axis < 0 ? axis + x!.dims.length : axis)),
    );
  },
  Rescaling: scaled,
  Attention: attended,
  AdditiveAttention: attended,
  MultiHeadAttention: multiHeaded,
  Embedding: ({ inputs: [x], weights }) => {
    const table = weights["embeddings"]!;
    return every([...x!.dims, table.dims[1]!], (place) =>
      at(table, [at(x!, place.slice(0, -1)), place.at(-1)!]),
    );
  },
  LayerScale: ({ inputs: [x], weights }) => paired(x!, weights["gamma"]!, (a, b) => a * b),
};
