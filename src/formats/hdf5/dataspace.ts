/** @file Dataspaces of HDF5: the shape of a dataset or attribute. */
import { elementCount, mostAxes } from "../../graph/tensor.ts";
import { badHdf5 } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";

/** Type of a dataspace of version 2 that holds nothing. */
const nothing = 2;

/** Reads a dataspace message: its dimensions, none for a scalar, one of 0 for nothing. Throws `bad-file`. */
export function readDataspace(fields: Cursor): readonly number[] {
  const version = fields.version("a dataspace", 1, 2);
  const rank = fields.u8();
  if (rank > mostAxes) throw badHdf5(`a shape must have at most ${mostAxes} axes, got ${rank}`);
  fields.skip(1);
  if (version === 1) fields.skip(5);
  else if (fields.u8() === nothing) return [0];
  const dims = Array.from({ length: rank }, () => fields.length());
  if (Number.isSafeInteger(elementCount(dims))) return dims;
  throw badHdf5(`a shape must have fewer elements, got ${elementCount(dims)}`);
}
