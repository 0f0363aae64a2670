/** @file Networks of keras.applications by their layers and names; their weights have sizes and no numbers yet. */
import type { MadeCall, MadeModel } from "./keras-configs.ts";
import type { Config } from "./maker-layer.ts";

/** A network in the making. */
class Making {
  readonly calls: MadeCall[] = [];

  /** Adds a layer behind a value, or several; returns the number of its own. */
  add(
    className: string,
    name: string,
    inputs: readonly number[],
    config: Config = {},
    weights: Readonly<Record<string, readonly number[]>> = {},
  ): number {
    const numbers = Object.entries(weights).map(
      ([variable, dims]) => [variable, { dims, data: [] }] as const,
    );
    const layer = { name, className, config, weights: Object.fromEntries(numbers) };
    this.calls.push({ layer, inputs });
    return this.calls.length;
  }

  convolution(
    name: string,
    input: number,
    [size, inputs, filters]: readonly number[],
    config: Config = {},
  ) {
    const own = { filters, kernel_size: [size, size], ...config };
    const weights = { kernel: [size!, size!, inputs!, filters!], bias: [filters!] };
    return this.add("Conv2D", name, [input], own, weights);
  }

  normalization(name: string, input: number, channels: number): number {
    const dims = [channels];
    const weights = { gamma: dims, beta: dims, moving_mean: dims, moving_variance: dims };
    return this.add("BatchNormalization", name, [input], { axis: 3, epsilon: 1.001e-5 }, weights);
  }

  dense(name: string, input: number, inputs: number, units: number, activation: string): number {
    const weights = { kernel: [inputs, units], bias: [units] };
    return this.add("Dense", name, [input], { units, activation }, weights);
  }

  model(name: string): MadeModel {
    const inputs = [{ name: "input_layer", dims: [224, 224, 3] }];
    return { name, isSequential: false, inputs, calls: this.calls, outputs: [this.calls.length] };
  }
}

const relu = { activation: "relu" } as const;

function block(
  m: Making,
  name: string,
  input: number,
  [inputs, filters, stride]: readonly [number, number, number],
  isFirst: boolean,
) {
  const wide = 4 * filters;
  let shortcut = input;
  if (isFirst) {
    const strides = [stride, stride];
    const turned = m.convolution(`${name}_0_conv`, input, [1, inputs, wide], { strides });
    shortcut = m.normalization(`${name}_0_bn`, turned, wide);
  }
  const sizes = [
    [1, inputs, filters],
    [3, filters, filters],
    [1, filters, wide],
  ] as const;
  let x = input;
  for (const [i, size] of sizes.entries()) {
    const strides = isFirst && i === 0 ? [stride, stride] : [1, 1];
    const padding = i === 1 ? "same" : "valid";
    x = m.convolution(`${name}_${i + 1}_conv`, x, size, { strides, padding });
    x = m.normalization(`${name}_${i + 1}_bn`, x, size[2]);
    if (i < 2) x = m.add("Activation", `${name}_${i + 1}_relu`, [x], relu);
  }
  const sum = m.add("Add", `${name}_add`, [shortcut, x]);
  return m.add("Activation", `${name}_out`, [sum], relu);
}

/** ResNet50, of 25.6 million weights with 64 filters at its start. */
export function resnet50(start = 64): MadeModel {
  const m = new Making();
  let x = m.add("ZeroPadding2D", "conv1_pad", [0], {
    padding: [
      [3, 3],
      [3, 3],
    ],
  });
  x = m.convolution("conv1_conv", x, [7, 3, start], { strides: [2, 2] });
  x = m.add("Activation", "conv1_relu", [m.normalization("conv1_bn", x, start)], relu);
  x = m.add("ZeroPadding2D", "pool1_pad", [x], {
    padding: [
      [1, 1],
      [1, 1],
    ],
  });
  x = m.add("MaxPooling2D", "pool1_pool", [x], { pool_size: [3, 3], strides: [2, 2] });
  let channels = start;
  for (const [stack, count] of [3, 4, 6, 3].entries()) {
    const filters = start * 2 ** stack;
    for (let i = 0; i < count; i++) {
      const sizes = [channels, filters, stack === 0 ? 1 : 2] as const;
      x = block(m, `conv${stack + 2}_block${i + 1}`, x, sizes, i === 0);
      channels = 4 * filters;
    }
  }
  x = m.add("GlobalAveragePooling2D", "avg_pool", [x]);
  m.dense("predictions", x, channels, 1000, "softmax");
  return m.model("resnet50");
}

/** VGG16, 138 million weights, of which 15 million are in its convolutions. */
export function vgg16(hasTop = true): MadeModel {
  const m = new Making();
  let [x, channels] = [0, 3];
  for (const [i, [count, filters]] of [
    [2, 64],
    [2, 128],
    [3, 256],
    [3, 512],
    [3, 512],
  ].entries()) {
    for (let j = 0; j < count!; j++) {
      const config = { padding: "same", ...relu };
      x = m.convolution(`block${i + 1}_conv${j + 1}`, x, [3, channels, filters!], config);
      channels = filters!;
    }
    const pool = { pool_size: [2, 2], strides: [2, 2] };
    x = m.add("MaxPooling2D", `block${i + 1}_pool`, [x], pool);
  }
  if (!hasTop) return m.model("vgg16");
  x = m.add("Flatten", "flatten", [x]);
  x = m.dense("fc1", x, 25_088, 4096, "relu");
  x = m.dense("fc2", x, 4096, 4096, "relu");
  m.dense("predictions", x, 4096, 1000, "softmax");
  return m.model("vgg16");
}
