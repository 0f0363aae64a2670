/** @file Convolutional networks drawn at random, each written twice: as torch.export writes it, and as a graph of ONNX. */
import * as fc from "fast-check";
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { tensorOf, type Tensor } from "../../src/graph/tensor.ts";
import { randomStream } from "../../src/random.ts";
import { ProgramWriter, type Reference } from "./graph-writer.ts";
import type { WrittenProgram } from "./program.ts";

/** One value in both networks: [N, channels, height, width]. */
interface Twin {
  readonly torch: Reference;
  readonly onnx: Value;
}

const windows = fc.record({
  size: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  isPadded: fc.boolean(),
  isCeil: fc.boolean(),
  countsPad: fc.boolean(),
});

const layer = fc.oneof(
  fc.record({
    kind: fc.constant("conv" as const),
    filters: fc.constantFrom(2, 4, 6),
    window: windows,
    isGrouped: fc.boolean(),
    hasBias: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("norm" as const) }),
  fc.record({
    kind: fc.constant("activation" as const),
    name: fc.constantFrom("relu", "relu_", "hardtanh", "silu", "leaky_relu", "hardswish", "gelu"),
  }),
  fc.record({ kind: fc.constantFrom("max" as const, "mean" as const), window: windows }),
  fc.record({ kind: fc.constant("residual" as const), alpha: fc.constantFrom(1, 0.5) }),
  fc.record({ kind: fc.constant("twice" as const) }),
);

type Layer = typeof layer extends fc.Arbitrary<infer T> ? T : never;

/** What is drawn of a network. */
export const drawnNetwork = fc.record({
  seed: fc.nat(1_000_000),
  size: fc.integer({ min: 9, max: 14 }),
  layers: fc.array(layer, { minLength: 1, maxLength: 6 }),
  head: fc.constantFrom("pool", "mean", "flatten"),
});

export type DrawnNetwork = typeof drawnNetwork extends fc.Arbitrary<infer T> ? T : never;

/** Both forms of a network, and a batch of two pictures. */
export function twinNetworks(drawn: DrawnNetwork): {
  readonly program: WrittenProgram;
  readonly graph: Graph;
  readonly pictures: Tensor;
} {
  const writer = new TwinWriter(drawn.seed, drawn.size);
  for (const [i, each] of drawn.layers.entries()) writer.layer(each, `features.${i}`);
  writer.head(drawn.head);
  return writer.written();
}

class TwinWriter {
  readonly #p = new ProgramWriter();
  readonly #b = new GraphBuilder();
  readonly #random;
  readonly #pictures: Tensor;
  #x: Twin;

  constructor(seed: number, size: number) {
    this.#random = randomStream(seed);
    const dims = [2, 3, size, size];
    this.#pictures = this.#drawn(dims, 1);
    this.#x = { torch: this.#p.input("x", dims), onnx: this.#b.input("x", dims) };
  }

  layer(drawn: Layer, name: string): void {
    switch (drawn.kind) {
      case "conv":
        return this.#convolution(drawn, name);
      case "norm":
        return this.#normalization(name);
      case "activation":
        return this.#activation(drawn.name, name);
      case "max":
      case "mean":
        return this.#pool(drawn.kind, drawn.window, name);
      case "residual":
        return this.#residual(drawn.alpha, name);
      case "twice":
        return this.#twice(name);
    }
  }

