/** @file Of each of many rows of numbers the others that point its way most, found exactly, by products of all with all. */
import { throwIfAborted, type StopSignal } from "../../errors.ts";
import { GraphBuilder } from "../../graph/builder.ts";
import type { Graph } from "../../graph/graph.ts";
import { tensor } from "../../graph/tensor.ts";
import type { Runtime } from "../../runtime/runtime.ts";

/** Rows of one length, `data` [rows, length]. */
export interface Rows {
  readonly data: Float32Array;
  readonly length: number;
}

/** Of each of `count` rows its `each` nearest others, the nearest first. */
export interface Neighbours {
  readonly count: number;
  readonly each: number;
  /** [count, each]. */
  readonly numbers: Int32Array;
  /** [count, each], -1..1. */
  readonly cosines: Float32Array;
}

/** Rows whose products are held at once. */
const mostTogether = 256;

/**
 * The `most` rows, or all others where there are fewer, with the largest cosine to each; of equal ones the smaller number first.
 * Rows must have a length above 0. Throws `aborted`.
 */
export async function nearestRows(
  runtime: Runtime,
  rows: Rows,
  most: number,
  signal?: StopSignal,
): Promise<Neighbours> {
  const { length } = rows;
  const data = normalized(rows);
  const count = data.length / length;
  const each = Math.max(Math.min(most, count - 1), 0);
  const numbers = new Int32Array(count * each);
  const cosines = new Float32Array(count * each);
  if (each === 0) return { count, each, numbers, cosines };
  const together = Math.min(mostTogether, count);
  const session = await runtime.open(productsGraph({ data, length }, together, each + 1));
  try {
    for (let first = 0; first < count; first += together) {
      throwIfAborted(signal, "atlas");
      // The last block begins earlier, so that all are of one size.
      const from = Math.min(first, count - together);
      const some = data.subarray(from * length, (from + together) * length);
      const found = await session.run({ some: tensor("float32", [together, length], some) });
      const near = found["numbers"]!.data as Int32Array;
      const values = found["cosines"]!.data as Float32Array;
      for (let i = 0; i < together; i++) {
        let to = (from + i) * each;
        for (let j = i * (each + 1); to < (from + i + 1) * each; j++) {
          if (near[j] === from + i) continue;
          numbers[to] = near[j]!;
          cosines[to++] = Math.min(values[j]!, 1);
        }
      }
    }
  } finally {
    await session.release();
  }
  return { count, each, numbers, cosines };
}

/** Each row as long as 1. */
function normalized({ data, length }: Rows): Float32Array {
  const units = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += length) {
    let square = 0;
    for (let i = from; i < from + length; i++) square += data[i]! ** 2;
    const factor = 1 / Math.sqrt(square);
    for (let i = from; i < from + length; i++) units[i] = data[i]! * factor;
  }
  return units;
}

function productsGraph({ data, length }: Rows, together: number, most: number): Graph {
  const b = new GraphBuilder();
  const some = b.input("some", [together, length]);
  const all = b.constant(data, [data.length / length, length]);
  const products = b.op("MatMul", [some, b.transpose(all, [1, 0])]);
  const [cosines, numbers] = b.ops("TopK", [products, b.ints([most])], 2, {}, "cosines");
  b.output(cosines!);
  b.output(b.op("Cast", [numbers!], { to: 6 }, "numbers"));
  return b.build("nearest");
}
