/** @file A network of 430 MB like VGG16, with random weights, as an ONNX file. */
import { writeFileSync } from "node:fs";
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder, type Value } from "../../src/graph/builder.ts";
import { elementCount, tensor } from "../../src/graph/tensor.ts";

const stages = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;
const dense = [3600, 600, 1000] as const;

export function writeLargeModel(path: string): void {
  const b = new GraphBuilder();
  let value: Value = b.input("picture", [1, 3, 224, 224]);
  for (const [i, stage] of stages.entries()) {
    for (const [k, width] of stage.entries()) {
      const weight = random(b, [width, value.dims[1]!, 3, 3]);
      const conv = b.op("Conv", [value, weight], { pads: [1, 1, 1, 1] }, `conv${i}_${k}`);
      value = b.op("Relu", [conv], {}, `relu${i}_${k}`);
    }
    const sizes = { kernel_shape: [2, 2], strides: [2, 2] };
    value = b.op("MaxPool", [value], sizes, `pool${i}`);
  }
  value = b.reshape(value, [1, elementCount(value.dims)]);
  for (const [i, width] of dense.entries()) {
    value = b.op("MatMul", [value, random(b, [value.dims[1]!, width])], {}, `dense${i}`);
    if (i < dense.length - 1) value = b.op("Relu", [value]);
  }
  b.output(value);
  writeFileSync(path, encodeOnnx(b.build()).bytes);
}

/** Numbers whose sums over a window stay as large as what they read. */
function random(b: GraphBuilder, dims: readonly number[]): Value {
  const data = new Float32Array(elementCount(dims));
  const fan = dims.length === 2 ? dims[0]! : elementCount(dims) / dims[0]!;
  const size = 2 * Math.sqrt(6 / fan);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    data[i] = (size * state) / 2 ** 32;
  }
  return b.initializer("weight", tensor("float32", dims, data));
}
