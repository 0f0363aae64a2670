/** @file THE table of TensorFlow's operators: a row each, one file a family. */
import { activationRows } from "./rows/activations.ts";
import { arithmeticRows } from "./rows/arithmetic.ts";
import { normalizationRows } from "./rows/normalization.ts";
import { partRows } from "./rows/parts.ts";
import { passingRows } from "./rows/passing.ts";
import { productRows } from "./rows/products.ts";
import { reductionRows } from "./rows/reductions.ts";
import { resizeRows } from "./rows/resizes.ts";
import type { Row, Rows } from "./rows/row.ts";
import { shapeRows } from "./rows/shapes.ts";
import { transposedRows } from "./rows/transposed.ts";
import { windowRows } from "./rows/windows.ts";

const rows: Rows = {
  ...activationRows,
  ...arithmeticRows,
  ...normalizationRows,
  ...partRows,
  ...passingRows,
  ...productRows,
  ...reductionRows,
  ...resizeRows,
  ...shapeRows,
  ...transposedRows,
  ...windowRows,
};

const table: ReadonlyMap<string, Row> = new Map(Object.entries(rows));

/** All that have a row. */
export const operatorNames: readonly string[] = [...table.keys()];

/** How an operator is built; undefined for one that is not in the table. */
export function rowOf(op: string): Row | undefined {
  return table.get(op);
}
