/** @file One call of an operator in an exported program: its arguments by name, and what it must give. */
import type { AttributeInputs, GraphBuilder, Value } from "../../graph/builder.ts";
import type { ElementType } from "../../graph/tensor.ts";
import { badExport } from "./bad-export.ts";
import { NeedsFixedSize, scalarType, type Meta, type Size } from "./meta.ts";
import type { Argument, ExportedNode } from "./schema.ts";

/** Where a call finds what its arguments name. All throw `bad-file` for names that are not known. */
export interface Scope {
  readonly b: GraphBuilder;
  value(name: string): Value;
  meta(name: string): Meta;
  size(name: string): Size;
  note(sentence: string): void;
}

/** The value, or values in order, of an operator; trailing ones that nobody reads may be left out. */
export type Rule = (call: Call) => Value | readonly (Value | undefined)[];

export type RuleTable = Readonly<Record<string, Rule>>;

/** The largest float32: infinite numbers, which masks are made of, become it, and stay as decisive. */
const largestFloat = 3.4028234663852886e38;

/** Of places or counts that a rule makes. */
const mostListed = 2 ** 20;

export class Call {
  readonly b: GraphBuilder;
  /** As `conv2d` of `torch.ops.aten.conv2d.padding`. */
  readonly operator: string;
  /** As `padding`. */
  readonly overload: string;
  /** What the file says of the values that it gives. */
  readonly outputs: readonly Meta[];
  readonly #scope: Scope;
  readonly #arguments: ReadonlyMap<string, Argument>;
  readonly #read = new Set<string>();

  constructor(scope: Scope, node: ExportedNode, operator: string, outputs: readonly Meta[]) {
    this.b = scope.b;
    this.operator = operator;
    this.overload = node.target.split(".")[4] ?? "default";
    this.outputs = outputs;
    this.#scope = scope;
    this.#arguments = new Map(node.inputs.map(({ name, arg }) => [name, arg]));
  }

  /** What the file says of the first value that it gives. */
  get output(): Meta {
    return this.outputs[0] ?? this.refuse("a value must come of it", "none");
  }

  /** Throws `bad-file`: what must hold for this operator, and what it has instead. */
  refuse(what: string, got: string | number, advice?: string): never {
    throw badExport(`${this.operator}: ${what}, got ${got}`, advice);
  }

  /** A sentence for the user, of what is computed otherwise than asked. */
  note(sentence: string): void {
    this.#scope.note(sentence);
  }

  /** Whether an argument is given, and is not None. */
  has(name: string): boolean {
    return this.#entry(name) !== undefined;
  }

  isTensor(name: string): boolean {
    return this.#tensorName(this.#entry(name)) !== undefined;
  }

  /** A tensor that must be given. */
  tensor(name: string): Value {
    return this.maybe(name) ?? this.refuse(`"${name}" must be a tensor`, "none");
  }

  maybe(name: string): Value | undefined {
    const found = this.#tensorName(this.#entry(name));
    return found === undefined ? undefined : this.#scope.value(found);
  }

  /** What the file says of a tensor that must be given. */
  meta(name: string): Meta {
    const found = this.#tensorName(this.#entry(name));
    return found === undefined
      ? this.refuse(`"${name}" must be a tensor`, "none")
      : this.#scope.meta(found);
  }

  /** A list of tensors; None stands for undefined. */
  tensors(name: string): readonly (Value | undefined)[] {
    const [kind, items] = this.#entry(name) ?? [];
    const isList = kind === "as_tensors" || kind === "as_optional_tensors";
    if (!isList || !Array.isArray(items)) return this.refuse(`"${name}" must be a list`, "none");
    return items.map((item: unknown) => {
      const found = nameIn(item) ?? nameIn(entryOf(item)?.[1]);
      return found === undefined ? undefined : this.#scope.value(found);
    });
  }

  /** A number of a tensor's or of Python's as a value of a type. */
  operand(name: string, type: ElementType): Value {
    const value = this.maybe(name);
    return value ? this.b.cast(value, type) : this.scalar(this.number(name), type);
  }

  /** A constant; infinite floats become the largest ones. */
  scalar(value: number, type: ElementType): Value {
    const isFloat = /float/.test(type);
    if (!isFloat) return this.b.scalar(type === "bool" ? Number(value !== 0) : value, type);
    return this.b.scalar(Math.min(Math.max(value, -largestFloat), largestFloat), type);
  }

  number(name: string, fallback?: number): number {
    const [, value] = this.#entry(name) ?? [];
    if (value === undefined) return fallback ?? this.#missing(name);
    if (typeof value === "boolean") return Number(value);
    return numberOf(value) ?? this.#inside(name, value);
  }

  /** A whole number; throws `NeedsFixedSize` for an open size. */
  int(name: string, fallback?: number): number {
    const value = this.number(name, fallback);
    if (!Number.isInteger(value)) this.refuse(`"${name}" must be a whole number`, value);
    return value;
  }

