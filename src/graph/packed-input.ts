/** @file Networks of any inputs made to take one picture [N, C, H, W], out of which nodes before the graph give each its own. */
import { channelsFirst } from "./channels-first.ts";
import type { Dimension, Graph, ValueInfo } from "./graph.ts";
import { withGreyChannel } from "./grey-input.ts";
import { planeOf, type InputPart } from "./input-parts.ts";
import { constant, nodeOf, prefixed, spread, type AddedNodes } from "./added-nodes.ts";
import type { Tensor } from "./tensor.ts";

/** The graph with one picture [N, C, H, W] in the place of the inputs of its parts; what else it is fed stays behind it. */
export function withPictureInput(graph: Graph, parts: readonly InputPart[]): Graph {
  const [first, ...others] = parts;
  const order = others.length === 0 ? first!.axes.join("") : "";
  const before: AddedNodes = { nodes: [], constants: new Map() };
  if (order === "NCHW") {
    const input = graph.inputs.find(({ name }) => name === first!.name)!;
    return graph.inputs.length === 1 ? graph : led(graph, before, input, parts);
  }
  const usual =
    order === "NHWC" ? channelsFirst(graph) : order === "NHW" ? withGreyChannel(graph) : graph;
  if (usual !== graph) return usual;
  const input = packedInput(parts);
  for (const part of parts) unpack(before, part, input, parts.length > 1);
  return led(graph, before, input, parts);
}

/** Held inputs whose batch is open, of which one row is given, are spread over all pictures of a run. */
export function withSpreadInputs(
  graph: Graph,
  held: Readonly<Record<string, Tensor>>,
): {
  readonly graph: Graph;
  readonly renamed: ReadonlyMap<string, string>;
} {
  const [picture, ...others] = graph.inputs;
  const before: AddedNodes = { nodes: [], constants: new Map() };
  const renamed = new Map<string, string>();
  const inputs = others.map((input): ValueInfo => {
    const { dims } = input;
    if (typeof dims?.[0] !== "string" || held[input.name]?.dims[0] !== 1) return input;
    const name = `${input.name}/held`;
    renamed.set(input.name, name);
    spread(before, { picture: picture!.name, held: name, to: input.name, rank: dims.length });
    return { ...input, name, dims: [1, ...dims.slice(1)] };
  });
  if (renamed.size === 0) return { graph, renamed };
  return { graph: prefixed(graph, before, [picture!, ...inputs]), renamed };
}

function packedInput(parts: readonly InputPart[]): ValueInfo {
  const [first, ...others] = parts;
  const planes = parts.map(planeOf);
  const hasBatch = parts.every(({ axes }) => axes.includes("N"));
  const batches = parts.map(({ dims, axes }) => dims[axes.indexOf("N")]);
  const batch = batches.find((size) => typeof size === "number") ?? batches[0] ?? "N";
  const last = parts.at(-1)!;
  const channels =
    others.length === 0 ? first!.channels : last.firstChannel + (last.channels as number);
  return {
    name: others.length === 0 ? `${first!.name}/picture` : parts.map(({ name }) => name).join("+"),
    type: "float32",
    dims: [
      hasBatch ? batch : 1,
      channels,
      longest(planes.map(([rows]) => rows)),
      longest(planes.map(([, columns]) => columns)),
    ],
  };
}

/** The largest fixed size; without one the first open one. */
function longest(sizes: readonly Dimension[]): Dimension {
  return sizes.reduce((most, size) => {
    if (typeof size === "string") return most;
    return typeof most === "string" ? size : Math.max(most, size);
  });
}

/** Nodes that lead from the picture to an input of the file. */
function unpack(before: AddedNodes, part: InputPart, picture: ValueInfo, isCut: boolean): void {
  const perm = orderOf(part);
  const steps: readonly ((from: string, to: string) => void)[] = [
    ...(isCut ? [(from: string, to: string) => cutOut(before, part, picture, from, to)] : []),
    (from, to) => folded(before, part, from, to),
    ...(perm ? [(from: string, to: string) => turned(before, perm, from, to)] : []),
  ];
  let from = picture.name;
  for (const [i, step] of steps.entries()) {
    const to = i === steps.length - 1 ? part.name : `${part.name}/step-${i}`;
    step(from, to);
    from = to;
  }
}

/** The part's own channels, rows and columns. */
function cutOut(
  before: AddedNodes,
  part: InputPart,
  picture: ValueInfo,
  from: string,
  to: string,
): void {
  const { firstChannel, channels } = part;
  const [rows, columns] = planeOf(part);
  const [, , height, width] = picture.dims!;
  const cuts = [
    [1, firstChannel, firstChannel + (channels as number)],
    ...(typeof rows === "number" && rows !== height ? [[2, 0, rows]] : []),
    ...(typeof columns === "number" && columns !== width ? [[3, 0, columns]] : []),
  ];
  const [axes, starts, ends] = [0, 1, 2].map((i) =>
    constant(
      before,
      `${to}/cut-${i}`,
      cuts.map((cut) => cut[i]!),
    ),
  );
  before.nodes.push(nodeOf("Slice", [from, starts!, ends!, axes!], to));
}

/** [N, C, H, W] as the file's axes, batch first, channels second, where it has them. */
function folded(before: AddedNodes, part: InputPart, from: string, to: string): void {
  const { axes, channels, kind, sides } = part;
  const hasBatch = axes.includes("N");
  const isFlat = axes.includes("K");
  if (isFlat && sides.length > 1) {
    const shape = constant(before, `${to}/shape`, [...(hasBatch ? [0] : []), -1]);
    before.nodes.push(nodeOf("Reshape", [from, shape], to));
    return;
  }
  if (kind === "volume") {
    const own = axes.includes("C") ? [hasBatch ? 0 : sizeOf(channels)] : [];
    const shape = constant(before, `${to}/shape`, [
      ...(hasBatch ? [0] : []),
      ...own,
      ...sides.map(sizeOf),
    ]);
    before.nodes.push(nodeOf("Reshape", [from, shape], to));
    return;
  }
  const dropped = [
    ...(hasBatch ? [] : [0]),
    ...(axes.includes("C") ? [] : [1]),
    ...(sides.length === 1 ? [2] : []),
    ...(axes.length === 1 && hasBatch ? [3] : []),
  ];
  if (dropped.length === 0) before.nodes.push(nodeOf("Identity", [from], to));
  else before.nodes.push(nodeOf("Squeeze", [from, constant(before, `${to}/dropped`, dropped)], to));
}

function sizeOf(size: Dimension): number {
  return typeof size === "number" ? size : -1;
}

function turned(before: AddedNodes, perm: readonly number[], from: string, to: string): void {
  before.nodes.push(nodeOf("Transpose", [from], to, { perm: { kind: "ints", value: perm } }));
}

/** The order of the file's axes; undefined where it is batch, channels, sides. */
function orderOf({ axes }: InputPart): readonly number[] | undefined {
  const usual = [...axes].toSorted((a, b) => rankOf(a) - rankOf(b));
  const perm = axes.map((axis) => usual.indexOf(axis));
  return perm.every((from, to) => from === to) ? undefined : perm;
}

function rankOf(axis: InputPart["axes"][number]): number {
  return "NCDHWTK".indexOf(axis);
}

/** The graph with an input before those that are no parts of it. */
function led(
  graph: Graph,
  before: AddedNodes,
  input: ValueInfo,
  parts: readonly InputPart[],
): Graph {
  const own = new Set(parts.map(({ name }) => name));
  return prefixed(graph, before, [input, ...graph.inputs.filter(({ name }) => !own.has(name))]);
}
