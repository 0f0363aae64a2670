/** @file What a graph of TensorFlow says, whichever file it was read from. */
import { LimpidError } from "../../errors.ts";
import type { ElementType, Tensor } from "../../graph/tensor.ts";

/** A graph as its file has it: nodes in no order, and the functions that they call. */
export interface TensorflowDescription {
  readonly nodes: readonly NodeDescription[];
  readonly functions: ReadonlyMap<string, FunctionDescription>;
}

/** A node: an operation by name, what it reads, and how it is set. */
export interface NodeDescription {
  readonly name: string;
  readonly op: string;
  /** Values alone; edges that say nothing but an order are left out. */
  readonly inputs: readonly InputReference[];
  readonly attributes: ReadonlyMap<string, AttributeValue>;
}

/** One output of a node. */
export interface InputReference {
  readonly node: string;
  /** From 0 on among the outputs of the group `group`, or among all. */
  readonly output: number;
  /** Inside functions outputs are counted within groups that have names: `y:0`. */
  readonly group?: string;
}

/** A function of a graph's library. */
export interface FunctionDescription {
  readonly inputs: readonly string[];
  /** By the function's outputs in their order. */
  readonly outputs: readonly InputReference[];
  readonly nodes: readonly NodeDescription[];
}

/** What attributes hold, by kind; sizes of -1 are open, and a shape of unknown rank is undefined. */
export interface AttributeKinds {
  readonly text: string;
  readonly number: number;
  readonly truth: boolean;
  readonly type: DataType;
  readonly shape: readonly number[] | undefined;
  readonly tensor: Tensor;
  readonly function: string;
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/** An attribute with the kind that is stored. */
export type AttributeValue = {
  [K in keyof AttributeKinds]: { readonly kind: K; readonly value: AttributeKinds[K] };
}[keyof AttributeKinds];

/** Types of TensorFlow by their numbers, without `DT_`; those that refer to a variable are 100 more. */
const dataTypes = [
  "INVALID",
  "FLOAT",
  "DOUBLE",
  "INT32",
  "UINT8",
  "INT16",
  "INT8",
  "STRING",
  "COMPLEX64",
  "INT64",
  "BOOL",
  "QINT8",
  "QUINT8",
  "QINT32",
  "BFLOAT16",
  "QINT16",
  "QUINT16",
  "UINT16",
  "COMPLEX128",
  "HALF",
  "RESOURCE",
  "VARIANT",
  "UINT32",
  "UINT64",
] as const;

export type DataType = (typeof dataTypes)[number];

/** A type by its number, or by its name with `DT_`; `INVALID` for those that are not known. */
export function dataTypeOf(told: number | string): DataType {
  if (typeof told === "number") return dataTypes[told > 100 ? told - 100 : told] ?? "INVALID";
  const name = told.replace(/^DT_/, "").replace(/_REF$/, "");
  return dataTypes.find((type) => type === name) ?? "INVALID";
}

/** How numbers of a type are stored in files. */
export const storedTypes: Readonly<Partial<Record<DataType, Exclude<ElementType, "string">>>> = {
  FLOAT: "float32",
  DOUBLE: "float64",
  HALF: "float16",
  BFLOAT16: "bfloat16",
  INT8: "int8",
  INT16: "int16",
  INT32: "int32",
  INT64: "int64",
  UINT8: "uint8",
  UINT16: "uint16",
  UINT32: "uint32",
  UINT64: "uint64",
  BOOL: "bool",
};

/** What numbers of a type are in a graph: half precision and doubles are computed in float32. */
export const elementTypes: typeof storedTypes = {
  ...storedTypes,
  DOUBLE: "float32",
  HALF: "float32",
  BFLOAT16: "float32",
};

/** `name`, `name:1`, `name:group:1`; undefined for `^name`, which is an order alone. */
export function referenceOf(told: string): InputReference | undefined {
  if (told.startsWith("^")) return undefined;
  const found = /^(?<node>.*?)(?::(?<group>[A-Za-z_]\w*))?(?::(?<output>\d{1,6}))?$/s.exec(told);
  const { node = told, group, output } = found?.groups ?? {};
  return { node, output: Number(output ?? 0), ...(group && { group }) };
}

/** `tensorflow: <what must hold, got value>. <what to do>.` */
export function badGraph(
  what: string,
  advice = "export the model again",
  cause?: unknown,
): LimpidError {
  return new LimpidError("bad-file", `tensorflow: ${what}. ${advice}.`, { cause });
}
