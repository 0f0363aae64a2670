/** @file An operation as a row of the table sees it: what it is given at its places, by names or by its configuration. */
import * as v from "valibot";
import type { LimpidError } from "../../../errors.ts";
import type { GraphBuilder } from "../../../graph/builder.ts";
import { shownJson } from "../../../wording/read-json.ts";
import { shownText } from "../../../wording/shown-text.ts";
import { heldLast, makersOrder, type NhwcValue } from "../../channels-last/nhwc-value.ts";
import { withoutTuples } from "../layer-config.ts";
import { listedConstant, listedNumbers } from "../layers/constants.ts";
import { refused, type LayerCall, type Operand } from "../layers/layer-kind.ts";

const wholes = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.array(v.pipe(v.number(), v.safeInteger())),
]);

/** What says nothing of the numbers, and what only others of its call give a meaning. */
const silent = new Set(["name", "dtype", "trainable", "fill_mode", "fill_value"]);

/** What is left at what is usual. */
function saysNothing(operand: Operand): boolean {
  if (operand.kind !== "plain") return false;
  const { value } = operand;
  return value === undefined || value === null || value === false || usualLayouts.has(value);
}

const usualLayouts = new Set<unknown>(["channels_last", "NHWC"]);

/** One call of an operation. All that it is asked for throws `bad-file` where it is something else. */
export class OperationCall {
  readonly call: LayerCall;
  /** In small letters, without namespace: `reduce_mean`. */
  readonly op: string;
  readonly b: GraphBuilder;
  readonly name: string;
  readonly #asked = new Set<string | number>();

  constructor(call: LayerCall, op: string) {
    this.call = call;
    this.op = op;
    this.b = call.b;
    this.name = call.name;
  }

  refused(what: string): LimpidError {
    return refused(
      this.call,
      `its operation "${this.op}" ${what}`,
      "use layers of Keras in its place and save the model again",
    );
  }

  /** What is given at a place, by one of the names, or by a field of the configuration. */
  #operand(place: number, names: readonly string[]): Operand | undefined {
    const { positional, named, config } = this.call;
    for (const each of [place, ...names]) this.#asked.add(each);
    const byName = names.map((name) => named[name]).find((operand) => operand !== undefined);
    if (byName) return byName;
    if (positional[place]) return positional[place];
    const field = names.find((name) => config.has(name));
    return field === undefined ? undefined : { kind: "plain", value: config.get(field) };
  }

  /** Throws `bad-file` where the file sets what the row has no word for, so that nothing is left out unseen. */
  requireAllRead(): void {
    const { layer, positional, named, config } = this.call;
    const isNode = layer.className === "TensorFlowOpLayer";
    const fields = layer.isOperation ? Object.keys(config.values) : [];
    const given = [
      ...positional.map((operand, place) => [place, operand] as const),
      ...Object.entries(named),
      ...fields.map((field) => [field, { kind: "plain", value: config.get(field) }] as const),
    ];
    for (const [key, operand] of given) {
      const isKnown = this.#asked.has(key) || silent.has(String(key));
      // Attributes of nodes in capitals are types.
      if (isKnown || (isNode && /^[A-Z_]/.test(String(key))) || saysNothing(operand)) continue;
      const what = typeof key === "number" ? `an argument ${key + 1}` : `"${shownText(key)}"`;
      throw this.refused(`must have no ${what} of its own`);
    }
  }

  /** A tensor, or numbers as a constant. */
  x(place: number, ...names: readonly string[]): NhwcValue {
    const found = this.#operand(place, names);
    if (found?.kind === "tensor") return found.value;
    const listed = found?.kind === "plain" ? listedNumbers(withoutTuples(found.value)) : undefined;
    if (listed) return listedConstant(this.call, "constant", listed);
    throw this.refused(`must be given ${names[0] ?? "a tensor"} at place ${place + 1}`);
  }

  /** All tensors of a list. */
  list(place: number, ...names: readonly string[]): readonly NhwcValue[] {
    const found = this.#operand(place, names);
    const items = found?.kind === "list" ? found.items : found ? [found] : [];
    const values = items.flatMap((item) => (item.kind === "tensor" ? [item.value] : []));
    if (values.length === items.length && values.length > 0) return values;
    throw this.refused("must be given a list of tensors");
  }

  /** Something of JSON, undefined where it is left out or null. */
  plain(place: number, ...names: readonly string[]): unknown {
    const found = this.#operand(place, names);
    if (!found) return undefined;
    if (found.kind !== "plain") throw this.refused(`must have "${names[0]}" stored in the file`);
    const value = withoutTuples(found.value);
    return value === null ? undefined : value;
  }

  number(place: number, usual: number | undefined, ...names: readonly string[]): number {
    const value = this.plain(place, ...names) ?? usual;
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.refused(`must have a number as "${names[0]}", got ${shownJson(value)}`);
  }

  flag(place: number, usual: boolean, ...names: readonly string[]): boolean {
    const value = this.plain(place, ...names) ?? usual;
    if (typeof value === "boolean") return value;
    throw this.refused(`must have true or false as "${names[0]}", got ${shownJson(value)}`);
  }

  /** Whole numbers, undefined where they are left out. */
  ints(place: number, ...names: readonly string[]): readonly number[] | undefined {
    const value = this.plain(place, ...names);
    if (value === undefined) return undefined;
    const listed = listedNumbers(value);
    const read = v.safeParse(
      wholes,
      listed?.dims.length === 0 ? listed.data[0] : (listed?.data ?? value),
    );
    if (read.success) return typeof read.output === "number" ? [read.output] : read.output;
    throw this.refused(`must have whole numbers as "${names[0]}", got ${shownJson(value)}`);
  }

  /** Axes of a value, counted from the front, in order; all if none are given. */
  axes(x: NhwcValue, place: number, ...names: readonly string[]): readonly number[] {
    const rank = x.dims.length;
    const given = this.ints(place, ...names) ?? Array.from({ length: rank }, (_, axis) => axis);
    const axes = given.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
    if (axes.every((axis, i) => axis >= 0 && axis < rank && axis !== axes[i - 1])) return axes;
    throw this.refused(`must have axes of ${rank}, got [${given.join(", ")}]`);
  }

  /** A value as its maker has it. */
  last(x: NhwcValue): NhwcValue {
    return x.held === "last" ? x : heldLast(makersOrder(this.b, x));
  }
}
