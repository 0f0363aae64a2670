/** @file The element type in which PyTorch compares two operands. */
import type { ElementType } from "../../../graph/tensor.ts";
import type { Call } from "../call.ts";

/** Flags, whole numbers, floats. */
function kindOf(type: ElementType): number {
  if (type === "bool") return 0;
  return /float/.test(type) ? 2 : 1;
}

/** Types of a kind, each of which holds those before it; those of equal rank are joined by what holds both. */
const order: readonly ElementType[] = [
  "bool",
  "uint8",
  "int8",
  "int16",
  "int32",
  "int64",
  "bfloat16",
  "float16",
  "float32",
  "float64",
];

/** The type of `self` and `other`: numbers of Python's widen the kind alone, and so do tensors without axes. */
export function promoted(c: Call): ElementType {
  const [a, b] = (["self", "other"] as const).map((name) => operandOf(c, name)) as [
    Operand,
    Operand,
  ];
  if (a.isWeak === b.isWeak) return joined(a.type, b.type);
  const [strong, weak] = a.isWeak ? [b, a] : [a, b];
  return kindOf(weak.type) > kindOf(strong.type) ? weak.type : strong.type;
}

interface Operand {
  readonly type: ElementType;
  readonly isWeak: boolean;
}

function operandOf(c: Call, name: string): Operand {
  const value = c.maybe(name);
  if (value) return { type: value.type, isWeak: value.dims.length === 0 };
  const type = Number.isInteger(c.number(name)) ? "int64" : "float32";
  return { type, isWeak: true };
}

function joined(a: ElementType, b: ElementType): ElementType {
  const pair = [a, b];
  if (pair.includes("uint8") && pair.includes("int8")) return "int16";
  if (pair.includes("float16") && pair.includes("bfloat16")) return "float32";
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}
