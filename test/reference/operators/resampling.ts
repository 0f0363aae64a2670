/** @file The resampling operators of the float64 interpreter. */
import type { OperatorTable } from "../operator.ts";

export const resampling: OperatorTable = {};
