/** @file Operations that compare numbers, and choose between them. */
import { binary, unary } from "../../channels-last/elementwise.ts";
import { heldLast, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { OperationCall } from "./operation-call.ts";
import type { OperationRow } from "./operation-row.ts";

/** Truths as 0 and 1; numbers as they are. */
export function asNumbers(o: OperationCall, x: NhwcValue): NhwcValue {
  return x.value.type === "bool" ? { ...x, value: o.b.cast(x.value, "float32") } : x;
}

const compared =
  (operator: string): OperationRow =>
  (o) => {
    const operands = [o.x(0, "x1", "x"), o.x(1, "x2", "y")] as const;
    return binary(o.b, operator, [asNumbers(o, operands[0]), asNumbers(o, operands[1])], o.name);
  };

const chosen: OperationRow = (o) => {
  const condition = o.x(0, "condition");
  if (condition.value.type !== "bool") throw o.refused("must choose by a comparison");
  const [then, otherwise] = [o.x(1, "x1", "x"), o.x(2, "x2", "y")];
  const parts = [condition, asNumbers(o, then), asNumbers(o, otherwise)].map((x) => o.last(x));
  return heldLast(
    o.b.op(
      "Where",
      parts.map(({ value }) => value),
      {},
      o.name,
    ),
  );
};

const negated: OperationRow = (o) => {
  const x = o.x(0, "x");
  if (x.value.type !== "bool") throw o.refused("must turn around a comparison");
  return unary(o.b, "Not", x, o.name);
};

export const truthRows: Readonly<Record<string, OperationRow>> = {
  equal: compared("Equal"),
  greater: compared("Greater"),
  greater_equal: compared("GreaterOrEqual"),
  less: compared("Less"),
  less_equal: compared("LessOrEqual"),
  logical_not: negated,
  where: chosen,
};
