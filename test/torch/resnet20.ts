/** @file ResNet-20 for CIFAR-10 (He et al. 2016) as torch.export writes it: shortcuts without weights, two thirds of which are zeros. */
import { zeros, tensorOf } from "../../src/graph/tensor.ts";
import { ProgramWriter, type Reference } from "./graph-writer.ts";
import type { WrittenProgram, WrittenSize } from "./program.ts";

const batch: WrittenSize = { name: "s0", hint: 2 };

class ResNet {
  readonly p = new ProgramWriter();

  convolution(x: Reference, name: string, dims: readonly number[], stride: number, size: number) {
    const weight = this.p.weight(`${name}.weight`, zeros("float32", dims));
    const given = { input: x, weight, bias: null, stride: [stride, stride], padding: [1, 1] };
    return this.p.node("conv2d.default", given, [batch, dims[0]!, size, size], name);
  }

  normalization(x: Reference, name: string, channels: number, size: number) {
    const ones = tensorOf("float32", [channels], Array<number>(channels).fill(1));
    const given = {
      input: x,
      weight: this.p.weight(`${name}.weight`, ones),
      bias: this.p.weight(`${name}.bias`, zeros("float32", [channels])),
      running_mean: this.p.weight(`${name}.running_mean`, zeros("float32", [channels]), "buffer"),
      running_var: this.p.weight(`${name}.running_var`, ones, "buffer"),
      training: false,
      momentum: 0.1,
      eps: 1e-5,
      cudnn_enabled: true,
    };
    return this.p.node("batch_norm.default", given, [batch, channels, size, size], name);
  }

  rectified(x: Reference, channels: number, size: number, module = "") {
    return this.p.node("relu.default", { self: x }, [batch, channels, size, size], module);
  }

  /** Every second place, and channels of zeros before and behind. */
  shortcut(x: Reference, name: string, channels: number, size: number) {
    const before = channels / 2;
    const sliced = [2, 3].reduce((value, dim) => {
      const sizes = [batch, before, size, dim === 2 ? 2 * size : size];
      const given = { self: value, dim, start: 0, end: Number.MAX_SAFE_INTEGER, step: 2 };
      return this.p.node("slice.Tensor", given, sizes, name);
    }, x);
    const pad = [0, 0, 0, 0, before / 2, before / 2];
    const given = { self: sliced, pad, mode: "constant", value: 0 };
    return this.p.node("pad.default", given, [batch, channels, size, size], name);
  }

  block(x: Reference, name: string, channels: number, stride: number, size: number) {
    const before = channels / stride;
    const first = this.convolution(x, `${name}.conv1`, [channels, before, 3, 3], stride, size);
    const normal = this.normalization(first, `${name}.bn1`, channels, size);
    const middle = this.rectified(normal, channels, size, name);
    const second = this.convolution(middle, `${name}.conv2`, [channels, channels, 3, 3], 1, size);
    const branch = this.normalization(second, `${name}.bn2`, channels, size);
    const way = stride === 1 ? x : this.shortcut(x, `${name}.shortcut`, channels, size);
    const sizes = [batch, channels, size, size];
    const sum = this.p.node("add_.Tensor", { self: branch, other: way }, sizes, name);
    return this.rectified(sum, channels, size, name);
  }
}

/** With weights that say nothing: zeros, and ones of normalisations. */
export function resNet20(): WrittenProgram {
  const net = new ResNet();
  const input = net.p.input("x", [batch, 3, 32, 32]);
  const stem = net.convolution(input, "conv1", [16, 3, 3, 3], 1, 32);
  let x = net.rectified(net.normalization(stem, "bn1", 16, 32), 16, 32);
  for (const [layer, channels, size] of [
    [1, 16, 32],
    [2, 32, 16],
    [3, 64, 8],
  ] as const) {
    for (let i = 0; i < 3; i++) {
      const stride = i === 0 && layer > 1 ? 2 : 1;
      x = net.block(x, `layer${layer}.${i}`, channels, stride, size);
    }
  }
  const pooled = net.p.node("avg_pool2d.default", { self: x, kernel_size: [8, 8] }, [
    batch,
    64,
    1,
    1,
  ]);
  const rows = net.p.node("view.default", { self: pooled, size: [2, -1] }, [batch, 64]);
  const weight = net.p.weight("linear.weight", zeros("float32", [10, 64]));
  const bias = net.p.weight("linear.bias", zeros("float32", [10]));
  net.p.output(net.p.node("linear.default", { input: rows, weight, bias }, [batch, 10], "linear"));
  return net.p.program();
}
