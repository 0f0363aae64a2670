/** @file What operations are called, whichever namespace and generation they come from. */

/** Names of other generations, and those of operators of TensorFlow. */
const synonyms: Readonly<Record<string, string>> = {
  absolute: "abs",
  add_v2: "add",
  amax: "max",
  amin: "min",
  average: "mean",
  bias_add: "add",
  clip_by_value: "clip",
  concat: "concatenate",
  concat_v2: "concatenate",
  div: "divide",
  div_real: "divide",
  get_item: "getitem",
  identity_n: "identity",
  mul: "multiply",
  neg: "negative",
  pad_v2: "pad",
  permute_dimensions: "transpose",
  pow: "power",
  real_div: "divide",
  reduce_max: "max",
  reduce_mean: "mean",
  reduce_min: "min",
  reduce_logsumexp: "logsumexp",
  reduce_prod: "prod",
  reduce_std: "std",
  reduce_sum: "sum",
  reduce_variance: "var",
  atan: "arctan",
  stop_gradient: "identity",
  strided_slice: "getitem",
  sub: "subtract",
  true_divide: "divide",
  truediv: "divide",
};

/** `math.reduce_mean`, `__operators__.add`, `AddV2` and `TrueDivide` as the table has them. */
export function operationName(written: string): string {
  const last = written.slice(written.lastIndexOf(".") + 1).replaceAll(/^_+|_+$/g, "");
  const snake = last
    .replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
  return Object.hasOwn(synonyms, snake) ? synonyms[snake]! : snake;
}
