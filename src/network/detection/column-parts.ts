/** @file Where the numbers of a prediction come from: the columns of a value, followed back to what they were joined of. */
import { AttributeReader } from "../../graph/attributes.ts";
import type { Node } from "../../graph/graph.ts";
import { hasTrait, operatorsWith } from "../../graph/operators.ts";
import { toNumbers } from "../../graph/tensor.ts";
import { largest } from "../../statistics.ts";
import { Ending } from "../final-activation.ts";
import type { GraphReader } from "../graph-reader.ts";
import { areClasses } from "./chosen-list.ts";
import { broadcasting, rankOf } from "./value-rank.ts";

/** Columns that lie side by side and come from one place: out of one sigmoid, of weights, of what numbers classes, of nothing but 1. */
export interface Part {
  /** How many; undefined where the graph does not tell. */
  readonly width: number | undefined;
  readonly kind: "sigmoid" | "softmax" | "weights" | "classes" | "ones" | "other";
}

/** Columns that are told to the last. */
export type KnownPart = Part & { readonly width: number };

/** The parts of an output's axis of a known size; undefined where the graph does not tell where they end. */
export function columnParts(
  reader: GraphReader,
  output: string,
  { axis, size }: { readonly axis: number; readonly size: number },
): readonly KnownPart[] | undefined {
  const parts = new Follower(reader).of(output, axis);
  const known = parts.reduce((sum, { width }) => sum + (width ?? 0), 0);
  const open = parts.filter(({ width }) => width === undefined).length;
  if (open > 1 || (open === 0 ? known !== size : known >= size)) return undefined;
  return parts.map((part) => ({ ...part, width: part.width ?? size - known }));
}

/** The columns from one to before another; undefined where it is not known which part they lie in. */
export function cutParts<T extends Part>(
  parts: readonly T[],
  from: number,
  to: number,
): readonly T[] | undefined {
  const cut: T[] = [];
  let at = 0;
  for (const part of parts) {
    if (at >= to) break;
    if (part.width === undefined) return undefined;
    const width = Math.min(at + part.width, to) - Math.max(at, from);
    if (width > 0) cut.push({ ...part, width });
    at += part.width;
  }
  return cut.length > 0 ? cut : undefined;
}

/** A node and which axis of its output is followed. */
interface Step {
  readonly node: Node;
  readonly value: string;
  readonly axis: number;
  readonly read: AttributeReader;
}

type Rule = (step: Step) => readonly Part[] | undefined;

class Follower {
  readonly #reader: GraphReader;
  readonly #ending: Ending;
  readonly #known = new Map<string, readonly Part[]>();

  constructor(reader: GraphReader) {
    this.#reader = reader;
    this.#ending = new Ending(reader);
  }

  /** The parts of an axis of a value, as it counts from the start. */
  of(value: string, axis: number): readonly Part[] {
    const key = `${axis} ${value}`;
    const known = this.#known.get(key);
    if (known) return known;
    const parts = this.#found(value, axis) ?? [this.#unknown(value, axis)];
    this.#known.set(key, parts);
    return parts;
  }

