/** @file Outputs that join several softmaxes or sigmoids: which numbers of the row belong together, and the logits before each. */
import { AttributeReader } from "../graph/attributes.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { elementCount } from "../graph/tensor.ts";
import { largest } from "../statistics.ts";
import { Appended } from "./appended.ts";
import type { Ending, FinalActivation } from "./final-activation.ts";
import type { GraphReader } from "./graph-reader.ts";
import type { Sizes } from "./head-kind.ts";

/** Numbers of an output's row that one softmax makes, or that have a sigmoid each. */
interface ClassGroup {
  readonly activation: FinalActivation["kind"];
  /** Ascending; where an axis was turned, others may lie between them. */
  readonly units: readonly number[];
}

/** An activation that a row is joined of. */
interface Piece {
  readonly logits: string;
  /** What it gives: probabilities, or their logarithms. */
  readonly activated: string;
  /** How many numbers of a picture it makes. */
  readonly count: number;
}

/** How an output's row is joined. */
export interface ClassGroups {
  /** In the order of their first units. */
  readonly groups: readonly ClassGroup[];
  /** Which of them the preferred class is of: the softmax of the most classes, the first of several; of sigmoids alone none. */
  readonly finest: number | undefined;
  readonly pieces: readonly Piece[];
  /** For each unit its number in the pieces one after the other. */
  readonly order: readonly number[];
  readonly isLog: boolean;
}

/** The sizes of a value as far as they are known. */
type SizesOf = (value: string) => Sizes | undefined;

/** What of the graph tells how a row is joined. */
interface RowReader {
  readonly reader: GraphReader;
  readonly ending: Ending;
  readonly sizesOf: SizesOf;
}

/**
 * How a row of classes is joined of several softmaxes or sigmoids, followed back through what only moves numbers: Concat,
 * Reshape, Transpose ...; "open" where sizes that are not known decide. Undefined for rows of one activation alone, and
 * where numbers come from anything else, or a piece is not there in whole and once.
 */
export function classGroupsOf(from: RowReader, output: string): ClassGroups | "open" | undefined {
  const values = valuesJoined(from, output);
  if (!values) return undefined;
  const dims = new Map(values.map((name) => [name, knownSizes(from.sizesOf(name))] as const));
  if ([...dims.values()].includes(undefined)) return "open";
  const sizes = dims as ReadonlyMap<string, readonly number[]>;
  const layout = new Layout(from, sizes);
  const row = layout.of(output);
  return row === undefined ? undefined : groupsIn(row, layout.leaves, sizes.get(output)![0]!);
}

/** All values from an output back to the activations that it is joined of; undefined where something else makes one. */
export function valuesJoined(
  { reader, ending }: Pick<RowReader, "reader" | "ending">,
  output: string,
): readonly string[] | undefined {
  const [seen, left] = [new Set<string>(), [output]];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (seen.has(value)) continue;
    seen.add(value);
    if (ending.activatedBy(value)) continue;
    const node = reader.makerOf(value);
    const read = node && joinedFrom(node, ending);
    if (!read) return undefined;
    for (const each of read) left.push(each);
  }
  return [...seen];
}

function joinedFrom(node: Node, ending: Ending): readonly string[] | undefined {
  if (node.domain !== "") return undefined;
  if (node.operator === "Concat") return node.inputs;
  const from = ending.keptBy(node);
  return from === undefined ? undefined : [from];
}

/** Of an open batch one picture. */
function knownSizes(sizes: Sizes | undefined): readonly number[] | undefined {
  const [first, ...others] = sizes ?? [];
  if (first === undefined || others.some((size) => typeof size !== "number")) return undefined;
  return [typeof first === "number" ? first : 1, ...(others as number[])];
}

/** An activation, and where its numbers begin among those of all. */
interface Leaf {
  readonly value: string;
  readonly found: NonNullable<ReturnType<Ending["activatedBy"]>>;
  readonly dims: readonly number[];
  readonly first: number;
}

/** Where each number of a value comes from, followed from the activations on. */
class Layout {
  readonly leaves: Leaf[] = [];
  readonly #from: RowReader;
  readonly #dims: ReadonlyMap<string, readonly number[]>;
  #count = 0;

  constructor(from: RowReader, dims: ReadonlyMap<string, readonly number[]>) {
    this.#from = from;
    this.#dims = dims;
  }

