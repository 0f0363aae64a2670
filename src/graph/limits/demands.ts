/** @file What rows of the table of requirements are made of; each throws `bad-file` where it does not hold. */
import { formatShape } from "../tensor.ts";
import type { SizedNode } from "./sized-node.ts";

/** The largest whole number of 32 bits, which is what ONNX Runtime's kernels take for sizes. */
export const mostInt32 = 2 ** 31 - 1;

/** Looks at a node; throws `bad-file` for what ONNX Runtime would not survive. */
export type Demand = (n: SizedNode) => void;

/** All demands together. */
export const all =
  (...demands: readonly Demand[]): Demand =>
  (n) => {
    for (const demand of demands) demand(n);
  };

/** Input `i` has elements, where its sizes are known. */
export const filled =
  (i = 0): Demand =>
  (n) => {
    const dims = n.dims(i);
    if (dims?.includes(0)) {
      throw n.refusal(`input ${i} must have elements`, formatShape(dims), "give larger pictures");
    }
  };

/** Every picture or region that input `i` may hold has elements; there may be none of them. */
export const filledRows =
  (i = 0): Demand =>
  (n) => {
    if (n.dims(i)?.includes(0, 1)) filled(i)(n);
  };

/** Input `i` holds one number, where its sizes are known and it is given. */
export const single =
  (i: number): Demand =>
  (n) => {
    const count = n.count(i);
    if (count !== undefined && count !== 1) {
      throw n.refusal(`input ${i} must be one number`, formatShape(n.dims(i)!));
    }
  };

/** Input `i` is a list, where its sizes are known and it is given; of so many numbers where that is known too. */
export const list =
  (i: number, lengthOf: (n: SizedNode) => number | undefined = () => undefined): Demand =>
  (n) => {
    const dims = n.dims(i);
    const length = lengthOf(n);
    if (!dims || (dims.length === 1 && (length === undefined || dims[0] === length))) return;
    const wanted = length === undefined ? "a list" : `a list of ${length} numbers`;
    throw n.refusal(`input ${i} must be ${wanted}`, formatShape(dims));
  };

/** Input `i` has a rank in this range, where it is known. */
export const ranked =
  (i: number, least: number, most = least): Demand =>
  (n) => {
    const dims = n.dims(i);
    if (!dims || (dims.length >= least && dims.length <= most)) return;
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw n.refusal(`input ${i} must have ${wanted} axes`, formatShape(dims));
  };

/** The numbers of input `i`, where they are known, lie in this range. */
export const within =
  (i: number, least: number, most: number): Demand =>
  (n) => {
    const odd = n.numbers(i)?.find((value) => !(value >= least && value <= most));
    if (odd !== undefined) {
      throw n.refusal(`the numbers of input ${i} must be ${least} to ${most}`, String(odd));
    }
  };

/** An attribute that is a whole number, if it is given, lies in this range. */
export const int =
  (name: string, least: number, most: number | ((n: SizedNode) => number | undefined)): Demand =>
  (n) => {
    if (!n.attributes.has(name)) return;
    const value = n.attributes.int(name);
    const top = typeof most === "number" ? most : (most(n) ?? Number.POSITIVE_INFINITY);
    if (value >= least && value <= top) return;
    throw n.refusal(`attribute ${name} must be ${least} to ${top}`, String(value));
  };

/** An attribute that is a number, if it is given, is finite. */
export const float =
  (name: string): Demand =>
  (n) => {
    if (!n.attributes.has(name)) return;
    const value = n.attributes.float(name);
    if (!Number.isFinite(value)) throw n.refusal(`attribute ${name} must be a number`, `${value}`);
  };

/** An attribute that is a number, if it is given, is above 0 in 32 bits too. */
export const positive =
  (name: string): Demand =>
  (n) => {
    if (!n.attributes.has(name)) return;
    const value = n.attributes.float(name);
    if (Number.isFinite(value) && Math.fround(value) > 0) return;
    throw n.refusal(`attribute ${name} must be a positive number`, String(value));
  };

/** Attribute `axis`, if it is given, names an axis of input `i`, or one of `more` behind them. */
export const axis =
  (i = 0, more = 0): Demand =>
  (n) => {
    const rank = n.dims(i)?.length;
    if (rank === undefined || !n.attributes.has("axis")) return;
    const value = n.attributes.int("axis");
    const most = Math.max(rank + more, 1);
    if (value >= -most && value < most) return;
    throw n.refusal(`attribute axis must be ${-most} to ${most - 1}`, String(value));
  };

/** Axes that input `i` names, where they are known, are axes of input 0, or of so many more, and each another. */
export const axes =
  (i: number, more: (n: SizedNode) => number = () => 0): Demand =>
  (n) => {
    const dims = n.dims(0);
    const named = n.numbers(i);
    if (!dims || !named) return;
    const rank = dims.length + more(n);
    const isIn = named.every((value) => value >= -rank && value < rank);
    const places = new Set(named.map((value) => (value < 0 ? value + rank : value)));
    if (isIn && places.size === named.length) return;
    throw n.refusal(
      `input ${i} must name different axes of ${formatShape(dims)}`,
      `[${named.join(", ")}]`,
    );
  };

/** Attributes that are yes or no. */
const flagNames: ReadonlySet<string> = new Set(
  (
    "align_corners allowzero antialias ceil_mode center_point_box count_include_pad exclude_outside exclusive fmod inverse " +
    "keepdims largest linear_before_reset noop_with_empty_axes onesided periodic reverse saturate select_last_index sorted " +
    "storage_order training_mode transA transB upper"
  ).split(" "),
);

/** Every yes or no is 1 or 0: readers take other numbers for one or the other. */
export const flags: Demand = (n) => {
  for (const [name, { kind }] of Object.entries(n.node.attributes)) {
    if (kind === "int" && flagNames.has(name)) int(name, 0, 1)(n);
  }
};

/** A list of whole numbers, if it is given, has this length, and each lies in this range. */
export function checkInts(
  n: SizedNode,
  name: string,
  length: number,
  range: { readonly least: number; readonly most: (i: number) => number },
): void {
  if (!n.attributes.has(name)) return;
  const values = n.attributes.ints(name);
  if (values.length !== length) {
    throw n.refusal(`attribute ${name} must have ${length} numbers`, String(values.length));
  }
  for (const [i, value] of values.entries()) {
    const most = range.most(i);
    if (value >= range.least && value <= most) continue;
    throw n.refusal(`attribute ${name} must hold ${range.least} to ${most}`, String(value));
  }
}
