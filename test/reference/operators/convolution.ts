/** @file The convolution operators of the float64 interpreter. */
import type { OperatorTable } from "../operator.ts";

export const convolution: OperatorTable = {};
