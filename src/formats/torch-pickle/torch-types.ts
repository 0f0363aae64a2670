/** @file PyTorch's element types by their names. */
import type { StoredType } from "./stored-tensor.ts";

/** By the names of torch, as `torch.float32`. */
export const torchTypes: Readonly<Record<string, StoredType>> = {
  float32: "float32",
  float64: "float64",
  float16: "float16",
  bfloat16: "bfloat16",
  int8: "int8",
  int16: "int16",
  int32: "int32",
  int64: "int64",
  uint8: "uint8",
  uint16: "uint16",
  uint32: "uint32",
  uint64: "uint64",
  bool: "bool",
};

/** By the classes of storages, as `torch.FloatStorage`. */
export const storageTypes: Readonly<Record<string, StoredType>> = {
  FloatStorage: "float32",
  DoubleStorage: "float64",
  HalfStorage: "float16",
  BFloat16Storage: "bfloat16",
  CharStorage: "int8",
  ShortStorage: "int16",
  IntStorage: "int32",
  LongStorage: "int64",
  ByteStorage: "uint8",
  BoolStorage: "bool",
};