  /** For each number of a value, row-major, its number among those of all leaves; undefined where sizes do not fit. */
  of(value: string): readonly number[] | undefined {
    const found = this.#from.ending.activatedBy(value);
    if (found) return this.#leaf(value, found);
    const node = this.#from.reader.makerOf(value)!;
    if (node.operator === "Concat") return this.#joined(node);
    const [from] = joinedFrom(node, this.#from.ending)!;
    const numbers = this.of(from!);
    if (numbers?.length !== elementCount(this.#dims.get(value)!)) return undefined;
    return node.operator === "Transpose" ? turned(node, numbers, this.#dims.get(from!)!) : numbers;
  }

  #leaf(value: string, found: Leaf["found"]): readonly number[] {
    const dims = this.#dims.get(value)!;
    const first = this.#count;
    const count = elementCount(dims);
    this.#count += count;
    this.leaves.push({ value, found, dims, first });
    return Array.from({ length: count }, (_, i) => first + i);
  }

  #joined(node: Node): readonly number[] | undefined {
    const inputs = node.inputs.map((name) => ({
      numbers: this.of(name),
      dims: this.#dims.get(name)!,
    }));
    const asked = new AttributeReader(node).int("axis");
    const axis = asked < 0 ? asked + inputs[0]!.dims.length : asked;
    const outer = elementCount(inputs[0]!.dims.slice(0, axis));
    const joined: number[] = [];
    for (let at = 0; at < outer; at++) {
      for (const { numbers, dims } of inputs) {
        if (!numbers) return undefined;
        const run = elementCount(dims.slice(axis));
        for (const number of numbers.slice(at * run, (at + 1) * run)) joined.push(number);
      }
    }
    return joined;
  }
}

function turned(
  node: Node,
  numbers: readonly number[],
  dims: readonly number[],
): readonly number[] {
  const reversed = dims.map((_, axis) => dims.length - 1 - axis);
  const order = new AttributeReader(node).ints("perm", reversed);
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  let places = [0];
  for (const axis of order) {
    const steps = Array.from({ length: dims[axis]! }, (_, i) => i * strides[axis]!);
    places = places.flatMap((place) => steps.map((step) => place + step));
  }
  return places.map((place) => numbers[place]!);
}

/** The groups of the first picture's row, of `batch` rows. */
function groupsIn(
  numbers: readonly number[],
  leaves: readonly Leaf[],
  batch: number,
): ClassGroups | undefined {
  const row = numbers.slice(0, numbers.length / batch);
  const counts = leaves.map(({ dims }) => elementCount(dims) / batch);
  const starts = counts.map((_, i) => counts.slice(0, i).reduce((sum, count) => sum + count, 0));
  const isLog = leaves[0]!.found.isLog;
  const found = new Map<string, { activation: FinalActivation["kind"]; units: number[] }>();
  const order: number[] = [];
  for (const [unit, number] of row.entries()) {
    const i = leaves.findLastIndex(({ first }) => first <= number);
    const { found: activation, dims, first } = leaves[i]!;
    const within = groupWithin(activation, dims, number - first);
    if (number - first >= counts[i]! || within === undefined) return undefined;
    const key = `${i}:${within}`;
    const group = found.get(key) ?? { activation: activation.kind, units: [] };
    found.set(key, group);
    group.units.push(unit);
    order.push(starts[i]! + number - first);
  }
  const isWhole = new Set(order).size === order.length && order.length === sumOf(counts);
  const isOne = leaves.every(({ found: each }) => each.isLog === isLog);
  const groups = [...found.values()];
  // A softmax of one number is 1 whatever it reads.
  const isBare = groups.some(
    ({ activation, units }) => activation === "softmax" && units.length === 1,
  );
  if (!isWhole || !isOne || isBare || groups.length === 1) return undefined;
  const pieces = leaves.map(({ value, found: { logits } }, i) => ({
    logits,
    activated: value,
    count: counts[i]!,
  }));
  return { groups, finest: finestOf(groups), pieces, order, isLog };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Which softmax of an activation a number of it belongs to; undefined where the file does not say, or pictures are mixed. */
function groupWithin(
  { kind, axis: asked }: Leaf["found"],
  dims: readonly number[],
  number: number,
): number | undefined {
  if (kind === "sigmoid") return 0;
  const wide = dims.flatMap((size, axis) => (axis > 0 && size !== 1 ? [axis] : []));
  const given = asked ?? (wide.length === 1 ? wide[0]! : 0);
  const axis = given < 0 ? given + dims.length : given;
  if (axis === 0) return undefined;
  const stride = elementCount(dims.slice(axis + 1));
  return number - (Math.floor(number / stride) % dims[axis]!) * stride;
}

function finestOf(groups: readonly ClassGroup[]): number | undefined {
  const sizes = groups.map(({ activation, units }) =>
    activation === "softmax" ? units.length : 0,
  );
  const most = largest(sizes);
  return most === 0 ? undefined : sizes.indexOf(most);
}

/** A graph with the logits of all groups, and what their activations give, each in one row [N, units]. */
export interface GroupRows {
  readonly graph: Graph;
  readonly logits: string;
  readonly activated: string;
}

/** The rows that an output is joined of put behind it, in the output's own order. */
export function withGroupRows(graph: Graph, output: string, groups: ClassGroups): GroupRows {
  const { pieces, order } = groups;
  const b = new Appended(output);
  const along = { axis: { kind: "int", value: 1 } } as const;
  const isInOrder = order.every((number, i) => number === i);
  const rowOf = (what: "logits" | "activated") => {
    const rows = pieces.map((piece, i) =>
      b.node(
        "Reshape",
        [piece[what], b.whole(`row ${i} of ${piece.count}`, [-1, piece.count])],
        `${what} ${i}`,
      ),
    );
    const joined =
      rows.length === 1 ? rows[0]! : b.node("Concat", rows, `${what} of all groups`, along);
    if (isInOrder) return joined;
    return b.node("Gather", [joined, b.whole("order", order)], `${what} in order`, along);
  };
  const [logits, activated] = [rowOf("logits"), rowOf("activated")];
  return { graph: b.behind(graph), logits, activated };
}
