/** @file Optional inputs and outputs that were left out. */

/** The names without the `""` at their end: they say nothing, and a LayerNormalization whose bias is called `""` crashes ONNX Runtime. */
export function withoutTrailingGaps(names: readonly string[]): string[] {
  return names.slice(0, names.findLastIndex((name) => name !== "") + 1);
}
