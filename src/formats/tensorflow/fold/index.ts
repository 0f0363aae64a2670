/** @file THE table of operators that are computed when a graph is read, where all that they read is known. */
import type { Tensor } from "../../../graph/tensor.ts";
import { largest } from "../../../statistics.ts";
import { isConstant, sampled, sampleOf, type Constant, type Operand } from "../operand.ts";
import type { Operation } from "../operation.ts";
import { elementwiseFolds } from "./elementwise.ts";
import { movementFolds } from "./movement.ts";
import type { Fold } from "./numbers.ts";

const table: ReadonlyMap<string, Fold> = new Map(
  Object.entries({ ...elementwiseFolds, ...movementFolds }),
);

/** All that are computed. */
export const foldedOperators: ReadonlySet<string> = new Set(table.keys());

/** What comes of an operation on constants, for each size of open axes; undefined where it must be left to a run. */
export function folded(o: Operation): readonly Operand[] | undefined {
  const fold = table.get(o.op);
  const { inputs } = o;
  if (!fold || inputs.length === 0 || !inputs.every(isConstant)) return undefined;
  const count = largest(inputs.map(({ samples }) => samples.length));
  const results = Array.from({ length: count }, (_, size) => {
    const result = fold(
      inputs.map((input) => sampleOf(input, size)),
      o,
    );
    return Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
  });
  return results[0]!.map((_, output): Constant => {
    const samples = results.map((result) => result[output]!);
    return sampled(samples as [Tensor, ...Tensor[]]);
  });
}
