/** @file Data layouts of HDF5: where the elements of a dataset lie. */
import { badHdf5, notRead } from "./bad-hdf5.ts";
import type { Cursor } from "./cursor.ts";

/** Where the elements of a dataset lie; nowhere if nobody wrote any. */
export type Layout =
  | { readonly kind: "compact"; readonly bytes: Uint8Array }
  | { readonly kind: "contiguous"; readonly address: number | undefined }
  | {
      readonly kind: "chunked";
      /** Of the root of the tree of chunks. */
      readonly tree: number | undefined;
      /** Elements of a chunk along each axis. */
      readonly chunk: readonly number[];
      readonly elementBytes: number;
    };

const classes = ["compact", "contiguous", "chunked", "virtual"] as const;

/** Reads a layout message. Throws `bad-file` for virtual datasets, and for chunks with an index of newer files. */
export function readLayout(fields: Cursor): Layout {
  const version = fields.version("a data layout", 1, 2, 3, 4, 5);
  if (version < 3) return oldLayout(fields);
  const kind = classOf(fields.u8());
  switch (kind) {
    case "compact":
      return { kind, bytes: fields.bytes(fields.u16()) };
    case "contiguous":
      return { kind, address: fields.address() };
    default: {
      if (version > 3) {
        throw notRead("the chunks are listed in the way of HDF5 1.10 (libver='latest')");
      }
      const rank = fields.u8();
      return chunked(fields.address(), fields, rank);
    }
  }
}

function classOf(number: number): Exclude<(typeof classes)[number], "virtual"> {
  const kind = classes[number];
  if (kind === undefined) throw badHdf5(`a data layout must have class 0 to 3, got ${number}`);
  if (kind === "virtual")
    throw notRead("the dataset is a virtual one, whose data lie in other files");
  return kind;
}

function oldLayout(fields: Cursor): Layout {
  const rank = fields.u8();
  const kind = classOf(fields.u8());
  fields.skip(5);
  const address = kind === "compact" ? undefined : fields.address();
  if (kind === "chunked") return chunked(address, fields, rank);
  fields.skip(4 * rank);
  if (kind === "contiguous") return { kind, address };
  return { kind, bytes: fields.bytes(fields.u32()) };
}

/** The last of the dimensions that are stored is the size of an element. */
function chunked(tree: number | undefined, fields: Cursor, rank: number): Layout {
  const sizes = Array.from({ length: rank }, () => fields.u32());
  const elementBytes = sizes.pop();
  if (elementBytes !== undefined && sizes.every((size) => size > 0)) {
    return { kind: "chunked", tree, chunk: sizes, elementBytes };
  }
  throw badHdf5(`chunks must have elements along each axis, got ${sizes.join("x") || "no axis"}`);
}
