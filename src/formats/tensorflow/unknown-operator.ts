/** @file Why an operator cannot be opened. */
import type { LimpidError } from "../../errors.ts";
import { shownText } from "../../wording/shown-text.ts";
import { badGraph, type NodeDescription } from "./description.ts";

/** What cannot be opened for a reason of its own, by the names of operators. */
const reasons: readonly (readonly [RegExp, string, string])[] = [
  [
    /^(VarHandleOp|Variable|VariableV2|ReadVariableOp|RestoreV2)$/,
    "weights must be constants of the graph, got a variable",
    "freeze the graph, or save the model as .keras or .h5",
  ],
  [
    /^(Stateless)?(While|If|Case)$|^(Ref)?(Enter|Exit|NextIteration)$|^LoopCond$|^TensorList|^TensorArray/,
    "loops and branches must be left out",
    "export the part before it alone",
  ],
  [
    /^(Decode|Read|Parse|Lookup|Hash|String)/,
    "networks must take numbers, got one that reads files or texts",
    "export the part behind it, fed with numbers",
  ],
  [/^Random|^Multinomial$|^TruncatedNormal$/, "chance must be left out", "export it for inference"],
];

/** The refusal of a node that has no row. */
export function unknownOperator({ name, op }: NodeDescription): LimpidError {
  const shown = `${shownText(op)} at "${shownText(name)}"`;
  const [, reason, advice] = reasons.find(([ops]) => ops.test(op)) ?? [];
  if (reason !== undefined) return badGraph(`${reason}: ${shown}`, advice);
  return badGraph(
    `operators must be ones that are known, got ${shown}`,
    "export the part before it alone",
  );
}