  #found(value: string, axis: number): readonly Part[] | undefined {
    const activation = this.#ending.activatedBy(value);
    if (activation && !activation.isLog) {
      const { logits, kind } = activation;
      // Convolutions that were joined before they are activated together stay parts of their own.
      const parts = this.of(logits, axis);
      if (parts.every((part) => part.kind === "weights"))
        return parts.map((part) => ({ ...part, kind }));
      return [{ width: this.#width(logits, axis), kind }];
    }
    const node = this.#reader.makerOf(value);
    if (!node || node.domain !== "") return undefined;
    const step = { node, value, axis, read: new AttributeReader(node) };
    const rule = this.#rules[node.operator] ?? (isEachByItself(node) ? this.#computed : undefined);
    return rule?.(step);
  }

  #unknown(value: string, axis: number): Part {
    const { shapes } = this.#reader.graph;
    const width = shapes.get(value)?.dims[axis] ?? this.#reader.constantOf(value)?.dims[axis];
    if (this.#areOnes(value)) return { width, kind: "ones" };
    return { width, kind: areClasses(this.#reader, value) ? "classes" : "other" };
  }

  #areOnes(value: string): boolean {
    if (this.#reader.scalarOf(value) === 1) return true;
    const node = this.#reader.makerOf(value);
    const filling = node?.operator === "ConstantOfShape" ? node.attributes["value"] : undefined;
    if (filling?.kind === "tensor") return toNumbers(filling.value)[0] === 1;
    return node?.operator === "Expand" && this.#areOnes(node.inputs[0]!);
  }

  /** How many columns a value has, if that is known. */
  #width(value: string, axis: number): number | undefined {
    const widths = this.of(value, axis).map(({ width }) => width);
    return widths.reduce(
      (sum, width) => (sum === undefined || width === undefined ? undefined : sum + width),
      0,
    );
  }

  #numbers(node: Node, input: number): readonly number[] | undefined {
    const constant = this.#reader.constantOf(node.inputs[input] ?? "");
    return constant && toNumbers(constant);
  }

  /** An axis that may be counted from the end. */
  #fromStart(axis: number, value: string): number | undefined {
    const rank = axis < 0 ? rankOf(this.#reader, value) : 0;
    return rank === undefined ? undefined : axis + rank;
  }

  readonly #same: Rule = ({ node, axis }) => this.of(node.inputs[0]!, axis);

  readonly #joined: Rule = ({ node, value, axis, read }) => {
    const along = this.#fromStart(read.int("axis", 0), value);
    if (along === undefined) return undefined;
    if (along === axis) return node.inputs.flatMap((name) => this.of(name, axis));
    const all = node.inputs.map((name) => this.of(name, axis));
    const isSame = all.every((parts) => JSON.stringify(parts) === JSON.stringify(all[0]));
    return isSame ? all[0] : undefined;
  };

  readonly #reshaped: Rule = ({ node, value, axis }) => {
    const [from] = node.inputs as [string];
    const [rank, before] = [rankOf(this.#reader, value), rankOf(this.#reader, from)];
    if (rank === undefined || before === undefined || rank < 3) return undefined;
    if (axis !== 1 && axis !== rank - 1) return undefined;
    const parts = this.of(from, axis === 1 ? 1 : before - 1);
    const size = this.#numbers(node, 1)?.[axis] ?? -1;
    const width = parts.every((part) => part.width !== undefined)
      ? parts.reduce((sum, part) => sum + part.width!, 0)
      : undefined;
    // Of other sizes than before, another axis lies there now.
    return size > 0 && width !== undefined && width !== size ? undefined : parts;
  };

  readonly #unsqueezed: Rule = ({ node, value, axis }) => {
    const [from] = node.inputs as [string];
    const axes = this.#numbers(node, 1)?.map((each) => this.#fromStart(each, value));
    if (!axes || axes.includes(undefined)) return undefined;
    if (axes.includes(axis)) return [{ width: 1, kind: this.#kindOf(from) }];
    return this.of(from, axis - axes.filter((each) => each! < axis).length);
  };

  readonly #sliced: Rule = ({ node, axis }) => {
    const [from] = node.inputs as [string];
    const [starts, ends] = [this.#numbers(node, 1), this.#numbers(node, 2)];
    if (!starts || !ends) return undefined;
    const axes = node.inputs[3] ? this.#numbers(node, 3) : starts.map((_, i) => i);
    const steps = node.inputs[4] ? this.#numbers(node, 4) : starts.map(() => 1);
    const i = axes?.findIndex((each) => this.#fromStart(each, from) === axis);
    if (i === undefined || !steps) return undefined;
    const parts = this.of(from, axis);
    if (i < 0) return parts;
    if (steps[i] !== 1 || starts[i]! < 0 || ends[i]! < 0) return undefined;
    return cutParts(parts, starts[i]!, ends[i]!);
  };

  readonly #split: Rule = ({ node, value, axis, read }) => {
    const [from] = node.inputs as [string];
    const parts = this.of(from, axis);
    if (this.#fromStart(read.int("axis", 0), from) !== axis) return parts;
    const i = node.outputs.indexOf(value);
    const all = this.#width(from, axis);
    const each = all === undefined ? undefined : Math.ceil(all / node.outputs.length);
    const sizes = this.#numbers(node, 1) ?? node.outputs.map(() => each ?? 0);
    const start = sizes.slice(0, i).reduce((sum, size) => sum + size, 0);
    const only =
      parts.length === 1 && sizes[i]! > 0 ? [{ ...parts[0]!, width: sizes[i]! }] : undefined;
    return cutParts(parts, start, start + sizes[i]!) ?? only;
  };

  readonly #gathered: Rule = ({ node, axis, read }) => {
    const [from, places] = node.inputs as [string, string];
    const along = this.#fromStart(read.int("axis", 0), from);
    const constant = this.#reader.constantOf(places);
    const rank = constant ? constant.dims.length : rankOf(this.#reader, places);
    if (along === undefined || rank === undefined) return undefined;
    if (axis < along) return this.of(from, axis);
    return axis >= along + rank ? this.of(from, axis - rank + 1) : undefined;
  };

  /** Of an objectness and a class the product is a probability, too. */
  readonly #product: Rule = (step) => {
    const [a, b] = step.node.inputs.map((name) => this.of(name, step.axis));
    const areSigmoids = [a, b].every((parts) => parts?.every(({ kind }) => kind === "sigmoid"));
    return areSigmoids
      ? this.#computed(step)?.map((part) => ({ ...part, kind: "sigmoid" }))
      : this.#computed(step);
  };

  readonly #added: Rule = (step) => {
    const variables = this.#reader.variablesOf(step.node);
    const parts = variables.length === 1 ? this.of(variables[0]!, step.axis) : [];
    const areWeights = parts.length > 0 && parts.every(({ kind }) => kind === "weights");
    return areWeights ? parts : this.#computed(step);
  };

  /** Numbers that are made of numbers in their places. */
  readonly #computed: Rule = ({ node, axis }) => {
    const variables = this.#reader.variablesOf(node);
    const widths = variables.map((name) => this.#width(name, axis) ?? 0);
    const width = largest([...widths, 0]);
    return [{ width: width > 0 ? width : undefined, kind: "other" }];
  };

  readonly #weighted: Rule = ({ node, axis }) => {
    const weights = this.#reader.constantOf(node.inputs[1] ?? "");
    return axis === 1 && weights ? [{ width: weights.dims[0]!, kind: "weights" }] : undefined;
  };

