/** @file Weights with their axes in another order. */
import { internalError } from "../../errors.ts";
import { toFloat32, tensor, type Tensor } from "../../graph/tensor.ts";

/** Weights whose numbers nobody else reads, and those of them that lie in another order by now. */
const handed = new WeakSet<Tensor>();
const spent = new WeakSet<Tensor>();

/** The weights, which may be turned where they lie, as they are used once and their buffer is theirs alone. */
export function handedOver<T extends Tensor>(weights: T): T {
  const { buffer, byteLength } = weights.data as Float32Array;
  if (byteLength === buffer.byteLength) handed.add(weights);
  return weights;
}

/** The weights, which are used more than once and stay as they are. */
export function keptAsRead<T extends Tensor>(weights: T): T {
  handed.delete(weights);
  return weights;
}

type Orders = Map<string, Tensor<"float32">>;

/** What was made of weights that are used more than once, while they are in use. */
const made = new WeakMap<Tensor, Orders>();

function once(weights: Tensor, key: string, make: () => Tensor<"float32">): Tensor<"float32"> {
  const orders: Orders = made.get(weights) ?? new Map();
  made.set(weights, orders);
  const found = orders.get(key) ?? make();
  orders.set(key, found);
  return found;
}

/** The weights as float32 with `order[i]` of the old axes as axis i; the same tensor for the same weights. */
export function permutedTensor(weights: Tensor, order: readonly number[]): Tensor<"float32"> {
  return once(weights, order.join(), () => turned(weights, order));
}

function turned(weights: Tensor, order: readonly number[]): Tensor<"float32"> {
  if (spent.has(weights)) throw internalError("permutedTensor", "weights were handed over");
  const data = toFloat32(weights);
  const dims = order.map((axis) => weights.dims[axis]!);
  if (order.every((axis, i) => axis === i)) return tensor("float32", dims, data);
  const strides = stridesOf(weights.dims);
  const steps = order.map((axis) => strides[axis]!);
  if (!handed.has(weights) || data.length > mostScratch) {
    return tensor("float32", dims, gathered(data, dims, steps, new Float32Array(data.length)));
  }
  if (scratch.length < data.length) scratch = new Float32Array(data.length);
  // What is read and not needed any more would be collected after the peak.
  data.set(gathered(data, dims, steps, scratch.subarray(0, data.length)));
  spent.add(weights);
  return tensor("float32", dims, data);
}

/** Numbers on their way, as many as the largest convolutions of usual networks have. */
const mostScratch = 2 ** 22;
let scratch = new Float32Array(0);

/** Elements between neighbours on each axis of a row-major tensor. */
function stridesOf(dims: readonly number[]): number[] {
  const strides = dims.map(() => 1);
  for (let axis = dims.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1]! * dims[axis + 1]!;
  }
  return strides;
}

function gathered(
  data: Float32Array,
  dims: readonly number[],
  steps: readonly number[],
  result: Float32Array,
): Float32Array {
  const last = dims.length - 1;
  const place = dims.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length;) {
    for (let i = 0; i < dims[last]!; i++) result[to++] = data[from + i * steps[last]!]!;
    for (let axis = last - 1; axis >= 0; axis--) {
      place[axis]! += 1;
      from += steps[axis]!;
      if (place[axis]! < dims[axis]!) break;
      from -= steps[axis]! * dims[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}

/**
 * A kernel [inputs, units] that is fed [N, C * places] where its maker fed [N, places * C]: its rows in the graph's
 * order. `flattened` is the maker's [..., C].
 */
export function rowsForFlat(kernel: Tensor, flattened: readonly number[]): Tensor<"float32"> {
  const channels = flattened.at(-1)!;
  const [inputs = 0, units = 0] = kernel.dims;
  const dims = [inputs / channels, channels, units];
  return once(kernel, `flat:${dims.join()}`, () => {
    const parted: Tensor = { type: "float32", dims, data: toFloat32(kernel) };
    return { ...turned(parted, [1, 0, 2]), dims: [inputs, units] };
  });
}
