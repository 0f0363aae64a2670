/** @file What a row of the table of operators is. */
import type { Operand } from "../operand.ts";
import type { Operation } from "../operation.ts";

/** What comes of an operation: its outputs in order, of which the first is called by the node's name. */
export type Row = (operation: Operation) => Operand | readonly Operand[];

/** Rows by the names that TensorFlow has for them. */
export type Rows = Readonly<Record<string, Row>>;
