/** @file Small networks of one operator each, made from the rows that rules are checked with, for inputs that are pictures. */
import { encodeOnnx } from "../../src/formats/onnx/encode.ts";
import { GraphBuilder } from "../../src/graph/builder.ts";
import type { Graph } from "../../src/graph/graph.ts";
import { toTensor } from "../reference/ndarray.ts";
import { oneNodeGraph, type Row } from "../reference/row.ts";
import { families } from "../reference/rows/index.ts";

/** A network of each operator that takes a picture, twice where it has more rows. */
export function rowModels(): readonly Uint8Array[] {
  const rows = Object.values(families).flatMap(({ gradientRows, forwardRows }) =>
    [...Object.entries(gradientRows), ...Object.entries(forwardRows)].flatMap(([operator, all]) =>
      picturesFirst(operator, all).slice(0, 2),
    ),
  );
  return rows.map((graph) => encodeOnnx(graph).bytes);
}

function picturesFirst(operator: string, rows: readonly Row[]): readonly Graph[] {
  return rows.flatMap((row) => {
    const { graph, feeds } = oneNodeGraph(operator, row);
    const [input, ...others] = graph.inputs;
    const isOfPictures =
      input?.name === "in0" && input.type === "float32" && input.dims?.length === 4;
    const [first] = graph.outputs;
    if (!isOfPictures || first?.type !== "float32" || !first.dims?.length) return [];
    const fixed = others.map(({ name }) => [name, toTensor(feeds[name]!)] as const);
    const initializers = new Map([...graph.initializers, ...fixed]);
    const b = new GraphBuilder({ ...graph, inputs: [input], initializers });
    b.output(b.op("Flatten", [b.value(first.name)], {}, "logits"));
    return [b.build()];
  });
}
