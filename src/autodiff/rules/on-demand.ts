/** @file Which operators have a gradient rule, and their rules, of which those that a first map rarely needs are loaded on demand. */
import type { RuleTable } from "../rule.ts";
import type { otherRules } from "./others.ts";
import { usualRules } from "./usual.ts";

/** Operators whose rules are loaded where they are needed. */
const others: Readonly<Record<keyof typeof otherRules, true>> = {
  AffineGrid: true,
  AveragePool: true,
  BatchNormalization: true,
  CenterCropPad: true,
  Col2Im: true,
  Compress: true,
  Concat: true,
  Conv: true,
  ConvTranspose: true,
  CumProd: true,
  CumSum: true,
  DepthToSpace: true,
  DequantizeLinear: true,
  Einsum: true,
  Gather: true,
  GatherElements: true,
  GatherND: true,
  GlobalLpPool: true,
  GlobalMaxPool: true,
  GridSample: true,
  GroupNormalization: true,
  InstanceNormalization: true,
  LRN: true,
  LayerNormalization: true,
  LpNormalization: true,
  LpPool: true,
  MaxPool: true,
  MaxUnpool: true,
  MeanVarianceNormalization: true,
  NegativeLogLikelihoodLoss: true,
  Pad: true,
  QuantizeLinear: true,
  Resize: true,
  ReverseSequence: true,
  ScatterElements: true,
  ScatterND: true,
  Slice: true,
  SoftmaxCrossEntropyLoss: true,
  SpaceToDepth: true,
  Split: true,
  Tile: true,
  TopK: true,
  Trilu: true,
};

/** Whether a standard operator has a rule. */
export function hasRule(operator: string): boolean {
  return Object.hasOwn(usualRules, operator) || Object.hasOwn(others, operator);
}

/** A table with the rules of some operators, those that have one. */
export async function rulesFor(operators: readonly string[]): Promise<RuleTable> {
  if (!operators.some((operator) => Object.hasOwn(others, operator))) return usualRules;
  const { otherRules } = await import("./others.ts");
  return { ...usualRules, ...otherRules };
}
