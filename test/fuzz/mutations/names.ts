/** @file Names that mean something to readers of models: operators and their attributes. */
import { rules } from "../../../src/autodiff/rules/index.ts";
import { families } from "../../reference/rows/index.ts";

function operatorNames(): readonly string[] {
  const rows = Object.values(families).flatMap((family) => Object.keys(family.forwardRows));
  return [...new Set([...Object.keys(rules), ...rows, ...others])];
}

/** Operators that are read, and have no rows of their own. */
const others = [
  "If",
  "Loop",
  "Scan",
  "Constant",
  "ConstantOfShape",
  "Shape",
  "Size",
  "NonZero",
  "Range",
  "OneHot",
  "TopK",
  "Expand",
  "Tile",
  "Unique",
  "Compress",
  "RandomNormal",
  "RandomUniformLike",
  "SequenceConstruct",
  "SequenceAt",
  "SplitToSequence",
  "Optional",
  "Upsample",
  "NonMaxSuppression",
  "StringNormalizer",
  "LSTM",
  "GRU",
  "Multinomial",
  "Bernoulli",
  "DFT",
  "STFT",
] as const;

function attributeNames(): readonly string[] {
  const rows = Object.values(families).flatMap(({ gradientRows, forwardRows }) =>
    [...Object.values(gradientRows), ...Object.values(forwardRows)].flat(),
  );
  return [...new Set(rows.flatMap(({ attributes = {} }) => Object.keys(attributes)))];
}

/** What a name of a model may become. */
export const modelNames: readonly string[] = [
  ...operatorNames(),
  ...attributeNames(),
  "",
  // What every object has.
  "constructor",
  "toString",
  "__proto__",
  "valueOf",
  "ai.onnx.ml",
  "com.microsoft",
];
