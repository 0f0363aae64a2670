/** @file The linear-algebra operators of the float64 interpreter. */
import type { OperatorTable } from "../operator.ts";

export const linearAlgebra: OperatorTable = {};
