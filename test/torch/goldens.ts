/** @file What PyTorch's operators give, as scripts/torch-goldens.py wrote it, each as a program of one node. */
import { readFileSync } from "node:fs";
import {
  scalarCodes,
  tensorArgument,
  type WrittenArgument,
  type WrittenProgram,
  type WrittenValue,
} from "./program.ts";

export interface GoldenTensor {
  readonly dtype: number;
  readonly dims: readonly number[];
  readonly data: readonly (number | string)[];
}

export interface Golden {
  readonly target: string;
  readonly inputs: readonly { readonly name: string; readonly arg: WrittenArgument }[];
  readonly tensors: readonly GoldenTensor[];
  readonly kind: "one" | "list" | "tuple";
  readonly outputs: readonly GoldenTensor[];
}

/** One a call. */
export function goldens(): readonly Golden[] {
  const path = new URL("operators.json", import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as readonly Golden[];
}

/** The element type of a number of ScalarType. */
export function typeOf(code: number) {
  return Object.entries(scalarCodes).find((entry) => entry[1] === code)![0] as "float32";
}

function valueOf({ dtype, dims }: GoldenTensor): WrittenValue {
  return { type: typeOf(dtype), sizes: dims };
}

function outputsOf({ kind, outputs }: Golden): WrittenArgument[] {
  const names = outputs.map((_, i) => `y${i}`);
  if (kind === "list") return [{ as_tensors: names.map((name) => ({ name })) }];
  return names.map(tensorArgument);
}

/** Further values of these are none that are computed. */
const unread = /native_(group|layer)_norm|adaptive_max_pool/;

/** Inputs `t0`, `t1`, ... and outputs `y0`, `y1`, ... */
export function goldenProgram(golden: Golden): WrittenProgram {
  const { target, inputs, tensors, outputs } = golden;
  const kept = unread.test(target) ? outputs.slice(0, 1) : outputs;
  const values = [
    ...tensors.map((each, i) => [`t${i}`, valueOf(each)] as const),
    ...outputs.map((each, i) => [`y${i}`, valueOf(each)] as const),
  ];
  return {
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
  };
}
