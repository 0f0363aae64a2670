/** @file Files of TensorFlow Lite, written by the published schema from tensors and operators. */
import { builtinNumber } from "../../src/formats/tflite/builtin-names.ts";
import { flatFile, type Flat, type FlatFields } from "./flat-writer.ts";

/** Numbers of the types of tensors. */
const liteNumbers = {
  FLOAT32: 0,
  FLOAT16: 1,
  INT32: 2,
  UINT8: 3,
  BOOL: 6,
  INT8: 9,
} as const;

/** A tensor as it is written. */
export interface WrittenTensor {
  readonly name: string;
  /** Its name in the file, where that is another's too. */
  readonly written?: string;
  readonly type: keyof typeof liteNumbers;
  readonly shape: readonly number[];
  /** With -1 for open axes. */
  readonly signature?: readonly number[];
  readonly data?: Uint8Array;
  readonly quantization?: {
    readonly scales: readonly number[];
    readonly zeroPoints: readonly number[];
    readonly axis: number;
  };
}

/** An operator as it is written; its tensors by their names, undefined for one that is left out. */
export interface WrittenOperator {
  readonly builtin: string;
  readonly inputs: readonly (string | undefined)[];
  readonly outputs: readonly string[];
  readonly options?: FlatFields;
}

/** A model as it is written. */
export interface WrittenLite {
  readonly tensors: readonly WrittenTensor[];
  readonly operators: readonly WrittenOperator[];
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The bytes of the metadata's own table. */
  readonly metadata?: Uint8Array;
}

/** The bytes of a .tflite file. */
export function liteFile(model: WrittenLite): Uint8Array<ArrayBuffer> {
  const { tensors, operators, inputs, outputs, metadata } = model;
  const numbers = new Map(tensors.map(({ name }, i) => [name, i]));
  const numberOf = (name: string | undefined) => (name === undefined ? -1 : numbers.get(name)!);
  const kinds = [...new Set(operators.map(({ builtin }) => builtin))];
  // The first buffer is that of tensors without numbers.
  const buffers: FlatFields[] = [{}];
  const bufferOf = (data: Uint8Array | undefined) =>
    data === undefined ? 0 : buffers.push({ 0: { bytes: data } }) - 1;
  const graph: FlatFields = {
    0: { tables: tensors.map((tensor) => tensorTable(tensor, bufferOf(tensor.data))) },
    1: { ints: inputs.map(numberOf) },
    2: { ints: outputs.map(numberOf) },
    3: {
      tables: operators.map(({ builtin, inputs: read, outputs: made, options }) => ({
        0: { int32: kinds.indexOf(builtin) },
        1: { ints: read.map(numberOf) },
        2: { ints: made.map(numberOf) },
        ...(options && { 4: { table: options } }),
      })),
    },
  };
  const told = metadata && [
    { 0: { text: "TFLITE_METADATA" }, 1: { int32: bufferOf(metadata) } } as FlatFields,
  ];
  return flatFile(
    {
      0: { int32: 3 },
      1: { tables: kinds.map(codeTable) },
      2: { tables: [graph] },
      4: { tables: buffers },
      ...(told && { 6: { tables: told } }),
    },
    "TFL3",
  );
}

/** Numbers beyond 127 do not fit the field that came first; other names are custom operators. */
function codeTable(builtin: string): FlatFields {
  const number = builtinNumber(builtin);
  if (number < 0) return { 0: { int8: 32 }, 1: { text: builtin }, 3: { int32: 32 } };
  return { 0: { int8: Math.min(number, 127) }, 3: { int32: number } };
}

function tensorTable(
  { name, written = name, type, shape, signature, quantization }: WrittenTensor,
  buffer: number,
): FlatFields {
  const quantized: Flat | undefined = quantization && {
    table: {
      2: { floats: quantization.scales },
      3: { longs: quantization.zeroPoints },
      6: { int32: quantization.axis },
    },
  };
  return {
    0: { ints: shape },
    1: { int8: liteNumbers[type] },
    2: { int32: buffer },
    3: { text: written },
    ...(quantized && { 4: quantized }),
    ...(signature && { 7: { ints: signature } }),
  };
}
