/** @file Nodes with graphs inside them: branches, and loops with what they come to over all their rounds. */
import type { Graph } from "../graph.ts";
import { positiveAxis } from "../infer/rule.ts";
import { bytesOf, unknownValue, type Known, type KnownValues } from "./known-values.ts";
import { NeedsRun, type SizedNode } from "./sized-node.ts";

/** What a graph takes. */
export interface Taken {
  /** Of all values that are alive together, at most. */
  readonly bytes: number;
  readonly seconds: number;
}

/** What a node makes, and takes beside that. */
export interface Step extends Taken {
  readonly made: readonly Known[];
}

interface Walked extends Taken {
  readonly values: KnownValues;
}

/** Walks over a graph inside the one that a node stands in, with what its inputs are. */
export type WalkBody = (body: Graph, fed: ReadonlyMap<string, Known>) => Walked;

/** What follows graphs inside of others. */
export interface Bodies {
  readonly madeByBodies: typeof madeByBodies;
}

/** Rounds that a loop is followed for, as long as the sizes of what it carries change. */
const mostRounds = 64;

/** What a node with graphs inside it makes and takes; undefined for other nodes. */
export function madeByBodies(n: SizedNode, walk: WalkBody): Step | undefined {
  if (n.node.domain !== "") return undefined;
  switch (n.node.operator) {
    case "If":
      return branched(n, walk);
    case "Loop":
      return looped(n, walk);
    case "Scan":
      return scanned(n, walk);
    default:
      return undefined;
  }
}

/** Of a condition that is known, the branch that is taken; of another one both. */
function branched(n: SizedNode, walk: WalkBody): Step {
  const known = n.known(0) ?? unknownValue;
  const [choice] = n.numbers(0) ?? [];
  if (choice === undefined && !known.varies) throw new NeedsRun(n.node.inputs[0]!);
  const names =
    choice === undefined
      ? ["then_branch", "else_branch"]
      : [choice === 0 ? "else_branch" : "then_branch"];
  const branches = names.map((name) => n.attributes.graph(name));
  const all = branches.map((branch) => walk(branch, new Map()));
  const made = n.node.outputs.map((_, i): Known => {
    const ends = all.map(({ values }, at) => values.of(branches[at]!.outputs[i]?.name ?? ""));
    const [first = unknownValue] = ends;
    const isOne = ends.length === 1;
    const isSame = ends.every(({ dims }) => dims?.join() === first.dims?.join());
    return {
      type: first.type,
      dims: isSame ? first.dims : undefined,
      numbers: isOne ? first.numbers : undefined,
      varies: known.varies || ends.some(({ varies }) => varies),
    };
  });
  const [bytes, seconds] = [mostOf(all, "bytes"), mostOf(all, "seconds")];
  return { made, bytes, seconds };
}

function mostOf(all: readonly Taken[], what: keyof Taken): number {
  return all.reduce((most, taken) => Math.max(most, taken[what]), 0);
}

/** How often a loop goes round at most, and whether it surely goes so often. */
interface Rounds {
  readonly most: number;
  readonly areSure: boolean;
}

function looped(n: SizedNode, walk: WalkBody): Step {
  const body = n.attributes.graph("body");
  const [iteration, condition, ...carried] = body.inputs;
  const rounds = roundsOf(n, body);
  const before = carried.map((_, i) => n.known(i + 2) ?? unknownValue);
  const varies = n.varies;
  const fedFor = (values: readonly Known[]) =>
    new Map<string, Known>([
      ...(iteration ? [[iteration.name, { type: "int64", dims: [], varies: true }] as const] : []),
      ...(condition ? [[condition.name, { type: "bool", dims: [], varies: true }] as const] : []),
      ...carried.map(({ name }, i) => [name, asCarried(values[i]!)] as const),
    ]);
  const { after, last, taken, grown } = followed(body, before, rounds.most, (values) =>
    walk(body, fedFor(values)),
  );
  const stacked = body.outputs.slice(1 + carried.length).map(({ name }) => last.values.of(name));
  const stackedBytes = bytesOfAll(stacked) * rounds.most;
  const made = [
    ...after.map((known) => ({ ...known, numbers: undefined, varies })),
    ...stacked.map((known) => stackedUp(known, rounds, varies)),
  ];
  return {
    made,
    bytes: taken.bytes + grown + (Number.isFinite(rounds.most) ? stackedBytes : 0),
    seconds: secondsOfRounds(n, rounds, taken.seconds),
  };
}

/** What goes on from one round to the next is never known ahead. */
function asCarried({ type, dims }: Known): Known {
  return { type, dims, varies: true };
}

