/** @file THE table of operations that Keras models call between their layers: functions of TensorFlow and of keras.ops. */
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { LayerCall } from "../layers/layer-kind.ts";
import { arithmeticRows } from "./arithmetic.ts";
import { movementRows } from "./movement.ts";
import { OperationCall } from "./operation-call.ts";
import { operationName } from "./operation-names.ts";
import type { OperationRow } from "./operation-row.ts";
import { truthRows } from "./truths.ts";

const rows: Readonly<Record<string, OperationRow>> = {
  ...arithmeticRows,
  ...movementRows,
  ...truthRows,
};

/** Adds an operation by the name that a file has for it: `math.reduce_mean`, `Mean`. Throws `bad-file`. */
export function addOperation(call: LayerCall, written: string): NhwcValue | readonly NhwcValue[] {
  const operation = new OperationCall(call, operationName(written));
  const row = Object.hasOwn(rows, operation.op) ? rows[operation.op] : undefined;
  if (!row) throw operation.refused("must be known");
  const result = row(operation);
  operation.requireAllRead();
  return result;
}