  readonly #multiplied: Rule = ({ node, value, axis, read }) => {
    const weights = this.#reader.constantOf(node.inputs[1] ?? "");
    if (!weights || axis + 1 !== rankOf(this.#reader, value)) return undefined;
    const isTurned = read.int("transB", 0) === 1;
    return [{ width: weights.dims.at(isTurned ? 0 : -1)!, kind: "weights" }];
  };

  readonly #transposed: Rule = ({ node, value, axis, read }) => {
    const rank = rankOf(this.#reader, value);
    if (rank === undefined) return undefined;
    const turned = Array.from({ length: rank }, (_, i) => rank - 1 - i);
    return this.of(node.inputs[0]!, read.ints("perm", turned)[axis]!);
  };

  /** What a single column holds, over what only moves or chooses numbers. */
  #kindOf(value: string): Part["kind"] {
    if (areClasses(this.#reader, value)) return "classes";
    let at: string | undefined = value;
    while (at !== undefined) {
      const activation = this.#ending.activatedBy(at);
      if (activation) return activation.isLog ? "other" : activation.kind;
      const node = this.#reader.makerOf(at);
      if (!node || node.domain !== "" || !choosing.has(node.operator)) return "other";
      at = node.inputs[0];
    }
    return "other";
  }

  readonly #rules: Readonly<Partial<Record<string, Rule>>> = {
    Add: this.#added,
    BatchNormalization: this.#same,
    Cast: this.#same,
    Clip: this.#same,
    Concat: this.#joined,
    Conv: this.#weighted,
    DequantizeLinear: this.#same,
    Flatten: this.#reshaped,
    Gather: this.#gathered,
    GatherElements: this.#same,
    Gemm: this.#multiplied,
    Identity: this.#same,
    MatMul: this.#multiplied,
    Mul: this.#product,
    QuantizeLinear: this.#same,
    Reshape: this.#reshaped,
    Slice: this.#sliced,
    Split: this.#split,
    Transpose: this.#transposed,
    Unsqueeze: this.#unsqueezed,
  };
}

function isEachByItself(node: Node): boolean {
  return hasTrait(node, "elementwise") || broadcasting.has(node.operator);
}

/** Operators that give some numbers of their first input. */
const choosing: ReadonlySet<string> = new Set([
  ...operatorsWith("shapeOnly"),
  "GatherElements",
  "GatherND",
  "ReduceMax",
  "TopK",
  "Transpose",
]);
