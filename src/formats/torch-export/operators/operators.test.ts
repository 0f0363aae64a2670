/** @file PyTorch's operators against PyTorch: test/torch/operators.json, which scripts/torch-goldens.py wrote. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createNodeRuntime } from "../../../runtime/onnxruntime-node.ts";
import { tensorOf, toNumbers, type Tensor } from "../../../graph/tensor.ts";
import { exportFiles, folderOf } from "../../../../test/torch/archive.ts";
import {
  scalarCodes,
  tensorArgument,
  type WrittenArgument,
  type WrittenValue,
} from "../../../../test/torch/program.ts";
import { openTorchExport } from "../open.ts";

interface GoldenTensor {
  readonly dtype: number;
  readonly dims: readonly number[];
  readonly data: readonly (number | string)[];
}

interface Golden {
  readonly target: string;
  readonly inputs: readonly { readonly name: string; readonly arg: WrittenArgument }[];
  readonly tensors: readonly GoldenTensor[];
  readonly kind: "one" | "list" | "tuple";
  readonly outputs: readonly GoldenTensor[];
}

const path = new URL("../../../../test/torch/operators.json", import.meta.url);
const goldens = JSON.parse(readFileSync(path, "utf8")) as readonly Golden[];
const runtime = createNodeRuntime();

function typeOf(code: number) {
  return Object.entries(scalarCodes).find((entry) => entry[1] === code)![0] as "float32";
}

function numbersOf({ data }: GoldenTensor): number[] {
  return data.map(Number);
}

function valueOf({ dtype, dims }: GoldenTensor): WrittenValue {
  return { type: typeOf(dtype), sizes: dims };
}

function outputsOf({ kind, outputs }: Golden): WrittenArgument[] {
  const names = outputs.map((_, i) => `y${i}`);
  if (kind === "list") return [{ as_tensors: names.map((name) => ({ name })) }];
  return names.map(tensorArgument);
}

/** The second value of these is none of inference's. */
const unread = /native_(group|layer)_norm/;

async function outputOf(golden: Golden): Promise<Record<string, Tensor>> {
  const { target, inputs, tensors, outputs } = golden;
  const kept = unread.test(target) ? outputs.slice(0, 1) : outputs;
  const values = [
    ...tensors.map((each, i) => [`t${i}`, valueOf(each)] as const),
    ...outputs.map((each, i) => [`y${i}`, valueOf(each)] as const),
  ];
  const graph = await openTorchExport(
    folderOf(
      exportFiles({
        inputs: tensors.map((_, i) => `t${i}`),
        outputs: kept.map((_, i) => `y${i}`),
        weights: {},
        values: Object.fromEntries(values),
        nodes: [
          {
            target,
            inputs: inputs.map(({ name, arg }) => [name, arg] as const),
            outputs: outputsOf(golden),
          },
        ],
      }),
    ),
  );
  const feeds = tensors.map((each, i) => [
    `t${i}`,
    tensorOf(typeOf(each.dtype), each.dims, numbersOf(each)),
  ]);
  const names = graph.outputs.map(({ name }) => name);
  const found = await runtime.run(graph, Object.fromEntries(feeds) as Record<string, Tensor>);
  return Object.fromEntries(names.map((name, i) => [`y${i}`, found[name]!]));
}

const cases = goldens.map((golden, i): [string, Golden] => [
  `${golden.target.replace("torch.ops.aten.", "")} (${i})`,
  golden,
]);

test.each(cases)("%s is as in PyTorch", async (_, golden) => {
  const found = await outputOf(golden);
  for (const [name, tensor] of Object.entries(found)) {
    const wanted = golden.outputs[Number(name.slice(1))]!;
    expect(tensor.dims).toEqual(wanted.dims);
    const numbers = toNumbers(tensor);
    for (const [i, value] of numbersOf(wanted).entries()) {
      expect(Math.abs(numbers[i]! - value)).toBeLessThanOrEqual(
        1e-5 * Math.max(1, Math.abs(value)),
      );
    }
  }
});
