/** @file Attributes: small named values of groups and datasets. */
import { elementCount, type Tensor } from "../../graph/tensor.ts";
import { badHdf5, notRead } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";
import { readDataspace } from "./dataspace.ts";
import { readDatatype } from "./datatype.ts";
import type { GlobalHeap } from "./global-heap.ts";
import { valuesOf } from "./values.ts";

/** An attribute whose value has not been looked at. */
export interface AttributeMessage {
  readonly name: string;
  /** Throws `bad-file` for types that no tensor has. */
  value(heap: GlobalHeap): Promise<Tensor>;
}

const sharedFlags = 3;

/** Reads the name of an attribute message, and where its parts are. Throws `bad-file`. */
export function readAttribute(fields: Cursor): AttributeMessage {
  const version = fields.version("an attribute", 1, 2, 3);
  const isShared = (fields.u8() & sharedFlags) !== 0 && version > 1;
  const [nameBytes, typeBytes, spaceBytes] = [fields.u16(), fields.u16(), fields.u16()];
  if (version === 3) fields.skip(1);
  // Of version 1 each part is filled up to a multiple of 8.
  const part = (bytes: number) => fields.part(version === 1 ? Math.ceil(bytes / 8) * 8 : bytes);
  const name = part(nameBytes).text(nameBytes);
  const [type, space, rest] = [part(typeBytes), part(spaceBytes), fields.part(fields.left)];
  const value = async (heap: GlobalHeap): Promise<Tensor> => {
    if (isShared) throw notRead(`attribute "${name}" has a shared type`);
    [type.at, space.at, rest.at] = [0, 0, 0];
    const datatype = readDatatype(type);
    const dims = readDataspace(space);
    const bytes = elementCount(dims) * datatype.size;
    if (bytes > rest.left) {
      throw badHdf5(`attribute "${name}" must have ${bytes} bytes of values, got ${rest.left}`);
    }
    return valuesOf(datatype, dims, rest.bytes(bytes), fields.sizes, heap);
  };
  return { name, value };
}
