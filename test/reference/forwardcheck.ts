/** @file Checks the interpreter's version of an operator against ONNX Runtime, row by row. */
import { describe, test } from "vitest";
import { assertClose } from "./compare.ts";
import { interpret } from "./interpreter.ts";
import { runOnnxRuntime } from "./onnxruntime.ts";
import { oneNodeGraph, rowName, type ForwardRows, type Row } from "./row.ts";

/** Declares a test for every row of every operator. */
export function forwardcheckAll(table: ForwardRows): void {
  for (const [operator, rows] of Object.entries(table)) forwardcheck(operator, rows);
}

/** Declares a test a row: the interpreter agrees with ONNX Runtime within float32's precision. */
function forwardcheck(operator: string, rows: readonly Row[]): void {
  describe(`${operator} forward`, () => {
    for (const row of rows) {
      const skipped = row.withoutOnnxRuntime !== undefined;
      const name = skipped ? `${rowName(row)}: ${row.withoutOnnxRuntime}` : rowName(row);
      test.skipIf(skipped)(name, () => checkForward(operator, row));
    }
  });
}

/** Runs a row both ways. Throws where they differ. */
async function checkForward(operator: string, row: Row): Promise<void> {
  const { graph, feeds } = oneNodeGraph(operator, row);
  const expected = interpret(graph, feeds);
  const actual = await runOnnxRuntime(graph, feeds);
  for (const { name } of graph.outputs) {
    assertClose(actual[name]!, expected[name]!, row.tolerance ?? 1e-5, `${operator} ${name}`);
  }
}
