/** @file Tensors of TensorFlow Lite, written from plain numbers. */
import type { Numbers } from "./graph-model.ts";
import type { WrittenTensor } from "./lite-file.ts";

export const bytesOf = (array: ArrayBufferView<ArrayBuffer>) => new Uint8Array(array.buffer);

export const floats = (
  name: string,
  shape: readonly number[],
  numbers: readonly number[],
): WrittenTensor => ({
  name,
  type: "FLOAT32",
  shape,
  data: bytesOf(Float32Array.from(numbers)),
});

export const ints = (name: string, ...numbers: number[]): WrittenTensor => ({
  name,
  type: "INT32",
  shape: [numbers.length],
  data: bytesOf(Int32Array.from(numbers)),
});

export const scalar = (name: string, number: number): WrittenTensor => ({
  ...ints(name, number),
  shape: [],
});

export const value = (name: string, shape: readonly number[]): WrittenTensor => ({
  name,
  type: "FLOAT32",
  shape,
});

export const row = (...data: number[]): Numbers => ({ dims: [1, data.length], data });
export const map = (h: number, w: number, c: number, data: readonly number[]): Numbers => ({
  dims: [1, h, w, c],
  data,
});
