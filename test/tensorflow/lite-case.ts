/** @file Models of TensorFlow Lite of one operator. */
import { openGraph } from "../../src/formats/index.ts";
import { memorySource } from "../../src/formats/source.ts";
import type { Graph } from "../../src/graph/graph.ts";
import type { FlatFields } from "./flat-writer.ts";
import type { Numbers } from "./graph-model.ts";
import { liteFile, type WrittenLite, type WrittenTensor } from "./lite-file.ts";
import { ints, value } from "./lite-parts.ts";

/** A model as it is opened. */
export function openLite(model: WrittenLite): Promise<Graph> {
  return openGraph(memorySource("m.tflite", liteFile(model)));
}

/** One operator on an input `x`; tensors that it reads behind it, and its options. */
export interface LiteCase {
  readonly builtin: string;
  readonly x: Numbers;
  readonly others?: readonly WrittenTensor[];
  readonly options?: FlatFields;
  readonly wanted: readonly number[];
  /** The inputs by their names, if `x` is not the first. */
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  readonly made?: readonly number[];
}

/** The model of a case; its input is called `x`, and `y` is its result. */
export function modelOf({
  builtin,
  x,
  others = [],
  options,
  inputs,
  outputs = ["op"],
  made,
}: LiteCase): WrittenLite {
  const tensors = [
    value("x", x.dims),
    ...others,
    ...outputs.map((name) => value(name, made ?? [1])),
  ];
  const read = inputs ?? ["x", ...others.map(({ name }) => name)];
  const last = outputs.at(-1)!;
  // Results come as a list in the maker's order, and as floats.
  const list = [{ ...value("floats", [1]) }, ints("shape", -1), value("y", [1])];
  return {
    tensors: [...tensors, ...list],
    operators: [
      { builtin, inputs: read, outputs, ...(options && { options }) },
      { builtin: "CAST", inputs: [last], outputs: ["floats"] },
      { builtin: "RESHAPE", inputs: ["floats", "shape"], outputs: ["y"] },
    ],
    inputs: ["x"],
    outputs: ["y"],
  };
}