  head(kind: "pool" | "mean" | "flatten"): void {
    const [batch, channels, height, width] = this.#x.onnx.dims as [number, number, number, number];
    const { torch } = this.#x;
    const flat = kind === "flatten" ? channels * height * width : channels;
    const before =
      kind === "pool"
        ? this.#p.node(
            "adaptive_avg_pool2d.default",
            { self: torch, output_size: [1, 1] },
            [batch, channels, 1, 1],
            "pool",
          )
        : torch;
    const row =
      kind === "mean"
        ? this.#p.node("mean.dim", { self: torch, dim: [2, 3] }, [batch, channels])
        : this.#p.node("view.default", { self: before, size: [batch, -1] }, [batch, flat]);
    const means = kind === "flatten" ? this.#x.onnx : this.#b.reduceMean(this.#x.onnx, [2, 3]);
    const weight = this.#drawn([5, flat], 1 / Math.sqrt(flat));
    const bias = this.#drawn([5], 1);
    const logits = this.#p.node(
      "linear.default",
      {
        input: row,
        weight: this.#p.weight("fc.weight", weight),
        bias: this.#p.weight("fc.bias", bias),
      },
      [batch, 5],
      "fc",
    );
    this.#p.output(logits);
    const rows = this.#b.op("Flatten", [means], { axis: 1 });
    const turned = this.#b.transpose(this.#b.initializer("fc.weight", weight), [1, 0]);
    this.#b.output(
      this.#b.add(this.#b.op("MatMul", [rows, turned]), this.#b.initializer("fc.bias", bias)),
    );
  }

  written() {
    return { program: this.#p.program(), graph: this.#b.build(), pictures: this.#pictures };
  }

  #drawn(dims: readonly number[], scale: number): Tensor {
    const count = dims.reduce((product, dim) => product * dim, 1);
    return tensorOf(
      "float32",
      dims,
      Array.from({ length: count }, () => scale * this.#random.normal()),
    );
  }

  #next(torch: Reference, onnx: Value): void {
    this.#x = { torch, onnx };
  }

  /** Windows that fit into the picture. */
  #fitting({ size, stride, isPadded }: { size: number; stride: number; isPadded: boolean }) {
    const least = Math.min(...this.#x.onnx.dims.slice(2));
    const kernel = Math.min(size, least);
    const pad = isPadded ? Math.floor(kernel / 2) : 0;
    return { kernel, stride, pad };
  }

  #convolution(drawn: Extract<Layer, { kind: "conv" }>, name: string): void {
    const { kernel, stride, pad } = this.#fitting(drawn.window);
    const channels = this.#x.onnx.dims[1]!;
    const groups = drawn.isGrouped && channels % 2 === 0 ? 2 : 1;
    const weight = this.#drawn(
      [drawn.filters, channels / groups, kernel, kernel],
      1 / Math.sqrt(channels * kernel * kernel),
    );
    const bias = drawn.hasBias ? this.#drawn([drawn.filters], 1) : undefined;
    const inputs = [this.#x.onnx, this.#b.initializer(`${name}.weight`, weight)];
    if (bias) inputs.push(this.#b.initializer(`${name}.bias`, bias));
    const onnx = this.#b.op("Conv", inputs, {
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      group: groups,
    });
    const given = {
      input: this.#x.torch,
      weight: this.#p.weight(`${name}.weight`, weight),
      bias: bias ? this.#p.weight(`${name}.bias`, bias) : null,
      stride: [stride, stride],
      padding: [pad, pad],
      ...(groups === 1 ? {} : { dilation: [1, 1], groups }),
    };
    this.#next(this.#p.node("conv2d.default", given, onnx.dims, name), onnx);
  }

  #normalization(name: string): void {
    const { dims } = this.#x.onnx;
    const channels = [dims[1]!];
    const variance = tensorOf(
      "float32",
      channels,
      Array.from({ length: channels[0]! }, () => 0.5 + this.#random.uniform()),
    );
    const tensors = {
      weight: this.#drawn(channels, 1),
      bias: this.#drawn(channels, 1),
      running_mean: this.#drawn(channels, 1),
      running_var: variance,
    };
    const values = Object.entries(tensors).map(([part, tensor]) =>
      this.#b.initializer(`${name}.${part}`, tensor),
    );
    const onnx = this.#b.op("BatchNormalization", [this.#x.onnx, ...values], { epsilon: 1e-5 });
    const weights = Object.entries(tensors).map(([part, tensor]) => {
      const kind = part.startsWith("running") ? "buffer" : "parameter";
      return [part, this.#p.weight(`${name}.${part}`, tensor, kind)] as const;
    });
    const given = {
      input: this.#x.torch,
      ...Object.fromEntries(weights),
      training: false,
      momentum: 0.1,
      eps: 1e-5,
      cudnn_enabled: true,
    };
    this.#next(this.#p.node("batch_norm.default", given, dims, name), onnx);
  }

  #activation(operator: string, name: string): void {
    const { torch, onnx: x } = this.#x;
    const b = this.#b;
    const more = operator === "hardtanh" ? { min_val: 0, max_val: 6 } : {};
    const node = this.#p.node(`${operator}.default`, { self: torch, ...more }, x.dims, name);
    const onnx = {
      relu: () => b.op("Relu", [x]),
      relu_: () => b.op("Relu", [x]),
      hardtanh: () => b.op("Clip", [x, b.scalar(0), b.scalar(6)]),
      silu: () => b.mul(x, b.op("Sigmoid", [x])),
      leaky_relu: () => b.op("LeakyRelu", [x], { alpha: 0.01 }),
      hardswish: () => b.op("HardSwish", [x]),
      gelu: () => {
        const erf = b.op("Erf", [b.scale(x, Math.SQRT1_2)]);
        return b.scale(b.mul(x, b.add(erf, b.scalar(1))), 0.5);
      },
    }[operator]!();
    this.#next(node, onnx);
  }

  #pool(
    kind: "max" | "mean",
    window: Extract<Layer, { kind: "max" | "mean" }>["window"],
    name: string,
  ): void {
    const { kernel, stride, pad } = this.#fitting(window);
    const shape = {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    };
    const given = {
      self: this.#x.torch,
      kernel_size: [kernel, kernel],
      stride: [stride, stride],
      padding: [pad, pad],
    };
    if (kind === "max") {
      const onnx = this.#b.op("MaxPool", [this.#x.onnx], {
        ...shape,
        ceil_mode: Number(window.isCeil),
      });
      const all = { ...given, dilation: [1, 1], ceil_mode: window.isCeil };
      return this.#next(this.#p.node("max_pool2d.default", all, onnx.dims, name), onnx);
    }
    const counted = { ...shape, count_include_pad: Number(window.countsPad) };
    const onnx = this.#b.op("AveragePool", [this.#x.onnx], counted);
    // What counts the padding is the default, which files leave out.
    const all = window.countsPad ? given : { ...given, ceil_mode: false, count_include_pad: false };
    this.#next(this.#p.node("avg_pool2d.default", all, onnx.dims, name), onnx);
  }

  /** The value and a convolution of it, which is scaled. */
  #residual(alpha: number, name: string): void {
    const before = this.#x;
    const { dims } = before.onnx;
    const weight = this.#drawn([dims[1]!, dims[1]!, 1, 1], 1 / Math.sqrt(dims[1]!));
    const given = { input: before.torch, weight: this.#p.weight(`${name}.conv.weight`, weight) };
    const branch = this.#p.node("conv2d.default", given, dims, `${name}.conv`);
    const onnx = this.#b.op("Conv", [
      before.onnx,
      this.#b.initializer(`${name}.conv.weight`, weight),
    ]);
    const more = alpha === 1 ? {} : { alpha };
    const sum = this.#p.node(
      "add.Tensor",
      { self: before.torch, other: branch, ...more },
      dims,
      name,
    );
    this.#next(sum, this.#b.add(before.onnx, this.#b.scale(onnx, alpha)));
  }

  /** The channels and their squares, one behind the other. */
  #twice(name: string): void {
    const { torch, onnx: x } = this.#x;
    const square = this.#p.node("pow.Tensor_Scalar", { self: torch, exponent: 2 }, x.dims, name);
    const onnx = this.#b.concat([x, this.#b.mul(x, x)], 1);
    const joined = this.#p.node(
      "cat.default",
      { tensors: [torch, square], dim: 1 },
      onnx.dims,
      name,
    );
    this.#next(joined, onnx);
  }
}