/** Throws `NeedsRun` where constants alone tell how often. */
function roundsOf(n: SizedNode, body: Graph): Rounds {
  const [most, first] = [0, 1].map((i) => {
    const [value] = n.numbers(i) ?? [];
    if (value === undefined && n.known(i) && !n.known(i)!.varies)
      throw new NeedsRun(n.node.inputs[i]!);
    return value;
  });
  if (first === 0) return { most: 0, areSure: true };
  const isOpen = n.has(0) && most === undefined;
  const goesOn = goesOnAlways(body);
  return {
    most: isOpen ? Number.POSITIVE_INFINITY : Math.max(most ?? Number.POSITIVE_INFINITY, 0),
    areSure: goesOn && !isOpen && (!n.has(1) || first !== undefined),
  };
}

/** Whether the condition that a body gives is the one that it was given, or a constant that is true. */
function goesOnAlways(body: Graph): boolean {
  const makers = new Map(body.nodes.flatMap((node) => node.outputs.map((name) => [name, node])));
  let name = body.outputs[0]?.name ?? "";
  for (let maker = makers.get(name); maker; maker = makers.get(name)) {
    if (maker.operator !== "Identity") return false;
    name = maker.inputs[0]!;
  }
  return name === body.inputs[1]?.name || body.initializers.get(name)?.data[0] === 1;
}

/** A loop that ends by what it computes takes as long as that wants; constants must have an end that is known. */
function secondsOfRounds(n: SizedNode, { most, areSure }: Rounds, secondsOfRound: number): number {
  if (most === 0) return 0;
  return areSure || !n.varies || Number.isFinite(most) ? most * secondsOfRound : secondsOfRound;
}

interface Followed {
  readonly after: readonly Known[];
  readonly last: Walked;
  readonly taken: Taken;
  /** Bytes that what is carried may grow to. */
  readonly grown: number;
}

/** Goes round as long as the sizes of what is carried change; what changes still is not known then, but for its bytes. */
function followed(
  body: Graph,
  before: readonly Known[],
  rounds: number,
  walkRound: (values: readonly Known[]) => Walked,
): Followed {
  let [values, growth] = [before, 0];
  let last = walkRound(values);
  let [bytes, seconds] = [last.bytes, last.seconds];
  for (let round = 1; ; round++) {
    const next = values.map((_, i) => asCarried(last.values.of(body.outputs[i + 1]?.name ?? "")));
    const isSteady = next.every(({ dims }, i) => dims?.join() === values[i]!.dims?.join());
    growth = bytesOfAll(next) - bytesOfAll(values);
    if (isSteady || round >= Math.min(rounds, mostRounds)) {
      const left = isSteady || round >= rounds ? 0 : Math.max(growth, 0) * (rounds - round);
      const after =
        isSteady || round >= rounds ? next : next.map(({ type }) => ({ ...unknownValue, type }));
      const grown = Number.isFinite(left) ? left : 0;
      return { after, last, taken: { bytes, seconds }, grown };
    }
    values = next;
    last = walkRound(values);
    [bytes, seconds] = [Math.max(bytes, last.bytes), Math.max(seconds, last.seconds)];
  }
}

function bytesOfAll(values: readonly Known[]): number {
  return values.reduce((total, known) => total + bytesOf(known), 0);
}

function stackedUp({ type, dims }: Known, { most, areSure }: Rounds, varies: boolean): Known {
  const isKnown = dims && areSure && Number.isFinite(most);
  return { type, dims: isKnown ? [most, ...dims] : undefined, varies };
}

function scanned(n: SizedNode, walk: WalkBody): Step {
  const body = n.attributes.graph("body");
  const scans = n.attributes.int("num_scan_inputs");
  const states = n.node.inputs.length - scans;
  if (!(scans >= 1 && states >= 0)) {
    throw n.refusal("attribute num_scan_inputs must be its number of sequences", String(scans));
  }
  const axes = n.attributes.ints("scan_input_axes", []);
  const ends = n.attributes.ints("scan_output_axes", []);
  let rounds = 0;
  const fed = body.inputs.map(({ name }, i): readonly [string, Known] => {
    const known = n.known(i) ?? unknownValue;
    if (i < states || !known.dims) return [name, asCarried(known)];
    const axis = positiveAxis(axes[i - states] ?? 0, known.dims.length);
    rounds = Math.max(rounds, known.dims[axis] ?? 0);
    return [name, { ...asCarried(known), dims: known.dims.toSpliced(axis, 1) }];
  });
  const { values, bytes, seconds } = walk(body, new Map(fed));
  const made = n.node.outputs.map((_, i): Known => {
    const { type, dims } = values.of(body.outputs[i]?.name ?? "");
    if (i < states) return { type, dims, varies: n.varies };
    const axis = positiveAxis(ends[i - states] ?? 0, (dims?.length ?? 0) + 1);
    return { type, dims: dims?.toSpliced(axis, 0, rounds), varies: n.varies };
  });
  return { made, bytes, seconds: seconds * rounds };
}
