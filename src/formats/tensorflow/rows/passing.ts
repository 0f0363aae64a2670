/** @file Operations that hand on what they read, and branches whose way is known. */
import { constantOf, deadEnd, isConstant, isDead, sampled } from "../operand.ts";
import { tensorOf, type Tensor } from "../../../graph/tensor.ts";
import type { Row, Rows } from "./row.ts";

const first: Row = (o) => o.input(0);

/** One of two ways is dead, by a truth that is known when the model is read. */
const fork: Row = (o) => {
  const truth = o.input(1);
  if (!isConstant(truth)) {
    throw o.refused(
      "must branch by what is known when the model is read",
      "export it for inference",
    );
  }
  const isTrue = o.number(1);
  return isTrue ? [deadEnd, o.input(0)] : [o.input(0), deadEnd];
};

/** The way that is not dead, and its number. */
const join: Row = (o) => {
  const live = o.inputs.findIndex((input) => !isDead(input));
  if (live < 0) return [deadEnd, deadEnd];
  return [o.input(live), constantOf(tensorOf("int32", [], [live]))];
};

/** Numbers of 0 to 1, one for each size: what comes of them is known only where it is the same for all. */
const chances = [0.1, 0.9, 0.5, 0.3];

const random: Row = (o) => {
  const samples = Array.from({ length: o.probes.count }, (_, i) =>
    tensorOf("float32", [], [chances[i % chances.length]!]),
  );
  return sampled(samples as [Tensor, ...Tensor[]]);
};

export const passingRows: Rows = {
  Identity: first,
  IdentityN: (o) => o.inputs,
  Snapshot: first,
  StopGradient: first,
  PreventGradient: first,
  CheckNumerics: first,
  EnsureShape: first,
  Print: first,
  ReadVariableOp: first,
  PlaceholderWithDefault: first,
  RandomUniform: random,
  Switch: fork,
  RefSwitch: fork,
  Merge: join,
  RefMerge: join,
};
