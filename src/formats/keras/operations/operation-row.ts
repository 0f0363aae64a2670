/** @file What a row of the table of operations is. */
import type { NhwcValue } from "../../channels-last/nhwc-value.ts";
import type { OperationCall } from "./operation-call.ts";

/** Adds an operation to the graph under its name. Throws `bad-file`. */
export type OperationRow = (operation: OperationCall) => NhwcValue | readonly NhwcValue[];
