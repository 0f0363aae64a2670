/** @file PyTorch's operators against PyTorch: test/torch/operators.json, which scripts/torch-goldens.py wrote. */
import { expect, test } from "vitest";
import { exportFiles, folderOf } from "../../../../test/torch/archive.ts";
import {
  goldenProgram,
  goldens,
  typeOf,
  type Golden,
  type GoldenTensor,
} from "../../../../test/torch/goldens.ts";
import { tensorOf, toNumbers, type Tensor } from "../../../graph/tensor.ts";
import { createNodeRuntime } from "../../../runtime/onnxruntime-node.ts";
import { openTorchExport } from "../open.ts";
import { torchOperators } from "./index.ts";

const runtime = createNodeRuntime();

function numbersOf({ data }: GoldenTensor): number[] {
  return data.map(Number);
}

async function outputOf(golden: Golden): Promise<Record<string, Tensor>> {
  const graph = await openTorchExport(folderOf(exportFiles(goldenProgram(golden))));
  const feeds = golden.tensors.map((each, i): [string, Tensor] => [
    `t${i}`,
    tensorOf(typeOf(each.dtype), each.dims, numbersOf(each)),
  ]);
  const found = await runtime.run(graph, Object.fromEntries(feeds));
  return Object.fromEntries(graph.outputs.map(({ name }, i) => [`y${i}`, found[name]!]));
}

const all = goldens();
const cases = all.map((golden, i): [string, Golden] => [
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

/** Those that are told by another name of the same rule, or give nothing but the input. */
const alike =
  "_prelu_kernel _log_softmax conv_transpose1d conv_transpose3d _convolution contiguous detach alias lift_fresh " +
  "lift_fresh_copy positive type_as float half new_full zeros zero ones_like new_ones true_divide clip " +
  "_scaled_dot_product_flash_attention_for_cpu _scaled_dot_product_efficient_attention " +
  "_scaled_dot_product_flash_attention native_batch_norm _native_batch_norm_legit _native_batch_norm_legit_functional " +
  "native_dropout feature_dropout alpha_dropout feature_alpha_dropout tensor_split concat concatenate " +
  "replication_pad1d max_pool3d max_pool3d_with_indices adaptive_avg_pool3d _adaptive_avg_pool3d adaptive_max_pool1d " +
  "adaptive_max_pool3d upsample_nearest3d _upsample_nearest_exact1d upsample_trilinear3d native_channel_shuffle " +
  "grid_sampler_2d _unsafe_view _reshape_alias view_as reshape_as swapdims adjoint broadcast_to " +
  "empty empty_like empty_permuted new_empty";

test("operators that nothing compares are known", () => {
  const compared = new Set(
    all.map(({ target }) => target.split(".")[3]!.replace(/(?<=[^_])_$/, "")),
  );
  const others = Object.keys(torchOperators).filter((name) => !compared.has(name));
  expect(others.toSorted()).toEqual(alike.split(" ").toSorted());
});
