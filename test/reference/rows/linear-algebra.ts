/** @file What is checked of the linear-algebra family. */
import type { ForwardRows, GradientRows } from "../row.ts";

/** A gradient check a row. */
export const gradientRows: GradientRows = {};

/** Rows of operators that have no gradient, or that only the interpreter's version is about. */
export const forwardRows: ForwardRows = {};
