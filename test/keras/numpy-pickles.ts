/** @file Arrays of .npz files as `numpy.savez` writes dictionaries of them: pickles of protocol 3. */
import { joined } from "../fuzz/mutations/draw.ts";

const encoder = new TextEncoder();
const text = (value: string) => encoder.encode(value);

/** A text with its length. */
function unicode(value: string): Uint8Array {
  const bytes = text(value);
  return joined(text("X"), uint32(bytes.length), bytes);
}

function uint32(value: number): Uint8Array {
  return new Uint8Array(Uint32Array.of(value).buffer);
}

/** A whole number below 2^31, or -1. */
function whole(value: number): Uint8Array {
  return joined(text("J"), new Uint8Array(Int32Array.of(value).buffer));
}

/** A type: what it is made of, then its byte order. */
function dtype(code: string, order: string, flags: number): Uint8Array {
  const made = joined(
    text("cnumpy\ndtype\n"),
    unicode(code),
    Uint8Array.of(0x89, 0x88, 0x87),
    text("R"),
  );
  const state = [
    whole(3),
    unicode(order),
    text("NNN"),
    whole(-1),
    whole(-1),
    whole(flags),
    text("t"),
  ];
  return joined(made, text("("), ...state, text("b"));
}

/** An array: an empty one, then its shape, type, order and what it holds. */
function array(dims: readonly number[], type: Uint8Array, content: Uint8Array): Uint8Array {
  const empty = "cnumpy._core.multiarray\n_reconstruct\ncnumpy\nndarray\n";
  const made = joined(
    text(empty),
    whole(0),
    Uint8Array.of(0x85),
    text("C\x01b"),
    Uint8Array.of(0x87),
    text("R"),
  );
  const shape = joined(text("("), ...dims.map(whole), text("t"));
  return joined(made, text("("), whole(1), shape, type, Uint8Array.of(0x89), content, text("tb"));
}

function floats(dims: readonly number[], data: Float32Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const content = joined(text("B"), uint32(bytes.length), bytes);
  return array(dims, dtype("f4", "<", 0), content);
}

/** A variable of Keras 3, whose value is an array. */
function variable(value: Uint8Array): Uint8Array {
  const made = joined(text("ckeras.src.backend\nVariable\n)"), Uint8Array.of(0x81));
  return joined(
    made,
    text("}("),
    unicode("_name"),
    unicode("kernel"),
    unicode("_value"),
    value,
    text("ub"),
  );
}

/** An .npy file of one object: a dictionary of float32 arrays by their names, or of variables that hold them. */
export function pickledArrays(
  arrays: Readonly<
    Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>
  >,
  areVariables = false,
): Uint8Array {
  const items = Object.entries(arrays).map(([name, { dims, data }]) => {
    const value = floats(dims, data);
    return joined(unicode(name), areVariables ? variable(value) : value);
  });
  const dictionary = joined(text("]}("), ...items, text("ua"));
  const pickle = joined(
    Uint8Array.of(0x80, 3),
    array([], dtype("O8", "|", 63), dictionary),
    text("."),
  );
  const header = "{'descr': '|O', 'fortran_order': False, 'shape': (), }".padEnd(117) + "\n";
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0);
  return joined(start, text(header), pickle);
}
