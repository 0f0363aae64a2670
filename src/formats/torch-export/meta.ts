/** @file Types and sizes that an exported program tells of its values. */
import type { StoredType } from "../torch-pickle/stored-tensor.ts";
import { formatShape } from "../../graph/tensor.ts";
import { badExport } from "./bad-export.ts";
import type { ExportedSize, TensorMeta } from "./schema.ts";

/** A size of the example that the network was exported with, and the expression where it is open. */
export interface Size {
  readonly value: number;
  /** As the file writes it; undefined for a size that is fixed. */
  readonly expression?: string;
}

/** What is known of a value. */
export interface Meta {
  readonly type: StoredType;
  readonly sizes: readonly Size[];
  /** Elements from one to the next along each axis, in the example. */
  readonly strides: readonly (number | undefined)[];
}

/** torch/_export/serde/schema.py: ScalarType. */
const scalarTypes: Readonly<Record<number, StoredType>> = {
  1: "uint8",
  2: "int8",
  3: "int16",
  4: "int32",
  5: "int64",
  6: "float16",
  7: "float32",
  8: "float64",
  12: "bool",
  13: "bfloat16",
  28: "uint16",
};

/** The element type of a number of ScalarType. Throws `bad-file` for complex ones and those of 8 bits. */
export function scalarType(name: string, code: number): StoredType {
  const type = scalarTypes[code];
  if (type) return type;
  throw badExport(
    `"${name}" must have numbers of a known type, got ScalarType ${code}`,
    "export the network with float32 weights",
  );
}

/** What a file tells of a value; sizes of names in `fixed` are as in the example. Throws `bad-file`. */
export function metaOf(name: string, meta: TensorMeta, fixed: ReadonlySet<string>): Meta {
  const sizes = meta.sizes.map((size) => sizeOf(name, size, fixed));
  if (sizes.some(({ value }) => value < 0)) {
    const got = formatShape(sizes.map(({ value }) => value));
    throw badExport(`sizes of "${name}" must be from 0, got ${got}`);
  }
  return {
    type: scalarType(name, meta.dtype),
    sizes,
    strides: meta.strides.map((size) => size.as_int ?? size.as_expr?.hint?.as_int),
  };
}

/** Throws `bad-file` for a size that is no whole number, or without one in the example. */
export function sizeOf(name: string, size: ExportedSize, fixed: ReadonlySet<string>): Size {
  const value = size.as_int ?? size.as_expr?.hint?.as_int;
  if (value === undefined || !Number.isSafeInteger(value)) {
    const got = size.as_expr?.expr_str ?? "none";
    throw badExport(`sizes of "${name}" must have a number in the example, got "${got}"`);
  }
  const expression = size.as_expr?.expr_str;
  if (expression === undefined) return { value };
  const isOpen = symbolsOf(expression).some((symbol) => !fixed.has(symbol));
  return isOpen ? { value, expression } : { value };
}

/** Names of the open sizes in an expression: `Mul(Integer(2), Symbol('s0', ...))`, or `2*s0`. */
export function symbolsOf(expression: string): readonly string[] {
  const quoted = [...expression.matchAll(/Symbol\('([^']*)'/g)].map((match) => match[1]!);
  if (quoted.length > 0) return [...new Set(quoted)];
  return [...new Set(expression.match(/\b[a-z_]\w*\b(?!\()/gi) ?? [])];
}

/** An operator needs the number of a size that is open. */
export class NeedsFixedSize extends Error {
  readonly expressions: readonly string[];

  constructor(expressions: readonly string[]) {
    super(expressions.join());
    this.expressions = expressions;
  }
}
