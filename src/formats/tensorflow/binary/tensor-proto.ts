/** @file Numbers as a TensorProto has them: bytes, or a list whose last number stands for all that follow. */
import {
  arrayType,
  bytesPerElement,
  elementCount,
  tensor,
  type ElementType,
  type Tensor,
} from "../../../graph/tensor.ts";
import { badGraph, dataTypeOf, storedTypes, type DataType } from "../description.ts";
import {
  bytesOf,
  doublesOf,
  eachField,
  floatsOf,
  textOf,
  wholeOf,
  wholesOf,
  type WireField,
} from "./wire.ts";

/** How many bytes tensors may take that the file has not: lists of one number that stands for many. */
export class FillBudget {
  #left = 2 ** 25;

  /** Throws `bad-file` once it is spent. */
  take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left < 0) throw badGraph("constants must not be larger than the file, got so");
  }
}

/** The sizes of a TensorShapeProto, -1 for open ones; undefined for an unknown rank. */
export function sizesOf(bytes: Uint8Array): readonly number[] | undefined {
  const sizes: number[] = [];
  let isKnown = true;
  eachField(bytes, (field) => {
    if (field.number === 2) sizes.push(sizeOf(bytesOf(field)));
    else if (field.number === 3) isKnown = wholeOf(field) === 0;
    else return false;
    return true;
  });
  return isKnown ? sizes : undefined;
}

function sizeOf(bytes: Uint8Array): number {
  let size = 0;
  eachField(bytes, (field) => {
    if (field.number !== 1) return false;
    size = wholeOf(field);
    return true;
  });
  return size;
}

interface Parts {
  type: DataType;
  dims: readonly number[];
  content: Uint8Array | undefined;
  readonly numbers: number[];
  readonly texts: string[];
}

/** The tensor of a TensorProto. Throws `bad-file`; types without numbers become text of no letters. */
export function tensorProto(bytes: Uint8Array, budget: FillBudget): Tensor {
  const parts: Parts = { type: "FLOAT", dims: [], content: undefined, numbers: [], texts: [] };
  eachField(bytes, (field) => takePart(parts, field));
  const { type, dims, content, numbers, texts } = parts;
  const count = elementCount(dims);
  if (dims.some((dim) => dim < 0) || count > 2 ** 31) {
    throw badGraph(`constants must have sizes, got [${dims.join(", ")}]`);
  }
  const stored = storedTypes[type];
  if (!stored) return { type: "string", dims: [texts.length], data: texts };
  if (content && content.length > 0) return ofBytes(stored, dims, content);
  if (numbers.length > count) throw badGraph(`constants must fit [${dims.join(", ")}], got more`);
  budget.take((count - numbers.length) * bytesPerElement(stored));
  return filled(stored, dims, numbers);
}

function takePart(parts: Parts, field: WireField): boolean {
  switch (field.number) {
    case 1:
      parts.type = dataTypeOf(wholeOf(field));
      return true;
    case 2:
      parts.dims = sizesOf(bytesOf(field)) ?? [];
      return true;
    case 4:
      parts.content = bytesOf(field);
      return true;
    case 8:
      parts.texts.push(textOf(field));
      return true;
    case 5:
      return push(parts, floatsOf(field));
    case 6:
      return push(parts, doublesOf(field));
    case 7:
    case 10:
    case 11:
    case 13:
    case 16:
    case 17:
      return push(parts, wholesOf(field));
    default:
      return false;
  }
}

function push({ numbers }: Parts, more: readonly number[]): boolean {
  for (const number of more) numbers.push(number);
  return true;
}

function ofBytes(
  type: Exclude<ElementType, "string">,
  dims: readonly number[],
  content: Uint8Array,
): Tensor {
  if (content.length !== elementCount(dims) * bytesPerElement(type)) {
    throw badGraph(
      `constants of [${dims.join(", ")}] must have as many bytes, got ${content.length}`,
    );
  }
  // Numbers of several bytes stand at any place of a message.
  return tensor(type, dims, new (arrayType(type))(content.slice().buffer) as never);
}

function filled(
  type: Exclude<ElementType, "string">,
  dims: readonly number[],
  numbers: readonly number[],
): Tensor {
  const data = new (arrayType(type))(elementCount(dims));
  const last = numbers.at(-1) ?? 0;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    for (let i = 0; i < data.length; i++) data[i] = BigInt(Math.trunc(numbers[i] ?? last));
  } else {
    for (let i = 0; i < data.length; i++) data[i] = numbers[i] ?? last;
  }
  return tensor(type, dims, data as never);
}
