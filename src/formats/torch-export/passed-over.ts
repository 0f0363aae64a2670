/** @file Arguments of PyTorch's operators that change no number, or whose effect the file tells by types and sizes. */
import type { Call } from "./call.ts";

/** Of every operator. */
const always = new Set(
  (
    "dtype device layout pin_memory memory_format non_blocking copy requires_grad size sizes shape split_size " +
    "split_sizes chunks sections output_size cudnn_enable cudnn_enabled momentum half_to_float inplace"
  ).split(" "),
);

/** Of some. */
const ofOperators: Readonly<Record<string, readonly string[]>> = {
  avg_pool1d: ["count_include_pad"],
  avg_pool2d: ["count_include_pad"],
  avg_pool3d: ["count_include_pad"],
  // Without running statistics there is no other way to compute.
  batch_norm: ["training"],
  native_batch_norm: ["training"],
  _native_batch_norm_legit: ["training"],
  _native_batch_norm_legit_functional: ["training"],
  eye: ["n", "m"],
  native_group_norm: ["N", "C", "HxW"],
  convolution: ["output_padding"],
  _convolution: ["output_padding", "benchmark", "deterministic", "allow_tf32"],
  arange: ["end"],
  as_strided: ["stride"],
  flatten: ["start_dim", "end_dim"],
  unflatten: ["dim"],
  reshape_as: ["other"],
  view_as: ["other"],
  expand_as: ["other"],
  type_as: ["other"],
  expand: ["implicit"],
  copy: ["self"],
  fill: ["self"],
  zero: ["self"],
  full_like: ["self"],
  ones_like: ["self"],
  zeros_like: ["self"],
  empty_like: ["self"],
  empty_permuted: ["physical_layout"],
  new_full: ["self"],
  new_ones: ["self"],
  new_zeros: ["self"],
  new_empty: ["self"],
  dropout: ["p"],
  native_dropout: ["p"],
  feature_dropout: ["p"],
  alpha_dropout: ["p"],
  feature_alpha_dropout: ["p"],
  rrelu: ["training", "generator"],
  embedding: ["padding_idx", "scale_grad_by_freq", "sparse"],
  gather: ["sparse_grad"],
  instance_norm: ["use_input_stats"],
  einsum: ["path"],
  _scaled_dot_product_flash_attention: ["return_debug_mask"],
  _scaled_dot_product_efficient_attention: ["compute_log_sumexp"],
  topk: ["sorted"],
};

/** Throws `bad-file` for an argument that the rule of an operator does not know: its numbers would be others. */
export function requireAllRead(call: Call): void {
  const { operator } = call;
  const own = Object.hasOwn(ofOperators, operator) ? ofOperators[operator]! : [];
  const left = call.unread().filter((name) => !always.has(name) && !own.includes(name));
  if (left.length > 0) {
    call.refuse("every argument must be one that is read", `"${left.join('", "')}"`);
  }
}
