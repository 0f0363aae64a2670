/** @file What is done number by number: of one value, or of two that are broadcast against each other. */
import type { AttributeInputs, GraphBuilder, Value } from "../../graph/builder.ts";
import { channelsFirst, heldLast, makersOrder, toFirst, type NhwcValue } from "./nhwc-value.ts";
import { permutedTensor } from "./permuted-tensor.ts";

/** An operator of ONNX on every number of a value by itself; what else it takes are constants without axes. */
export function unary(
  b: GraphBuilder,
  operator: string,
  x: NhwcValue,
  name: string,
  attributes: AttributeInputs = {},
  more: readonly (Value | null)[] = [],
): NhwcValue {
  return { ...x, value: b.op(operator, [x.value, ...more], attributes, name) };
}

/** An operator of ONNX on two values, which are broadcast as the maker has them: axes are aligned at the last one. */
export function binary(
  b: GraphBuilder,
  operator: string,
  [x, y]: readonly [NhwcValue, NhwcValue],
  name: string,
): NhwcValue {
  const held = commonOf(x, y);
  const left = aligned(b, x, y.dims.length, held);
  const right = aligned(b, y, x.dims.length, held);
  const value = b.op(operator, [left, right], {}, name);
  const rank = Math.max(x.dims.length, y.dims.length);
  if (held.held !== "first") return { ...held, value, dims: value.dims };
  const [n, c, ...places] = value.dims;
  return { value, dims: rank < 3 ? value.dims : [n!, ...places, c!], held: "first" };
}

type Held = Pick<NhwcValue, "held" | "flattened">;

/** How two values are held together: channels first where one of them is, flat where both come from the same axes. */
function commonOf(x: NhwcValue, y: NhwcValue): Held {
  const rank = Math.max(x.dims.length, y.dims.length);
  const isFirst = [x, y].some(({ held, dims }) => held === "first" && dims.length === rank);
  if (isFirst) return { held: "first" };
  const alone = [x, y].filter(({ dims }) => dims.some((dim) => dim !== 1));
  const flat = alone[0]?.held === "flat" ? alone[0].flattened! : undefined;
  const isFlat =
    flat &&
    alone.every(({ held, flattened }) => held === "flat" && String(flattened) === String(flat));
  return isFlat ? { held: "flat", flattened: flat } : { held: "last" };
}

/** One of two values as both are held, with axes of 1 in front where the other has more. */
function aligned(b: GraphBuilder, x: NhwcValue, otherRank: number, { held }: Held): Value {
  const rank = Math.max(x.dims.length, otherRank);
  if (held === "flat") return x.value;
  if (held === "last") return makersOrder(b, x);
  if (x.dims.length === rank) return constantFirst(b, x) ?? channelsFirst(b, x);
  // A bare number fits every shape.
  if (x.dims.every((dim) => dim === 1)) return b.reshape(makersOrder(b, x), []);
  const dims = [...Array<number>(rank - x.dims.length).fill(1), ...x.dims];
  return (
    constantFirst(b, x, dims) ?? channelsFirst(b, heldLast(b.reshape(makersOrder(b, x), dims)))
  );
}

/** A constant with its axes turned as it is read, so that nothing is left to do at a run. */
function constantFirst(b: GraphBuilder, x: NhwcValue, dims = x.dims): Value | undefined {
  const known = x.held === "last" ? b.constantOf(x.value) : undefined;
  if (known?.type !== "float32") return undefined;
  return b.initializer(x.value.name, permutedTensor({ ...known, dims }, toFirst(dims.length)));
}