  /** Whole numbers; `count` repeats a single one. */
  ints(name: string, fallback?: readonly number[], count?: number): readonly number[] {
    const entry = this.#entry(name);
    if (!entry) return fallback ?? this.#missing(name);
    const items: readonly unknown[] = Array.isArray(entry[1]) ? entry[1] : [entry[1]];
    const values = items.map((item) => numberOf(item) ?? this.#inside(name, item));
    if (values.length === 0 && fallback) return fallback;
    const all = values.length === 1 && count !== undefined ? repeated(values[0]!, count) : values;
    const isWhole = all.every(Number.isSafeInteger) && (count ?? all.length) === all.length;
    return isWhole ? all : this.refuse(`"${name}" must be whole numbers`, JSON.stringify(values));
  }

  floats(name: string): readonly number[] | undefined {
    const [, items] = this.#entry(name) ?? [];
    if (!Array.isArray(items)) return undefined;
    return items.map((item) => numberOf(item) ?? this.#missing(name));
  }

  flag(name: string, fallback: boolean): boolean {
    const [, value] = this.#entry(name) ?? [];
    if (value === undefined) return fallback;
    return typeof value === "boolean" ? value : this.number(name) !== 0;
  }

  text(name: string, fallback?: string): string {
    const [, value] = this.#entry(name) ?? [];
    if (value === undefined) return fallback ?? this.#missing(name);
    return typeof value === "string" ? value : this.refuse(`"${name}" must be text`, typeof value);
  }

  /** An element type, if one is given. */
  type(name: string): ElementType | undefined {
    const [kind, value] = this.#entry(name) ?? [];
    return kind === "as_scalar_type" ? scalarType(name, Number(value)) : undefined;
  }

  /** An axis of a tensor of `rank` axes, counted from the front. */
  axis(name: string, rank: number, fallback?: number): number {
    return this.positive(this.int(name, fallback), rank);
  }

  axes(name: string, rank: number): readonly number[] {
    const all = Array.from({ length: rank }, (_, axis) => axis);
    if (!this.has(name)) return all;
    const given = this.ints(name, []);
    return given.length === 0 ? all : given.map((axis) => this.positive(axis, rank));
  }

  positive(axis: number, rank: number): number {
    const found = axis < 0 ? axis + rank : axis;
    const isInside = found >= 0 && found < Math.max(rank, 1);
    return isInside ? found : this.refuse(`an axis must be one of ${rank}`, axis);
  }

  /** Numbers of sizes that must not be open. Throws `NeedsFixedSize`. */
  fixed(sizes: readonly Size[]): readonly number[] {
    const open = sizes.flatMap(({ expression }) => expression ?? []);
    if (open.length > 0) throw new NeedsFixedSize(open);
    return sizes.map(({ value }) => value);
  }

  /** So many numbers, made one by one. Throws `bad-file` for more than networks have in such lists. */
  listed(count: number, at: (index: number) => number): readonly number[] {
    if (count > mostListed) this.refuse(`a list must have at most ${mostListed} numbers`, count);
    return Array.from({ length: count }, (_, i) => at(i));
  }

  /** The elements of a value in another shape; open sizes are copied, or one of them is what is left. */
  reshaped(value: Value, from: readonly Size[], to: readonly Size[]): Value {
    const target = to.map(({ value: number, expression }, axis) => {
      if (expression === undefined) return number;
      return from[axis]?.expression === expression ? 0 : -1;
    });
    const open = to.filter((_, axis) => target[axis] === -1);
    if (open.length > 1) throw new NeedsFixedSize(open.flatMap((size) => size.expression ?? []));
    if (to.some((size) => size.value === 0)) this.refuse("values must have elements", "none");
    if (sameSizes(from, to)) return value;
    return this.b.op("Reshape", [value, this.b.ints(target)]);
  }

  /** A node of ONNX with one value. */
  op(
    operator: string,
    inputs: readonly (Value | undefined)[],
    attributes?: AttributeInputs,
  ): Value {
    const given = [...inputs];
    while (given.length > 0 && given.at(-1) === undefined) given.pop();
    return this.b.op(
      operator,
      given.map((input) => input ?? null),
      attributes,
    );
  }

  /** Names of arguments that are given and that its rule has not asked for. */
  unread(): readonly string[] {
    const names = [...this.#arguments.keys()];
    return names.filter((name) => !this.#read.has(name) && this.has(name));
  }

  #entry(name: string): readonly [kind: string, value: unknown] | undefined {
    this.#read.add(name);
    const entry = entryOf(this.#arguments.get(name));
    if (!entry || entry[0] === "as_none") return undefined;
    return entry[0] === "as_optional_tensor" ? noneless(entry[1]) : entry;
  }

  #tensorName(entry: readonly [string, unknown] | undefined): string | undefined {
    return entry?.[0] === "as_tensor" ? nameIn(entry[1]) : undefined;
  }

  /** A number inside an entry of its own: `{as_int: 2}` or the name of a size. */
  #inside(name: string, value: unknown): number {
    const [kind, item] = entryOf(value) ?? [];
    if (kind === "as_name" && typeof item === "string") {
      return this.fixed([this.#scope.size(item)])[0]!;
    }
    return numberOf(item) ?? this.refuse(`"${name}" must be a number`, typeof item);
  }

  #missing(name: string): never {
    return this.refuse(`"${name}" must be given`, "none");
  }
}

function noneless(value: unknown): readonly [string, unknown] | undefined {
  const entry = entryOf(value);
  return entry?.[0] === "as_none" ? undefined : entry;
}

/** The one entry of an object that says its kind. */
export function entryOf(value: unknown): readonly [string, unknown] | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([kind]) => kind.startsWith("as_"));
}

/** The name in `{name}`. */
export function nameIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  return typeof value.name === "string" ? value.name : undefined;
}

/** JSON has no infinite numbers, and writes their names. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (value === "Infinity") return Number.POSITIVE_INFINITY;
  if (value === "-Infinity") return Number.NEGATIVE_INFINITY;
  return undefined;
}

function repeated(value: number, count: number): number[] {
  return Array.from({ length: Math.min(count, 8) }, () => value);
}

export function sameSizes(a: readonly Size[], b: readonly Size[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ value, expression }, i) => value === b[i]!.value && expression === b[i]!.expression)
  );
}
